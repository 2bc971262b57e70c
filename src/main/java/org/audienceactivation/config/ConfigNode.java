package org.audienceactivation.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A mapping or value of a configuration file that its schema has accepted, with its place in the
 * file. Binding code reads it by key; what the schema guarantees (types, required keys) is not
 * checked again, and breaking that trust is a programming error that throws.
 */
public final class ConfigNode {

  private final ConfigFile file;
  private final JsonNode json;
  private final String pointer;

  ConfigNode(ConfigFile file, JsonNode json, String pointer) {
    this.file = file;
    this.json = json;
    this.pointer = pointer;
  }

  /** The name under which the file was handed in. */
  public String file() {
    return file.name();
  }

  /** 1-based line where this node begins. */
  public int line() {
    return file.lineOf(pointer);
  }

  /** The keys of this mapping in their order; none if this is no mapping. */
  public List<String> keys() {
    List<String> keys = new ArrayList<>();
    json.fieldNames().forEachRemaining(keys::add);
    return List.copyOf(keys);
  }

  public boolean isMapping() {
    return json.isObject();
  }

  public boolean isList() {
    return json.isArray();
  }

  /** Whether nothing stands here: <code>key:</code>, or an explicit null. */
  public boolean isEmpty() {
    return json.isNull();
  }

  /** The node under a key; empty if it is missing. */
  public Optional<ConfigNode> get(String key) {
    JsonNode child = json.get(key);
    return child == null ? Optional.empty() : Optional.of(child(child, key));
  }

  /** The items of a list under a key; none if the key is missing. */
  public List<ConfigNode> list(String key) {
    return get(key).map(ConfigNode::items).orElse(List.of());
  }

  /** The items of this list; none if this is no list. */
  public List<ConfigNode> items() {
    return IntStream.range(0, json.isArray() ? json.size() : 0)
        .mapToObj(i -> child(json.get(i), Integer.toString(i)))
        .toList();
  }

  public Optional<String> text(String key) {
    return get(key).map(ConfigNode::asText);
  }

  public String requiredText(String key) {
    return text(key).orElseThrow(() -> new IllegalStateException("the schema requires " + key));
  }

  public Optional<Integer> integer(String key) {
    return get(key).map(node -> node.json.intValue());
  }

  /** Whether a switch is on; a missing one is off. */
  public boolean isOn(String key) {
    return get(key).map(node -> node.json.booleanValue()).orElse(false);
  }

  /** Whether this is a string, where the schema lets it be something else as well. */
  public boolean isText() {
    return json.isTextual();
  }

  /** Whether this is a number, where the schema lets it be something else as well. */
  public boolean isNumber() {
    return json.isNumber();
  }

  /** The text of this value. */
  public String asText() {
    return json.asText();
  }

  /** All that stands here, placeholders resolved, without comments and layout. */
  public String content() {
    return json.toString();
  }

  /** A problem with this node, which no schema can see. */
  public Problem problem(String message) {
    return file.problem(pointer, message);
  }

  private ConfigNode child(JsonNode child, String key) {
    return new ConfigNode(file, child, ConfigFile.child(pointer, key));
  }
}
