package org.audienceactivation.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * One of the JSON Schemas (draft 2020-12) that say what our configuration files may hold, applied
 * to YAML. The same files complete and explain the configuration in editors. Thread-safe.
 */
public final class ConfigSchema {

  private static final JsonMetaSchema META_SCHEMA =
      JsonMetaSchema.builder(JsonMetaSchema.getV202012())
          .keyword(new NonValidationKeyword(SchemaMessages.EXPECTED))
          .build();
  private static final SchemaValidatorsConfig SETTINGS =
      SchemaValidatorsConfig.builder().pathType(PathType.JSON_POINTER).build();

  private final JsonNode source;
  private final JsonSchema schema;

  private ConfigSchema(JsonNode source) {
    this.source = source;
    this.schema =
        JsonSchemaFactory.getInstance(
                VersionFlag.V202012,
                factory ->
                    factory.metaSchema(META_SCHEMA).defaultMetaSchemaIri(META_SCHEMA.getIri()))
            .getSchema(source, SETTINGS);
  }

  /**
   * The schema that is packed as {@code schemas/NAME.schema.json}.
   *
   * @throws IllegalStateException if the class path has no such schema
   */
  public static ConfigSchema named(String name) {
    String resource = "/schemas/" + name + ".schema.json";
    try (InputStream json = ConfigSchema.class.getResourceAsStream(resource)) {
      if (json == null) {
        throw new IllegalStateException("the class path has no " + resource);
      }
      return new ConfigSchema(new ObjectMapper().readTree(json));
    } catch (IOException e) {
      throw new IllegalStateException(resource + " cannot be read", e);
    }
  }

  /**
   * Reads YAML, resolves placeholders in its scalars and checks it against this schema.
   *
   * @param file how problems name the file
   * @param placeholders gets a text with one or more <code>{{…}}</code> and gives it back with
   *     their values, or throws
   * @return the root of a tree that this schema accepts, or all problems
   */
  public Checked<ConfigNode> read(String file, String yaml, UnaryOperator<String> placeholders) {
    return YamlReader.read(file, yaml, placeholders).flatMap(this::check);
  }

  private Checked<ConfigNode> check(ConfigFile file) {
    Set<ValidationMessage> messages = schema.validate(file.root());
    if (takeGuessedValuesAsText(file, messages)) {
      messages = schema.validate(file.root());
    }
    SchemaMessages ours = new SchemaMessages(source, file);
    List<Problem> problems = messages.stream().map(ours::problem).toList();
    return Checked.of(new ConfigNode(file, file.root(), ""), problems);
  }

  /** A password of digits is text, however much a placeholder's value looks like a number. */
  private static boolean takeGuessedValuesAsText(ConfigFile file, Set<ValidationMessage> messages) {
    boolean changed = false;
    for (ValidationMessage message : messages) {
      String pointer = message.getInstanceLocation().toString();
      boolean guessed =
          message.getType().equals("type")
              && SchemaMessages.allowedTypes(message).contains("string")
              && file.resolved(pointer).isPresent();
      if (guessed) {
        file.takeAsText(pointer);
        changed = true;
      }
    }
    return changed;
  }
}
