package org.audienceactivation.flow;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The parts of a flow in whatever files they came: as the service answers ({@code items}), one
 * object, or several together (domain.md §6).
 *
 * @param flows those with transformations or a flow specification
 * @param targets those with {@code params.stream}
 * @param bases those with {@code auth}
 */
record FlowFiles(List<Part> flows, List<Part> targets, List<Part> bases) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> WRAPPERS =
      List.of(
          "items",
          "flow",
          "flows",
          "targetConnection",
          "targetConnections",
          "baseConnection",
          "connection",
          "connections");

  /**
   * An object in a file.
   *
   * @param place file and JSON Pointer
   */
  record Part(String place, JsonNode json) {

    String place(String pointer) {
      return place + pointer;
    }

    String id() {
      return json.path("id").asText("");
    }
  }

  /**
   * Reads texts by the names of their files.
   *
   * @throws FlowException for a text that is no JSON
   */
  static FlowFiles of(Map<String, String> files) throws FlowException {
    FlowFiles found = new FlowFiles(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (Map.Entry<String, String> file : files.entrySet()) {
      found.add(new Part(file.getKey() + "#", parsed(file.getKey(), file.getValue())));
    }
    return found;
  }

  private static JsonNode parsed(String file, String text) throws FlowException {
    try {
      JsonNode json = JSON.readTree(text);
      if (json == null || !json.isContainerNode()) {
        throw new FlowException(file + ": is no JSON object or array");
      }
      return json;
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      String where = at == null ? "" : at.getLineNr() + ":" + at.getColumnNr() + ": ";
      throw new FlowException(file + ":" + where + "is no JSON: " + firstLine(e));
    }
  }

  /** Without anything that it quotes: that may be a secret. */
  private static String firstLine(JsonProcessingException e) {
    return e.getOriginalMessage()
        .lines()
        .findFirst()
        .orElse("")
        .replaceAll("[:(]? *'.*", "")
        .strip();
  }

  private void add(Part part) {
    if (part.json().isArray()) {
      for (int i = 0; i < part.json().size(); i++) {
        add(new Part(part.place("/" + i), part.json().get(i)));
      }
      return;
    }
    for (String wrapper : WRAPPERS) {
      Optional.ofNullable(part.json().get(wrapper))
          .filter(JsonNode::isContainerNode)
          .ifPresent(inner -> add(new Part(part.place("/" + wrapper), inner)));
    }
    if (part.json().has("transformations") || part.json().has("flowSpec")) {
      flows.add(part);
    } else if (part.json().path("params").has("stream")) {
      targets.add(part);
    } else if (part.json().has("auth")) {
      bases.add(part);
    }
  }
}
