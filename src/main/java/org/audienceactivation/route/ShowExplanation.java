package org.audienceactivation.route;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.audienceactivation.accounting.Outcome;
import org.audienceactivation.accounting.Reason;
import org.audienceactivation.governance.Explanation;
import org.audienceactivation.governance.Explanation.Result;
import org.audienceactivation.governance.Finding;
import org.audienceactivation.kinesis.sender.StreamRecord;
import org.audienceactivation.profile.Identity;
import org.audienceactivation.profile.IdentityMap;
import org.audienceactivation.profile.Profile;
import org.audienceactivation.profile.RawRecord;
import org.audienceactivation.profile.Rejection;

/**
 * Takes the place of {@link Settle} where decisions are explained. What it tells of the outcome is
 * what the pipeline made of the record; why, it asks governance again.
 */
final class ShowExplanation implements Processor {
  private static final String READ = "read";

  private final ActivationOptions.Sources.Explain explain;
  private final RememberProfiles profiles;

  ShowExplanation(ActivationOptions.Sources.Explain explain, RememberProfiles profiles) {
    this.explain = explain;
    this.profiles = profiles;
  }

  @Override
  public void process(Exchange exchange) {
    if (exchange.getMessage().getBody() instanceof DestinationBatch batch) {
      batch.claim();
      batch.profiles().forEach(record -> explain.told().accept(explained(batch.plan(), record)));
      return;
    }
    ProfileBatch batch = Bodies.profileBatch(exchange);
    for (BatchRecord record : batch.records()) {
      record
          .rejection()
          .ifPresent(rejection -> explain.told().accept(rejected(record.raw(), rejection)));
    }
    batch.claim();
  }

  private ProfileExplanation rejected(RawRecord raw, Rejection rejection) {
    return new ProfileExplanation(
        explain.destination(),
        raw.source(),
        raw.line(),
        Optional.of(rejection.reason()),
        rejection.detail(),
        Optional.empty(),
        "",
        "",
        "",
        Optional.empty(),
        Optional.empty(),
        List.of(Explanation.of(READ, Result.WITHHOLDS, rejection.detail())));
  }

  private ProfileExplanation explained(DestinationPlan plan, DestinationRecord record) {
    Profile profile = profiles.take(record.raw()).orElseThrow();
    Optional<Settlement.NotDelivered> failure =
        record.settlement().map(Settlement.NotDelivered.class::cast);
    Optional<Finding> finding = record.withheld().whole();
    return new ProfileExplanation(
        plan.name(),
        record.raw().source(),
        record.raw().line(),
        failure.map(Settlement.NotDelivered::reason),
        failure.map(Settlement.NotDelivered::detail).orElse(""),
        finding.map(Finding::policy),
        finding.map(Finding::path).orElse(""),
        record.withheld().leftOutInWords(),
        record.withheld().auditedInWords(),
        record.event().map(event -> namespaceOf(event.partitionKey(), profile)),
        record.event().map(ShowExplanation::json),
        steps(plan, profile, failure));
  }

  private static String json(StreamRecord event) {
    return new String(event.data(), StandardCharsets.UTF_8);
  }

  private static String namespaceOf(String partitionKey, Profile profile) {
    for (String namespace : profile.identities().namespaces()) {
      for (Identity identity : profile.identities().of(namespace)) {
        if (identity.id().equals(partitionKey)) {
          return namespace;
        }
      }
    }
    return "the hash of a long identity";
  }

  private static List<Explanation> steps(
      DestinationPlan plan, Profile profile, Optional<Settlement.NotDelivered> failure) {
    List<Explanation> steps = new ArrayList<>();
    steps.add(Explanation.of(READ, Result.PASSES, "a profile"));
    steps.add(Explanation.of("identities", Result.PASSES, counted(profile.identities())));
    boolean isSelected = plan.selection().selects(profile);
    steps.add(
        Explanation.of(
            "audiences",
            isSelected ? Result.PASSES : Result.WITHHOLDS,
            isSelected ? memberships(profile) : "in none that the destination maps"));
    if (!isSelected) {
      return steps;
    }
    List<Explanation> rules = plan.governance().explain(profile);
    steps.add(new Explanation("governance", worst(rules), rules.size() + " rules", rules));
    failure
        .filter(one -> isOfMapping(one.reason()))
        .ifPresent(one -> steps.add(Explanation.of("event", Result.WITHHOLDS, one.detail())));
    return steps;
  }

  /** Governance excludes; what it lets through can only be rejected afterwards. */
  private static boolean isOfMapping(Reason reason) {
    return reason.outcome() == Outcome.REJECTED;
  }

  private static Result worst(List<Explanation> rules) {
    for (Result result : List.of(Result.WITHHOLDS, Result.WITHHOLDS_A_PART)) {
      if (rules.stream().anyMatch(rule -> rule.result() == result)) {
        return result;
      }
    }
    return Result.PASSES;
  }

  private static String counted(IdentityMap identities) {
    return identities.namespaces().stream()
        .map(namespace -> namespace + " " + identities.of(namespace).size())
        .collect(Collectors.joining(", "));
  }

  private static String memberships(Profile profile) {
    return profile.memberships().stream()
        .map(one -> one.audience() + " " + one.statusOrDefault())
        .collect(Collectors.joining(", "));
  }
}
