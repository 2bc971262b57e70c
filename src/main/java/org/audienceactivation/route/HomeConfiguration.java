package org.audienceactivation.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.audienceactivation.audience.AudienceCatalogue;
import org.audienceactivation.config.Checked;
import org.audienceactivation.config.Problem;
import org.audienceactivation.destination.Destination;
import org.audienceactivation.enrichment.EnrichmentRules;
import org.audienceactivation.governance.ConsentPolicy;
import org.audienceactivation.governance.Rulebook;
import org.audienceactivation.profile.Derived;

/**
 * The destinations, the audience catalogue and the rules of a home, read and checked.
 *
 * @param version the beginning of a digest of all its files
 */
public record HomeConfiguration(
    AudienceCatalogue catalogue,
    Rulebook rules,
    List<ConsentPolicy> consentPolicies,
    List<Destination> destinations,
    String version) {

  public HomeConfiguration {
    consentPolicies = List.copyOf(consentPolicies);
    destinations = List.copyOf(destinations);
  }

  /** Without any destination. */
  static HomeConfiguration none() {
    return new HomeConfiguration(
        AudienceCatalogue.empty(), Rulebook.empty(), List.of(), List.of(), "");
  }

  /**
   * Reads everything, and collects every mistake rather than stopping at the first.
   *
   * @param placeholders resolves <code>{{…}}</code>, or throws
   */
  public static Checked<HomeConfiguration> read(Home home, UnaryOperator<String> placeholders) {
    try (EnrichmentRules enrichment =
        EnrichmentFile.read(home, placeholders).toOptional().orElse(EnrichmentRules.NONE)) {
      return read(HomeFiles.read(home), placeholders, enrichment.derived());
    }
  }

  /**
   * The same of what was read before.
   *
   * @param derived what is made of what before destinations see it
   */
  static Checked<HomeConfiguration> read(
      HomeFiles files, UnaryOperator<String> placeholders, List<Derived> derived) {
    List<Problem> problems = new ArrayList<>();
    AudienceCatalogue catalogue = catalogue(files, placeholders, problems);
    Optional<Rulebook> rules =
        rules(files, placeholders, catalogue, problems).map(all -> all.with(derived));
    List<ConsentPolicy> consentPolicies =
        each(
            files.consentPolicies(),
            (name, yaml) -> ConsentPolicy.read(name, yaml, placeholders, rules),
            problems);
    List<Destination> destinations =
        each(
            files.destinations(),
            (name, yaml) -> Destination.read(name, yaml, placeholders, catalogue, rules),
            problems);
    if (files.destinations().isEmpty()) {
      problems.add(
          new Problem(
              "destinations", 1, "no destination; put at least one NAME.yaml into this folder"));
    }
    files.overlooked().forEach((name, why) -> problems.add(new Problem(name, 1, why)));
    return Checked.of(
        new HomeConfiguration(
            catalogue,
            rules.orElseGet(Rulebook::empty),
            consentPolicies,
            destinations,
            files.version()),
        problems);
  }

  /** What could be read of each file. */
  private static <T> List<T> each(
      Map<String, Checked<String>> files,
      BiFunction<String, String, Checked<T>> reading,
      List<Problem> problems) {
    List<T> all = new ArrayList<>();
    files.forEach(
        (name, text) -> {
          Checked<T> one = text.flatMap(yaml -> reading.apply(name, yaml));
          problems.addAll(one.problems());
          one.toOptional().ifPresent(all::add);
        });
    return all;
  }

  /** Empty if any of the files has a mistake: half of the rules say nothing of a destination. */
  private static Optional<Rulebook> rules(
      HomeFiles files,
      UnaryOperator<String> placeholders,
      AudienceCatalogue catalogue,
      List<Problem> problems) {
    List<Problem> unreadable = new ArrayList<>();
    List<Rulebook.Source> sources =
        each(
            files.governance(),
            (name, text) -> new Checked.Valid<>(new Rulebook.Source(name, text)),
            unreadable);
    Checked<Rulebook> rules = Rulebook.read(sources, placeholders, catalogue);
    problems.addAll(unreadable);
    problems.addAll(rules.problems());
    return unreadable.isEmpty() ? rules.toOptional() : Optional.empty();
  }

  private static AudienceCatalogue catalogue(
      HomeFiles files, UnaryOperator<String> placeholders, List<Problem> problems) {
    return each(
            files.audiences(),
            (name, yaml) -> AudienceCatalogue.read(name, yaml, placeholders),
            problems)
        .stream()
        .findFirst()
        .orElseGet(AudienceCatalogue::empty);
  }
}
