package org.audienceactivation.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.util.StringHelper;
import org.audienceactivation.config.ConfigNode;
import org.audienceactivation.config.Problem;

/**
 * Camel's own JSON Schema of YAML routes (draft-04, in camel-yaml-dsl), applied as Camel means it.
 *
 * <p>The schema writes each choice (a text or a mapping, one of 30 expression languages) as {@code
 * oneOf} and {@code not}, so a validator answers one unknown key with dozens of messages. Here
 * alternatives are taken together: what any of them allows is allowed. Scalars are taken as Camel
 * converts them: {@code "true"} is a boolean, and a placeholder may become anything.
 */
final class RouteSchema {
  private static final String RESOURCE = "/schema/camelYamlDsl.json";

  private final JsonNode document;

  private RouteSchema(JsonNode document) {
    this.document = document;
  }

  static RouteSchema load() {
    try (InputStream json = RouteSchema.class.getResourceAsStream(RESOURCE)) {
      if (json == null) {
        throw new IllegalStateException("the class path has no " + RESOURCE);
      }
      return new RouteSchema(new ObjectMapper().readTree(json));
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE + " cannot be read", e);
    }
  }

  /** Every place where a route file is not what the schema allows. */
  List<Problem> problems(ConfigNode root) {
    List<Problem> problems = new ArrayList<>();
    check(root, "the file", List.of(document), problems);
    return problems;
  }

  private void check(ConfigNode node, String name, List<JsonNode> schemas, List<Problem> problems) {
    Shape shape = new Shape();
    schemas.forEach(schema -> shape.add(schema, true));
    if (shape.allowsAnything() || node.isEmpty()) {
      return;
    }
    if (!shape.allowsKindOf(node)) {
      problems.add(problem(node, name + ": must be " + shape.kinds() + ", is " + kind(node)));
    } else if (node.isMapping()) {
      checkKeys(node, name, shape, problems);
    } else if (node.isList()) {
      node.items().forEach(item -> check(item, name, shape.items, problems));
    } else {
      shape
          .wrongScalar(node.asText())
          .ifPresent(allowed -> problems.add(problem(node, name + ": " + allowed)));
    }
  }

  private void checkKeys(ConfigNode node, String name, Shape shape, List<Problem> problems) {
    if (shape.properties.isEmpty()) {
      return;
    }
    Set<String> found = new LinkedHashSet<>();
    for (String key : node.keys()) {
      ConfigNode value = node.get(key).orElseThrow();
      String plain = StringHelper.dashToCamelCase(key);
      found.add(plain);
      if (shape.properties.containsKey(plain)) {
        check(value, key, shape.properties.get(plain), problems);
      } else {
        problems.add(
            problem(
                value,
                key
                    + ": unknown key in "
                    + name
                    + "; "
                    + Nearest.allowed(key, shape.properties.keySet())));
      }
    }
    for (String required : shape.required) {
      if (!found.contains(required)) {
        problems.add(problem(node, name + ": " + required + " is missing"));
      }
    }
    if (shape.holdsOneKey && node.keys().size() > 1) {
      problems.add(
          problem(
              node,
              name
                  + ": an item holds one key, here are "
                  + String.join(", ", node.keys())
                  + "; look at the indentation"));
    }
  }

  private static Problem problem(ConfigNode node, String message) {
    return new Problem(node.file(), node.line(), message);
  }

  private static String kind(ConfigNode node) {
    if (node.isMapping()) {
      return "a mapping";
    }
    return node.isList() ? "a list" : "a single value";
  }

  /** What one or several schemas allow together. */
  private final class Shape {
    private final Map<String, List<JsonNode>> properties = new LinkedHashMap<>();
    private final List<JsonNode> items = new ArrayList<>();
    private final Set<String> required = new LinkedHashSet<>();
    private final Set<String> types = new LinkedHashSet<>();
    private final Set<String> choices = new LinkedHashSet<>();
    private boolean holdsOneKey;

    void add(JsonNode schema, boolean always) {
      if (schema.has("$ref")) {
        add(document.at(schema.get("$ref").asText().substring(1)), always);
        return;
      }
      for (String alternatives : List.of("oneOf", "anyOf")) {
        schema.path(alternatives).forEach(alternative -> add(alternative, false));
      }
      if (schema.has("type")) {
        types.add(schema.get("type").asText());
      }
      if (schema.has("items")) {
        items.add(schema.get("items"));
      }
      holdsOneKey |= always && schema.path("maxProperties").asInt() == 1;
      schema.path("enum").forEach(choice -> choices.add(choice.asText()));
      schema
          .path("properties")
          .properties()
          .forEach(
              entry ->
                  properties
                      .computeIfAbsent(entry.getKey(), key -> new ArrayList<>())
                      .add(entry.getValue()));
      if (always) {
        schema.path("required").forEach(key -> required.add(key.asText()));
      }
    }

    boolean allowsAnything() {
      return types.isEmpty() && properties.isEmpty();
    }

    boolean allowsKindOf(ConfigNode node) {
      if (node.isMapping()) {
        return types.contains("object") || !properties.isEmpty();
      }
      return node.isList() ? types.contains("array") : allowsScalar();
    }

    private boolean allowsScalar() {
      return types.stream().anyMatch(type -> !type.equals("object") && !type.equals("array"));
    }

    String kinds() {
      List<String> kinds = new ArrayList<>();
      if (types.contains("object")) {
        kinds.add("a mapping");
      }
      if (types.contains("array")) {
        kinds.add("a list");
      }
      if (allowsScalar()) {
        kinds.add("a single value");
      }
      return String.join(" or ", kinds);
    }

    /** What is wrong with a scalar and what is allowed. */
    Optional<String> wrongScalar(String text) {
      if (text.contains("{{") || (types.contains("string") && choices.isEmpty())) {
        return Optional.empty();
      }
      String wrong = "\"" + text + "\" is not allowed; ";
      if (!choices.isEmpty()) {
        boolean isOne = choices.stream().anyMatch(text::equalsIgnoreCase);
        return isOne
            ? Optional.empty()
            : Optional.of(wrong + "allowed: " + String.join(", ", choices));
      }
      if (types.contains("boolean")) {
        boolean isOne = Set.of("true", "false").contains(text.toLowerCase(Locale.ROOT));
        return isOne ? Optional.empty() : Optional.of(wrong + "allowed: true, false");
      }
      return isNumber(text) ? Optional.empty() : Optional.of(wrong + "must be a number");
    }

    private static boolean isNumber(String text) {
      try {
        return new BigDecimal(text).precision() > 0;
      } catch (NumberFormatException e) {
        return false;
      }
    }
  }
}
