package org.audienceactivation.route;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.spi.Registry;
import org.audienceactivation.accounting.LedgerWatch;
import org.audienceactivation.accounting.LeftOut;
import org.audienceactivation.accounting.Outcome;
import org.audienceactivation.accounting.Reason;
import org.audienceactivation.accounting.ReasonCode;

/**
 * The books as metrics, under the names of {@code docs/outcomes.md}. Tags are codes, ids of
 * policies, and parts as configuration names them, never values of profiles: so there are boundedly
 * many. Thread-safe.
 */
final class LedgerMetrics implements LedgerWatch {

  private static final String PREFIX = "activation.";

  /** Some systems drop a tag without a value. */
  private static final String NONE = "none";

  private static final Set<ReasonCode> ABOUT_POLICIES =
      EnumSet.of(
          ReasonCode.CONSENT_POLICY,
          ReasonCode.CONSENT_RESULT,
          ReasonCode.NO_AUDIENCE_ALLOWED,
          ReasonCode.NO_IDENTITY_ALLOWED);

  private final Registry beans;
  private final Map<Key, Counter> counters = new ConcurrentHashMap<>();
  private volatile Optional<Optional<MeterRegistry>> meters = Optional.empty();

  /** One counter, found without making its tags. */
  private record Key(String name, String destination, String one, String two, String three) {}

  private LedgerMetrics(Registry beans) {
    this.beans = beans;
  }

  /**
   * Metrics in the one meter registry that is bound when the first record is counted; nobody
   * watches if there is none.
   */
  static LedgerWatch in(Registry beans) {
    return new LedgerMetrics(beans);
  }

  @Override
  public void received(String destination, int records) {
    Key key = new Key("received", destination, "", "", "");
    add(key, records);
  }

  @Override
  public void settled(String destination, Outcome outcome, Optional<Reason> why, int records) {
    String code = why.map(reason -> reason.code().code()).orElse(NONE);
    String policy = why.flatMap(LedgerMetrics::policy).orElse(NONE);
    add(new Key("records", destination, outcome.label(), code, policy), records);
  }

  private static Optional<String> policy(Reason reason) {
    return ABOUT_POLICIES.contains(reason.code()) ? reason.subject() : Optional.empty();
  }

  @Override
  public void withheld(String destination, LeftOut part) {
    add(new Key("withheld", destination, part.reason(), part.policy(), part.part()), 1);
  }

  @Override
  public void audited(String destination, LeftOut part) {
    add(new Key("audited", destination, part.reason(), part.policy(), part.part()), 1);
  }

  private void add(Key key, int records) {
    Optional<MeterRegistry> registry = registry();
    if (records > 0 && registry.isPresent()) {
      counters.computeIfAbsent(key, one -> counter(one, registry.get())).increment(records);
    }
  }

  private Optional<MeterRegistry> registry() {
    if (meters.isEmpty()) {
      meters = Optional.of(Optional.ofNullable(beans.findSingleByType(MeterRegistry.class)));
    }
    return meters.get();
  }

  private static Counter counter(Key key, MeterRegistry registry) {
    return Counter.builder(PREFIX + key.name).tags(tags(key)).register(registry);
  }

  private static Tags tags(Key key) {
    Tags destination = Tags.of("destination", key.destination);
    return switch (key.name) {
      case "received" -> destination;
      case "records" -> destination.and("outcome", key.one, "reason", key.two, "policy", key.three);
      default -> destination.and("reason", key.one, "policy", key.two, "part", key.three);
    };
  }
}
