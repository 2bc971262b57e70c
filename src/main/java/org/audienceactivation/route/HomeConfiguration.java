package org.audienceactivation.route;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.audienceactivation.audience.AudienceCatalogue;
import org.audienceactivation.config.Checked;
import org.audienceactivation.config.Problem;
import org.audienceactivation.destination.Destination;
import org.audienceactivation.governance.ConsentPolicy;
import org.audienceactivation.governance.Rulebook;

/** The destinations, the audience catalogue and the rules of a home, read and checked. */
public record HomeConfiguration(
    AudienceCatalogue catalogue,
    Rulebook rules,
    List<ConsentPolicy> consentPolicies,
    List<Destination> destinations) {

  public HomeConfiguration {
    consentPolicies = List.copyOf(consentPolicies);
    destinations = List.copyOf(destinations);
  }

  /** Without any destination. */
  static HomeConfiguration none() {
    return new HomeConfiguration(AudienceCatalogue.empty(), Rulebook.empty(), List.of(), List.of());
  }

  /**
   * Reads everything, and collects every mistake rather than stopping at the first.
   *
   * @param placeholders resolves <code>{{…}}</code>, or throws
   */
  public static Checked<HomeConfiguration> read(Home home, UnaryOperator<String> placeholders) {
    List<Problem> problems = new ArrayList<>();
    AudienceCatalogue catalogue = catalogue(home, placeholders, problems);
    Optional<Rulebook> rules = rules(home, placeholders, catalogue, problems);
    List<ConsentPolicy> consentPolicies = consentPolicies(home, placeholders, rules, problems);
    List<Destination> destinations = new ArrayList<>();
    for (Path file : home.destinationFiles()) {
      String name = home.nameOf(file);
      Checked<Destination> destination =
          text(name, file)
              .flatMap(yaml -> Destination.read(name, yaml, placeholders, catalogue, rules));
      problems.addAll(destination.problems());
      destination.toOptional().ifPresent(destinations::add);
    }
    if (home.destinationFiles().isEmpty()) {
      problems.add(
          new Problem(
              "destinations", 1, "no destination; put at least one NAME.yaml into this folder"));
    }
    for (Path file : home.overlooked()) {
      problems.add(
          new Problem(
              home.nameOf(file),
              1,
              "is not read: names must end in .camel.yaml in routes/, in .yaml elsewhere, and"
                  + " policies in governance/ may end in .json"));
    }
    return Checked.of(
        new HomeConfiguration(
            catalogue, rules.orElseGet(Rulebook::empty), consentPolicies, destinations),
        problems);
  }

  private static List<ConsentPolicy> consentPolicies(
      Home home,
      UnaryOperator<String> placeholders,
      Optional<Rulebook> rules,
      List<Problem> problems) {
    List<ConsentPolicy> consentPolicies = new ArrayList<>();
    for (Path file : home.consentPolicyFiles()) {
      String name = home.nameOf(file);
      Checked<ConsentPolicy> policy =
          text(name, file).flatMap(yaml -> ConsentPolicy.read(name, yaml, placeholders, rules));
      problems.addAll(policy.problems());
      policy.toOptional().ifPresent(consentPolicies::add);
    }
    return consentPolicies;
  }

  /** Empty if any of the files has a mistake: half of the rules say nothing of a destination. */
  private static Optional<Rulebook> rules(
      Home home,
      UnaryOperator<String> placeholders,
      AudienceCatalogue catalogue,
      List<Problem> problems) {
    List<Rulebook.Source> sources = new ArrayList<>();
    List<Problem> unreadable = new ArrayList<>();
    for (Path file : home.governanceFiles()) {
      String name = home.nameOf(file);
      Checked<String> text = text(name, file);
      unreadable.addAll(text.problems());
      text.toOptional().ifPresent(content -> sources.add(new Rulebook.Source(name, content)));
    }
    Checked<Rulebook> rules = Rulebook.read(sources, placeholders, catalogue);
    problems.addAll(unreadable);
    problems.addAll(rules.problems());
    return unreadable.isEmpty() ? rules.toOptional() : Optional.empty();
  }

  private static AudienceCatalogue catalogue(
      Home home, UnaryOperator<String> placeholders, List<Problem> problems) {
    if (!Files.exists(home.audiences())) {
      return AudienceCatalogue.empty();
    }
    String name = home.nameOf(home.audiences());
    Checked<AudienceCatalogue> catalogue =
        text(name, home.audiences())
            .flatMap(yaml -> AudienceCatalogue.read(name, yaml, placeholders));
    problems.addAll(catalogue.problems());
    return catalogue.toOptional().orElseGet(AudienceCatalogue::empty);
  }

  private static Checked<String> text(String name, Path file) {
    try {
      return new Checked.Valid<>(Files.readString(file));
    } catch (CharacterCodingException e) {
      return new Checked.Invalid<>(List.of(new Problem(name, 1, "is not UTF-8 text")));
    } catch (IOException e) {
      return new Checked.Invalid<>(List.of(new Problem(name, 1, "cannot be read")));
    }
  }
}
