package org.audienceactivation.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import org.snakeyaml.engine.v2.schema.Schema;

/**
 * Turns the text of one YAML file into a {@link ConfigFile}. YAML 1.2, so {@code y}, {@code n} and
 * {@code on} are text. Aliases and merge keys work; what they multiply to is bounded.
 *
 * <p>Placeholders in scalars are resolved here. A scalar that is nothing but a placeholder is read
 * again as YAML, so that a number from outside is a number. One object reads one file.
 */
final class YamlReader {

  private static final int MOST_NODES = 100_000;
  private static final int DEEPEST = 100;
  private static final Schema SCHEMA = new CoreSchema();

  /** Keys that are no text are let in here, so that the message about them is ours. */
  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setSchema(SCHEMA).setAllowNonScalarKeys(true).build();

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(.*?)}}");

  /** The prefixes of Camel's placeholder functions, after which the name comes. */
  private static final Set<String> FUNCTIONS =
      Set.of("env", "sys", "service", "service.name", "service.host", "service.port", "bean");

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String QUOTES_HINT = "a placeholder stands in quotes: \"{{name}}\"";

  private final String file;
  private final UnaryOperator<String> placeholders;
  private final Map<String, Integer> lines = new HashMap<>();
  private final Map<String, ConfigFile.Resolved> resolved = new HashMap<>();
  private final List<Problem> problems = new ArrayList<>();
  private final Set<Node> open = new HashSet<>();
  private int nodes;

  private YamlReader(String file, UnaryOperator<String> placeholders) {
    this.file = file;
    this.placeholders = placeholders;
  }

  static Checked<ConfigFile> read(String file, String yaml, UnaryOperator<String> placeholders) {
    YamlReader reader = new YamlReader(file, placeholders);
    Optional<ConfigFile> read = reader.read(yaml);
    return reader.problems.isEmpty() && read.isPresent()
        ? new Checked.Valid<>(read.get())
        : new Checked.Invalid<>(reader.problems);
  }

  /** As far as it can be read, with placeholders as they are written. */
  static YamlDocument document(String file, String yaml) {
    YamlReader reader = new YamlReader(file, UnaryOperator.identity());
    Optional<ConfigNode> root =
        reader.read(yaml).map(read -> new ConfigNode(read, read.root(), ""));
    return new YamlDocument(root, reader.problems);
  }

  private Optional<ConfigFile> read(String yaml) {
    try {
      return read(new Compose(SETTINGS).composeAllFromString(yaml).iterator());
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().or(e::getContextMark).map(Mark::getLine).orElse(0) + 1;
      return failed(line, notReadable() + e.getProblem() + hint(yaml, line));
    } catch (YamlEngineException e) {
      return failed(1, notReadable() + firstLine(e));
    } catch (StackOverflowError e) { // of the library, at some thousands of levels
      return failed(1, "is nested deeper than " + DEEPEST + " levels");
    }
  }

  private String notReadable() {
    return file.endsWith(".json") ? "not JSON: " : "not YAML: ";
  }

  private Optional<ConfigFile> read(Iterator<Node> documents) {
    if (!documents.hasNext()) {
      return failed(1, "the file is empty");
    }
    JsonNode root = convert(documents.next(), "");
    if (documents.hasNext()) {
      problem(documents.next(), "a second document; one file holds one");
    }
    return Optional.of(new ConfigFile(file, root, lines, resolved));
  }

  private JsonNode convert(Node node, String pointer) {
    lines.putIfAbsent(pointer, line(node));
    if (++nodes > MOST_NODES) {
      return tooMany(node);
    }
    if (node instanceof ScalarNode scalar) {
      return scalar(scalar, pointer);
    }
    if (open.size() == DEEPEST) {
      problem(node, "is nested deeper than " + DEEPEST + " levels");
      return JSON.nullNode();
    }
    if (!open.add(node)) {
      problem(node, "an alias within what it stands for");
      return JSON.nullNode();
    }
    JsonNode converted =
        node instanceof MappingNode mapping
            ? mapping(mapping, pointer)
            : sequence((SequenceNode) node, pointer);
    open.remove(node);
    return converted;
  }

  private JsonNode tooMany(Node node) {
    if (nodes == MOST_NODES + 1) {
      problem(node, "more than " + MOST_NODES + " values, counting what aliases repeat");
    }
    return JSON.nullNode();
  }

  private ArrayNode sequence(SequenceNode sequence, String pointer) {
    ArrayNode array = JSON.arrayNode();
    for (Node item : sequence.getValue()) {
      array.add(convert(item, pointer + "/" + array.size()));
    }
    return array;
  }

  private ObjectNode mapping(MappingNode mapping, String pointer) {
    ObjectNode object = JSON.objectNode();
    Map<String, Integer> firstLines = new HashMap<>();
    for (NodeTuple entry : mapping.getValue()) {
      if (!(entry.getKeyNode() instanceof ScalarNode key)) {
        problem(entry.getKeyNode(), "a key must be text; " + QUOTES_HINT);
        continue;
      }
      Integer first = firstLines.putIfAbsent(key.getValue(), line(key));
      if (first != null) {
        problem(key, key.getValue() + ": stands in line " + first + " already");
        continue;
      }
      put(object, key, entry.getValueNode(), pointer);
    }
    return object;
  }

  private void put(ObjectNode object, ScalarNode key, Node value, String pointer) {
    String child = ConfigFile.child(pointer, key.getValue());
    lines.put(child, line(key));
    object.set(key.getValue(), convert(value, child));
  }

  private JsonNode scalar(ScalarNode scalar, String pointer) {
    String text = scalar.getValue();
    if (!text.contains("{{")) {
      return value(text, scalar.getTag(), scalar);
    }
    String replaced = resolve(scalar, pointer);
    if (!isOnePlaceholder(text)) {
      return JSON.textNode(replaced);
    }
    JsonNode value = value(replaced, SCHEMA.getScalarResolver().resolve(replaced, true), scalar);
    return value.isNull() ? JSON.textNode(replaced) : value;
  }

  /** True if the braces that open first close last; placeholders may hold others. */
  private static boolean isOnePlaceholder(String text) {
    int depth = 0;
    int at = 0;
    while (at < text.length() - 1) {
      boolean opens = text.startsWith("{{", at);
      boolean closes = text.startsWith("}}", at);
      depth += opens ? 1 : closes ? -1 : 0;
      at += opens || closes ? 2 : 1;
      if (depth == 0) {
        return at == text.length();
      }
    }
    return false;
  }

  private String resolve(ScalarNode scalar, String pointer) {
    String text = scalar.getValue();
    String shown = withoutDefaults(text);
    try {
      String replaced = placeholders.apply(text);
      resolved.put(pointer, new ConfigFile.Resolved(shown, replaced));
      return replaced;
    } catch (RuntimeException e) {
      problem(scalar, "cannot resolve " + shown);
      resolved.put(pointer, new ConfigFile.Resolved(shown, ""));
      return "";
    }
  }

  /** Without the defaults that placeholders carry, which may be secrets. */
  private static String withoutDefaults(String text) {
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(
            match -> {
              String[] parts = match.group(1).split(":", -1);
              boolean hasFunction = parts.length > 1 && FUNCTIONS.contains(parts[0]);
              String name = hasFunction ? parts[0] + ":" + parts[1] : parts[0];
              return Matcher.quoteReplacement("{{" + name + "}}");
            });
  }

  private JsonNode value(String text, Tag tag, Node node) {
    if (tag.equals(Tag.STR)) {
      return JSON.textNode(text);
    }
    if (tag.equals(Tag.NULL)) {
      return JSON.nullNode();
    }
    if (tag.equals(Tag.BOOL)) {
      return JSON.booleanNode(Boolean.parseBoolean(text));
    }
    try {
      if (tag.equals(Tag.INT)) {
        return integer(text);
      }
      if (tag.equals(Tag.FLOAT)) {
        return JSON.numberNode(new BigDecimal(text));
      }
    } catch (NumberFormatException e) {
      problem(node, "not a number that can be used");
      return JSON.nullNode();
    }
    problem(node, "the tag " + tag.getValue() + " has no meaning here");
    return JSON.nullNode();
  }

  private static JsonNode integer(String text) {
    BigInteger value =
        text.startsWith("0o")
            ? new BigInteger(text.substring(2), 8)
            : text.startsWith("0x") ? new BigInteger(text.substring(2), 16) : new BigInteger(text);
    return value.bitLength() < Integer.SIZE
        ? JSON.numberNode(value.intValue())
        : JSON.numberNode(value);
  }

  private void problem(Node node, String message) {
    problems.add(new Problem(file, line(node), message));
  }

  private Optional<ConfigFile> failed(int line, String message) {
    problems.add(new Problem(file, line, message));
    return Optional.empty();
  }

  private static int line(Node node) {
    return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
  }

  private static String hint(String yaml, int line) {
    boolean hasPlaceholder =
        yaml.lines().skip(line - 1L).findFirst().filter(text -> text.contains("{{")).isPresent();
    return hasPlaceholder ? "; " + QUOTES_HINT : "";
  }

  private static String firstLine(YamlEngineException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("cannot be read");
  }
}
