package org.audienceactivation.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.ValidationMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Says in one line what a schema has against a value: what is wrong, then what is allowed. A value
 * is shown only if it stands in the file and the schema does not mark it as secret ({@code
 * writeOnly}).
 */
final class SchemaMessages {

  /**
   * The keyword with which a schema says in words what a value looks like, after "must be"; editors
   * know it too.
   */
  static final String EXPECTED = "patternErrorMessage";

  private final JsonNode schema;
  private final ConfigFile file;

  SchemaMessages(JsonNode schema, ConfigFile file) {
    this.schema = schema;
    this.file = file;
  }

  Problem problem(ValidationMessage message) {
    String pointer = message.getInstanceLocation().toString();
    JsonNode parent = parentInSchema(message);
    JsonNode value = message.getInstanceNode();
    JsonNode rule = message.getSchemaNode();
    return switch (message.getType()) {
      case "additionalProperties", "unevaluatedProperties" ->
          file.problem(
              ConfigFile.child(pointer, message.getProperty()),
              "unknown key; allowed: " + keys(parent));
      case "required" ->
          file.problem(ConfigFile.child(pointer, message.getProperty()), "is missing");
      case "type" ->
          file.problem(
              pointer, "must be " + either(allowedTypes(message)) + ", is " + typeName(value));
      case "enum" ->
          file.problem(pointer, shown(pointer, parent) + " is not allowed; allowed: " + list(rule));
      case "const" ->
          file.problem(
              pointer, shown(pointer, parent) + " is not allowed; allowed: " + rule.asText());
      case "uniqueItems" -> file.problem(pointer, "holds the same item twice");
      case "minItems", "minLength" -> file.problem(pointer, "must not be empty");
      default ->
          file.problem(
              pointer, shown(pointer, parent) + " is not allowed; must be " + expected(parent));
    };
  }

  static List<String> allowedTypes(ValidationMessage message) {
    return texts(message.getSchemaNode());
  }

  private JsonNode parentInSchema(ValidationMessage message) {
    String rule = message.getSchemaLocation().getFragment().toString();
    return schema.at(rule.substring(0, rule.lastIndexOf('/')));
  }

  private String shown(String pointer, JsonNode parent) {
    if (file.resolved(pointer).isPresent()) {
      return "the value of " + file.resolved(pointer).get().placeholder();
    }
    JsonNode value = file.root().at(pointer);
    boolean maySee = !parent.path("writeOnly").asBoolean() && value.isValueNode();
    return maySee ? value.toString() : "the value";
  }

  private static String expected(JsonNode parent) {
    if (parent.has(EXPECTED)) {
      return parent.get(EXPECTED).asText();
    }
    boolean bounded = parent.has("minimum") && parent.has("maximum");
    if (bounded) {
      return "from " + parent.get("minimum").asText() + " to " + parent.get("maximum").asText();
    }
    return parent.has("minimum")
        ? "at least " + parent.get("minimum").asText()
        : "as the schema describes it";
  }

  private static String keys(JsonNode parent) {
    List<String> keys = new ArrayList<>();
    parent.path("properties").fieldNames().forEachRemaining(keys::add);
    return String.join(", ", keys);
  }

  private static String list(JsonNode values) {
    return String.join(", ", texts(values));
  }

  private static List<String> texts(JsonNode oneOrSeveral) {
    if (!oneOrSeveral.isArray()) {
      return List.of(oneOrSeveral.asText());
    }
    return StreamSupport.stream(oneOrSeveral.spliterator(), false).map(JsonNode::asText).toList();
  }

  private static String either(List<String> types) {
    return types.stream().map(SchemaMessages::withArticle).collect(Collectors.joining(" or "));
  }

  private static String withArticle(String type) {
    return switch (type) {
      case "object" -> "a mapping";
      case "array" -> "a list";
      case "integer" -> "a whole number";
      case "boolean" -> "true or false";
      case "null" -> "empty";
      default -> "a " + type;
    };
  }

  private static String typeName(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> "a mapping";
      case ARRAY -> "a list";
      case NUMBER -> "a number";
      case BOOLEAN -> "true or false";
      case STRING -> "a string";
      default -> "empty";
    };
  }
}
