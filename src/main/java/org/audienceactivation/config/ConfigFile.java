package org.audienceactivation.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import java.util.Optional;

/**
 * A configuration file as a tree of JSON, with the line of every node by its JSON pointer. Knows
 * which values came out of a placeholder: they may be secrets, and their type is a guess.
 */
final class ConfigFile {

  /**
   * A value that a placeholder gave.
   *
   * @param placeholder as it is written in the file, without a default
   * @param text what it was resolved to
   */
  record Resolved(String placeholder, String text) {}

  private final String name;
  private final JsonNode root;
  private final Map<String, Integer> lines;
  private final Map<String, Resolved> resolved;

  ConfigFile(
      String name, JsonNode root, Map<String, Integer> lines, Map<String, Resolved> resolved) {
    this.name = name;
    this.root = root;
    this.lines = lines;
    this.resolved = resolved;
  }

  String name() {
    return name;
  }

  JsonNode root() {
    return root;
  }

  /** The line of a node, or of the nearest container if there is no such node. */
  int lineOf(String pointer) {
    String nearest = pointer;
    while (!lines.containsKey(nearest) && !nearest.isEmpty()) {
      nearest = nearest.substring(0, nearest.lastIndexOf('/'));
    }
    return lines.getOrDefault(nearest, 1);
  }

  Optional<Resolved> resolved(String pointer) {
    return Optional.ofNullable(resolved.get(pointer));
  }

  /** Takes a value that a placeholder gave for text after all, where it was guessed otherwise. */
  void takeAsText(String pointer) {
    int last = pointer.lastIndexOf('/');
    String key = pointer.substring(last + 1).replace("~1", "/").replace("~0", "~");
    TextNode text = TextNode.valueOf(resolved.get(pointer).text());
    JsonNode parent = root.at(pointer.substring(0, last));
    if (parent instanceof ObjectNode object) {
      object.set(key, text);
    } else if (parent instanceof ArrayNode array) {
      array.set(Integer.parseInt(key), text);
    }
  }

  Problem problem(String pointer, String message) {
    String path = path(pointer);
    return new Problem(name, lineOf(pointer), path.isEmpty() ? message : path + ": " + message);
  }

  static String child(String pointer, String key) {
    return pointer + "/" + key.replace("~", "~0").replace("/", "~1");
  }

  /** How people write a place: {@code audiences[0].id}. */
  private String path(String pointer) {
    StringBuilder path = new StringBuilder();
    JsonNode node = root;
    for (String escaped : pointer.isEmpty() ? new String[0] : pointer.substring(1).split("/", -1)) {
      String key = escaped.replace("~1", "/").replace("~0", "~");
      if (node.isArray()) {
        path.append('[').append(key).append(']');
        node = node.path(Integer.parseInt(key));
      } else {
        path.append(path.isEmpty() ? "" : ".").append(key);
        node = node.path(key);
      }
    }
    return path.toString();
  }
}
