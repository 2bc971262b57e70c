package org.audienceactivation.sample;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The rules once more, the slow and plain way and from the bytes alone: what the generator says of
 * an export must be what a reader of the export finds.
 */
final class ReferenceJudge {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
  private static final Set<String> MAPPED =
      Set.of("7841ba61-23c1-4bb3-a495-00d3g5fe1e93", "59bd2fkd-3c48-4b18-bf56-4f5c5e6967ae");
  private static final Set<String> REFUSALS = Set.of("n", "dn");
  private static final String DELIVERED = "delivered";

  private ReferenceJudge() {}

  static SampleExpectation judge(byte[] export) {
    Map<String, Long> verdicts = new TreeMap<>();
    for (byte[] line : lines(export)) {
      verdicts.merge(verdict(line), 1L, Long::sum);
    }
    long received = verdicts.values().stream().mapToLong(Long::longValue).sum();
    long delivered = verdicts.getOrDefault(DELIVERED, 0L);
    verdicts.remove(DELIVERED);
    long excluded =
        verdicts.getOrDefault("not-in-mapped-audience", 0L)
            + verdicts.getOrDefault("consent-refused:consents.share", 0L);
    return new SampleExpectation(
        received, delivered, excluded, received - delivered - excluded, new TreeMap<>(verdicts));
  }

  /** Without their ends, empty ones and a byte-order mark. */
  static List<byte[]> lines(byte[] export) {
    List<byte[]> lines = new ArrayList<>();
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int i = hasByteOrderMark(export) ? 3 : 0; i < export.length; i++) {
      if (export[i] != '\n') {
        line.write(export[i]);
        continue;
      }
      byte[] bytes = withoutCarriageReturn(line.toByteArray());
      if (bytes.length > 0) {
        lines.add(bytes);
      }
      line.reset();
    }
    if (line.size() > 0) {
      throw new AssertionError("the last line has no end");
    }
    return lines;
  }

  static boolean hasByteOrderMark(byte[] export) {
    return export.length >= 3
        && Arrays.equals(export, 0, 3, new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF}, 0, 3);
  }

  private static byte[] withoutCarriageReturn(byte[] line) {
    boolean ends = line.length > 0 && line[line.length - 1] == '\r';
    return ends ? Arrays.copyOf(line, line.length - 1) : line;
  }

  static String verdict(byte[] line) {
    String text;
    try {
      text = UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
    } catch (CharacterCodingException e) {
      return "invalid-utf8";
    }
    try {
      return verdict(JSON.readTree(text));
    } catch (JsonProcessingException e) {
      return "malformed-json";
    }
  }

  private static String verdict(JsonNode profile) {
    if (!profile.isObject()) {
      return "wrong-type";
    }
    JsonNode memberships = field(profile, "segmentMembership");
    JsonNode identities = field(profile, "identityMap");
    if (!isObjectOf(memberships, JsonNode::isObject)
        || !isObjectOf(identities, JsonNode::isArray)) {
      return "wrong-type";
    }
    if (countIdentities(identities) == 0) {
      return "no-identity";
    }
    if (MAPPED.stream().noneMatch(memberships.path("ups")::has)) {
      return "not-in-mapped-audience";
    }
    String share = field(field(field(profile, "consents"), "share"), "val").asText();
    return REFUSALS.contains(share) ? "consent-refused:consents.share" : DELIVERED;
  }

  private static boolean isObjectOf(JsonNode node, Predicate<JsonNode> valueKind) {
    if (node.isMissingNode()) {
      return true;
    }
    if (!node.isObject()) {
      return false;
    }
    for (JsonNode value : node) {
      if (!value.isNull() && !valueKind.test(value)) {
        return false;
      }
    }
    return true;
  }

  private static int countIdentities(JsonNode identities) {
    int count = 0;
    for (JsonNode namespace : identities) {
      count += namespace.size();
    }
    return count;
  }

  /** With or without the prefix; null is absent. */
  static JsonNode field(JsonNode object, String name) {
    JsonNode value = object.has(name) ? object.get(name) : object.path("xdm:" + name);
    return value.isNull() ? MissingNode.getInstance() : value;
  }
}
