package org.audienceactivation.route;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.catalog.CamelCatalog;
import org.audienceactivation.config.ConfigNode;
import org.audienceactivation.config.Problem;
import org.audienceactivation.config.YamlDocument;

/**
 * The files in {@code routes/}, looked at without loading them. Camel stops at the first mistake of
 * a file, and some it does not see at all: of a key that stands twice it merges the values, and a
 * route configuration that does not exist it ignores.
 */
final class RouteFiles {
  private final List<Problem> syntax = new ArrayList<>();
  private final Map<String, ConfigNode> roots = new LinkedHashMap<>();

  private RouteFiles(Home home) {
    for (Path file : home.routeFiles()) {
      String name = home.nameOf(file);
      try {
        YamlDocument document = YamlDocument.read(name, Files.readString(file));
        syntax.addAll(document.problems());
        document.root().ifPresent(root -> roots.put(name, root));
      } catch (CharacterCodingException e) {
        syntax.add(new Problem(name, 1, "is not UTF-8 text"));
      } catch (IOException e) {
        syntax.add(new Problem(name, 1, "cannot be read"));
      }
    }
  }

  /** What is wrong with the files as YAML; quick enough for every start. */
  static List<Problem> syntaxProblems(Home home) {
    return List.copyOf(new RouteFiles(home).syntax);
  }

  /** Everything that can be found without loading a route. */
  static List<Problem> problems(Home home, ApplicationProperties properties, CamelCatalog catalog) {
    RouteFiles files = new RouteFiles(home);
    List<Problem> problems = new ArrayList<>(files.syntax);
    RouteSchema schema = RouteSchema.load();
    files.roots.values().forEach(root -> problems.addAll(schema.problems(root)));
    RouteNames names = RouteNames.of(files.roots.values(), properties.keys());
    if (!names.directInputs().contains(PipelineBeans.DEAD_LETTER)) {
      problems.add(RouteChecks.noDeadLetterRoute());
    }
    problems.addAll(repeatedIds(files.roots.values()));
    EndpointChecks endpoints = new EndpointChecks(catalog, names.beans());
    for (ConfigNode root : files.roots.values()) {
      problems.addAll(
          new RouteReferences(names, endpoints, properties::resolvesToFalse).problems(root));
    }
    return problems;
  }

  /** Camel says that an id stands twice, and not where. */
  private static List<Problem> repeatedIds(Collection<ConfigNode> roots) {
    Map<String, Problem> places = new HashMap<>();
    List<Problem> problems = new ArrayList<>();
    for (ConfigNode root : roots) {
      for (ConfigNode item : root.items()) {
        Optional<ConfigNode> id = item.get("route").flatMap(route -> route.get("id"));
        if (id.isEmpty()) {
          continue;
        }
        Problem here = id.get().problem("");
        Problem earlier = places.putIfAbsent(id.get().asText(), here);
        if (earlier != null) {
          problems.add(
              id.get()
                  .problem(
                      "is the id of the route at %s:%d already"
                          .formatted(earlier.file(), earlier.line())));
        }
      }
    }
    return problems;
  }
}
