package org.audienceactivation.route;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.audienceactivation.config.Checked;
import org.audienceactivation.config.Problem;

/** Every mistake in the configuration and routes of a home, without starting any of them. */
public final class Validation {
  private Validation() {}

  /** The problems by file and line; none if the home can be started. */
  public static List<Problem> of(Home home) {
    Set<Problem> problems = new LinkedHashSet<>();
    try {
      problems.addAll(withoutLoading(home));
      Activation.start(home, ActivationOptions.of(new ActivationOptions.Sources.Nothing())).close();
    } catch (ConfigurationException e) {
      addNew(e, problems);
    }
    List<Problem> sorted = new ArrayList<>(problems);
    sorted.sort(null);
    return sorted;
  }

  /**
   * What policies for labels with the status DRAFT would break, if they were enabled, by their file
   * and line. No such policy has any part in {@link #of}.
   *
   * @throws ConfigurationException if the configuration has problems
   */
  public static List<Problem> ofDrafts(Home home) {
    try (DefaultCamelContext context = new DefaultCamelContext(false)) {
      context.setPropertiesComponent(placeholders(home));
      context.build();
      Checked<HomeConfiguration> read =
          HomeConfiguration.read(home, context::resolvePropertyPlaceholders);
      return DraftPolicies.of(
          read.toOptional().orElseThrow(() -> new ConfigurationException(read.problems())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What can be seen of routes and Camel's properties before Camel loads them.
   *
   * @throws ConfigurationException if application.properties cannot be read at all
   */
  static List<Problem> withoutLoading(Home home) {
    ApplicationProperties.read(home, text -> text);
    try (DefaultCamelContext context = new DefaultCamelContext(false)) {
      context.setPropertiesComponent(placeholders(home));
      context.build();
      ApplicationProperties properties =
          ApplicationProperties.read(home, context::resolvePropertyPlaceholders);
      CamelCatalog catalog = new DefaultCamelCatalog();
      List<Problem> problems = new ArrayList<>(RouteFiles.problems(home, properties, catalog));
      problems.addAll(new CamelProperties(catalog).problems(properties));
      return problems;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As {@link Activation} gives them to Camel Main. */
  private static PropertiesComponent placeholders(Home home) {
    PropertiesComponent placeholders = new PropertiesComponent();
    placeholders.setLocation("file:" + home.properties());
    for (Setting setting : Setting.values()) {
      placeholders.addInitialProperty(setting.key(), setting.defaultValue());
    }
    placeholders.addOverrideProperty("activation.home", home.directory().toString());
    placeholders.addOverrideProperty("activation.run", "validate");
    return placeholders;
  }

  /** Camel stops at the first mistake, which mostly is one of those that are found already. */
  private static void addNew(ConfigurationException started, Set<Problem> problems) {
    boolean isExplained = !problems.isEmpty();
    boolean configurationsAreKnown = problems.stream().anyMatch(RouteChecks::isAboutConfiguration);
    for (Problem problem : started.problems()) {
      boolean isConsequence =
          isExplained && started.startFailure().filter(problem::equals).isPresent();
      boolean isKnown =
          (configurationsAreKnown && RouteChecks.isAboutConfiguration(problem))
              || problems.stream().anyMatch(known -> saysTheSame(problem, known));
      if (!isConsequence && !isKnown) {
        problems.add(problem);
      }
    }
  }

  /** The checks before the start know the step's line, those at the start only the route. */
  private static boolean saysTheSame(Problem ofRoute, Problem ofStep) {
    return ofRoute.file().equals(ofStep.file()) && ofRoute.message().endsWith(ofStep.message());
  }
}
