package org.audienceactivation.flow;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.audienceactivation.audience.AudienceCatalogue;
import org.audienceactivation.config.Checked;
import org.audienceactivation.destination.Destination;
import org.audienceactivation.profile.XdmPath;

/**
 * A flow of the vendor's Flow Service as a destination file. Of the flow it takes what it can say
 * in the same words, and lists the rest (domain.md §6). It copies no credentials.
 *
 * @param name of the destination, made of the flow's name unless the caller gave one
 * @param yaml the destination file
 * @param catalogue the entries for {@code audiences.yaml}; empty if no audience has a name
 * @param leftOut what the file does not say
 */
public record FlowImport(String name, String yaml, String catalogue, List<LeftOut> leftOut) {

  /** What a flow has for the service's own books, and what tells nothing of the destination. */
  private static final Set<String> BOOKKEEPING =
      Set.of(
          "id",
          "name",
          "description",
          "version",
          "etag",
          "flowSpec",
          "sourceConnectionIds",
          "targetConnectionIds",
          "inheritedAttributes",
          "transformations",
          "createdAt",
          "updatedAt",
          "createdBy",
          "updatedBy",
          "createdClient",
          "updatedClient",
          "sandboxId",
          "sandboxName",
          "imsOrgId",
          "state",
          "labels",
          "providerRefId",
          "options",
          "lastOperation",
          "flow",
          "targetConnection",
          "baseConnection",
          "connection",
          "connections",
          "targetConnections",
          "items",
          "lastRunDetails",
          "runs");

  /** How a selector names the members that a destination file has, and those that tell nothing. */
  private static final Set<String> OF_AUDIENCES =
      Set.of("id", "name", "description", "createTime", "updateTime", "mergePolicyId");

  private static final Set<String> OF_ATTRIBUTES =
      Set.of("path", "operator", "mapping", "identity");

  /**
   * Imports one flow.
   *
   * @param files texts by the names of their files: the flow, and where they are separate its
   *     target and base connections
   * @param flowId which flow, if there are several
   * @param name of the destination; empty to make one of the flow's name
   * @throws FlowException if there is not exactly one flow to import
   */
  public static FlowImport of(
      Map<String, String> files, Optional<String> flowId, Optional<String> name)
      throws FlowException {
    FlowFiles found = FlowFiles.of(files);
    FlowFiles.Part flow = chosen(found, flowId, files);
    return new Importing(flow, found, name).result();
  }

  private static FlowFiles.Part chosen(
      FlowFiles found, Optional<String> flowId, Map<String, String> files) throws FlowException {
    List<FlowFiles.Part> fitting =
        found.flows().stream().filter(one -> flowId.map(one.id()::equals).orElse(true)).toList();
    if (fitting.size() == 1) {
      return fitting.get(0);
    }
    String where = String.join(", ", files.keySet());
    if (fitting.isEmpty()) {
      throw new FlowException(
          where
              + (flowId.isPresent() ? ": there is no flow " + flowId.get() : ": there is no flow")
              + "; a flow has transformations or a flowSpec");
    }
    throw new FlowException(
        where
            + ": there are several flows; name one with --flow: "
            + String.join(", ", fitting.stream().map(FlowFiles.Part::id).toList()));
  }

  /** One import under way. */
  private static final class Importing {
    private final FlowFiles.Part flow;
    private final FlowFiles found;
    private final String name;
    private final List<LeftOut> leftOut = new ArrayList<>();
    private final Map<String, String> audiences = new LinkedHashMap<>();
    private final Map<String, String> names = new LinkedHashMap<>();
    private final List<String> attributes = new ArrayList<>();

    Importing(FlowFiles.Part flow, FlowFiles found, Optional<String> name) {
      this.flow = flow;
      this.found = found;
      this.name = name.orElseGet(() -> slug(flow.json().path("name").asText("")));
    }

    private static String slug(String text) {
      String slug =
          text.toLowerCase(Locale.ROOT)
              .replaceAll("[^a-z0-9._-]+", "-")
              .replaceAll("^[^a-z0-9]+|-+$", "");
      return slug.isEmpty() ? "imported" : slug.substring(0, Math.min(slug.length(), 64));
    }

    FlowImport result() {
      readFlow();
      String stream = stream();
      String credentials = credentials();
      StringBuilder yaml = new StringBuilder();
      yaml.append("# yaml-language-server: $schema=../schemas/destination.schema.json\n");
      yaml.append("# Made of a flow description by import-flow; read it before you use it.\n");
      String description = safe(flow, "/description", flow.json().path("description").asText(""));
      if (!description.isEmpty()) {
        yaml.append("description: ").append(Yaml.text(description)).append('\n');
      }
      yaml.append('\n').append(stream).append('\n').append(credentials).append('\n');
      if (audiences.isEmpty()) {
        yaml.append("# the flow maps no audience yet: name those whose members are to be sent\n");
        yaml.append("audiences: all\n");
      } else {
        yaml.append("audiences:\n");
        audiences.values().forEach(yaml::append);
      }
      if (!attributes.isEmpty()) {
        yaml.append("\nattributes:\n");
        attributes.forEach(path -> yaml.append("  - ").append(Yaml.text(path)).append('\n'));
      }
      yaml.append(
          """

          # realized and exited alone, as the original sends them
          statuses: current

          # the original also exports when a mapped attribute is written with the same value, and asks
          # for no consent; to do the same: activation: { attributes: onWrite } and consent: { require: [] }
          """);
      return new FlowImport(name, yaml.toString(), catalogue(), List.copyOf(leftOut));
    }

    private String catalogue() {
      StringBuilder entries = new StringBuilder();
      names.forEach(
          (id, audience) ->
              entries
                  .append("  - id: ")
                  .append(Yaml.text(id))
                  .append("\n    name: ")
                  .append(Yaml.text(audience))
                  .append('\n'));
      return entries.toString();
    }

    private void leave(FlowFiles.Part part, String pointer, String why) {
      leftOut.add(new LeftOut(part.place(pointer), why));
    }

    /** A text that is for people, and must not be taken for a placeholder. */
    private String safe(FlowFiles.Part part, String pointer, String text) {
      if (!text.contains("{{")) {
        return text;
      }
      leave(part, pointer, "two braces in a row would be a placeholder; they are written apart");
      return text.replace("{{", "{ {");
    }

    private void readFlow() {
      JsonNode json = flow.json();
      json.fieldNames()
          .forEachRemaining(
              key -> {
                if (!BOOKKEEPING.contains(key)) {
                  leave(flow, "/" + pointer(key), "unknown");
                }
              });
      if (!json.path("state").asText("enabled").equals("enabled")) {
        leave(
            flow,
            "/state",
            "the flow is not enabled; a destination file takes effect as soon as it is there");
      }
      JsonNode transformations = json.path("transformations");
      for (int i = 0; i < transformations.size(); i++) {
        transformation(transformations.get(i), "/transformations/" + i);
      }
    }

    private void transformation(JsonNode transformation, String pointer) {
      if (!transformation.path("name").asText("GeneralTransform").equals("GeneralTransform")) {
        leave(flow, pointer, "only GeneralTransform is known");
        return;
      }
      JsonNode params = transformation.path("params");
      String at = pointer + "/params";
      params
          .fieldNames()
          .forEachRemaining(
              key -> {
                if (!Set.of("segmentSelectors", "profileSelectors").contains(key)) {
                  leave(flow, at + "/" + pointer(key), "nothing here does the same");
                }
              });
      selectors(params.path("segmentSelectors"), at + "/segmentSelectors", this::audience);
      selectors(params.path("profileSelectors"), at + "/profileSelectors", this::attribute);
    }

    private interface Selector {
      void read(JsonNode selector, String pointer);
    }

    private void selectors(JsonNode group, String pointer, Selector reader) {
      group
          .fieldNames()
          .forEachRemaining(
              key -> {
                if (!key.equals("selectors") && !isEmpty(group.get(key))) {
                  leave(flow, pointer + "/" + pointer(key), "only for exports of files");
                }
              });
      JsonNode selectors = group.path("selectors");
      for (int i = 0; i < selectors.size(); i++) {
        reader.read(selectors.get(i), pointer + "/selectors/" + i);
      }
    }

    private static boolean isEmpty(JsonNode node) {
      return node.isNull() || (node.isContainerNode() && node.isEmpty());
    }

    private void audience(JsonNode selector, String pointer) {
      JsonNode value = selector.path("value");
      String id = value.path("id").asText("");
      boolean isAudience = selector.path("type").asText("PLATFORM_SEGMENT").contains("SEGMENT");
      if (!isAudience || id.isEmpty()) {
        leave(flow, pointer, "no audience with an id");
        return;
      }
      if (id.contains("{{")) {
        leave(flow, pointer, "an id with two braces in a row would be a placeholder");
        return;
      }
      if (audiences.containsKey(id)) {
        leave(flow, pointer, "the same audience once more");
        return;
      }
      leaveOthers(value, OF_AUDIENCES, pointer);
      StringBuilder item = new StringBuilder("  - id: ").append(Yaml.text(id)).append('\n');
      Optional<Instant> created = time(value.path("createTime"), pointer + "/value/createTime");
      Optional<Instant> updated = time(value.path("updateTime"), pointer + "/value/updateTime");
      created.ifPresent(
          at -> item.append("    mappedAt: ").append(Yaml.text(at.toString())).append('\n'));
      if (created.isPresent() && updated.isPresent() && !created.equals(updated)) {
        item.append("    mappingUpdatedAt: ")
            .append(Yaml.text(updated.get().toString()))
            .append('\n');
      }
      audiences.put(id, item.toString());
      String audience = safe(flow, pointer + "/value/name", value.path("name").asText(""));
      if (!audience.isBlank()) {
        names.put(id, audience);
      }
    }

    private Optional<Instant> time(JsonNode seconds, String pointer) {
      if (seconds.isMissingNode() || seconds.isNull()) {
        return Optional.empty();
      }
      try {
        return Optional.of(Instant.ofEpochSecond(Long.parseLong(seconds.asText())));
      } catch (NumberFormatException | DateTimeException e) {
        leave(flow, pointer, "no seconds since 1970");
        return Optional.empty();
      }
    }

    private void leaveOthers(JsonNode value, Set<String> known, String pointer) {
      Iterator<String> keys = value.fieldNames();
      while (keys.hasNext()) {
        String key = keys.next();
        if (!known.contains(key) && !isEmpty(value.get(key))) {
          leave(flow, pointer + "/value/" + pointer(key), "only for exports of files, or unknown");
        }
      }
    }

    private void attribute(JsonNode selector, String pointer) {
      JsonNode value = selector.path("value");
      JsonNode mapping =
          value.path("mapping").isObject() ? value.path("mapping") : selector.path("mapping");
      String path =
          value
              .path("path")
              .asText(mapping.path("source").asText(mapping.path("sourceAttribute").asText("")));
      Optional<String> why = whyNoAttribute(path);
      if (why.isPresent()) {
        leave(flow, pointer, why.get());
        return;
      }
      String operator = value.path("operator").asText("EXISTS");
      if (!operator.equals("EXISTS")) {
        leave(flow, pointer + "/value/operator", "the operator " + operator + " is not known");
      }
      String destination = mapping.path("destination").asText(path);
      if (!destination.isEmpty()
          && !XdmPath.of(path).toString().equals(withoutPrefix(destination))) {
        leave(
            flow,
            pointer + "/mapping/destination",
            "attributes are sent under their own paths; to rename one see docs/enrichment.md");
      }
      if (selector.has("identity") || value.has("identity")) {
        leave(flow, pointer + "/identity", "all identities of a profile are sent in any case");
      }
      leaveOthers(value, OF_ATTRIBUTES, pointer);
      attributes.add(XdmPath.of(path).toString());
    }

    private static String withoutPrefix(String path) {
      return path.replace("xdm:", "");
    }

    private Optional<String> whyNoAttribute(String path) {
      if (path.isBlank() || path.contains("{{")) {
        return Optional.of("no path of an attribute");
      }
      String file =
          "stream: {name: s, region: r}\naudiences: all\nattributes: [" + Yaml.text(path) + "]";
      Checked<Destination> alone =
          Destination.read("d.yaml", file, text -> text, AudienceCatalogue.empty());
      if (alone.toOptional().isEmpty()) {
        return Optional.of(alone.problems().get(0).message().replace("attributes[0]: ", ""));
      }
      XdmPath read = alone.toOptional().get().attributes().get(0);
      for (String other : attributes) {
        XdmPath before = XdmPath.of(other);
        if (before.equals(read)) {
          return Optional.of("the same attribute once more");
        }
        if (before.contains(read) || read.contains(before)) {
          return Optional.of("lies within " + other + ", or contains it");
        }
      }
      return Optional.empty();
    }

    private String stream() {
      Optional<FlowFiles.Part> target = connection(found.targets(), "targetConnectionIds");
      Optional<FlowFiles.Part> base = connection(found.bases(), "");
      JsonNode params =
          target
              .map(FlowFiles.Part::json)
              .map(json -> json.path("params"))
              .orElse(flow.json().path("params"));
      String region =
          params
              .path("region")
              .asText(base.map(one -> one.json().at("/auth/params/region").asText("")).orElse(""));
      String stream = params.path("stream").asText("");
      target.ifPresent(part -> leaveOtherParams(part));
      return "stream:\n  name: "
          + known(stream, "[a-zA-Z0-9_.-]{1,128}", "STREAM", "/params/stream")
          + "\n  region: "
          + known(region, "[a-z0-9-]{1,64}", "REGION", "/params/region")
          + "\n";
    }

    private void leaveOtherParams(FlowFiles.Part target) {
      target
          .json()
          .path("params")
          .fieldNames()
          .forEachRemaining(
              key -> {
                if (!Set.of("stream", "region").contains(key)) {
                  leave(target, "/params/" + pointer(key), "unknown");
                }
              });
      String format = target.json().at("/data/format").asText("json");
      if (!format.equals("json")) {
        leave(target, "/data/format", "events are JSON, and nothing else");
      }
    }

    private Optional<FlowFiles.Part> connection(List<FlowFiles.Part> parts, String ids) {
      Set<String> wanted = new HashSet<>();
      flow.json().path(ids).forEach(id -> wanted.add(id.asText()));
      return parts.stream()
          .filter(one -> wanted.contains(one.id()))
          .findFirst()
          .or(() -> parts.size() == 1 ? Optional.of(parts.get(0)) : Optional.empty());
    }

    private String known(String value, String pattern, String variable, String pointer) {
      if (value.matches(pattern)) {
        return Yaml.text(value);
      }
      leave(
          flow,
          pointer,
          "is in none of the files, or not usable; set the environment variable "
              + variable(variable)
              + ", or write it into the file");
      return Yaml.text("{{env:" + variable(variable) + "}}");
    }

    private String variable(String what) {
      return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_") + "_" + what;
    }

    private String credentials() {
      Optional<FlowFiles.Part> base = connection(found.bases(), "");
      if (base.isEmpty() || !base.get().json().path("auth").path("params").has("accessKeyId")) {
        return "credentials:\n  type: default\n";
      }
      leave(
          base.get(),
          "/auth",
          "keys are not copied; set the environment variables "
              + variable("ACCESS_KEY_ID")
              + " and "
              + variable("SECRET_ACCESS_KEY"));
      return "credentials:\n  type: static\n  accessKeyId: "
          + Yaml.text("{{env:" + variable("ACCESS_KEY_ID") + "}}")
          + "\n  secretAccessKey: "
          + Yaml.text("{{env:" + variable("SECRET_ACCESS_KEY") + "}}")
          + "\n";
    }

    private static String pointer(String key) {
      return key.replace("~", "~0").replace("/", "~1");
    }
  }
}
