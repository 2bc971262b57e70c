package org.audienceactivation.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The schemas serve editors as much as us: each key must explain itself there. */
class SchemasTest {

  private static JsonNode schema(String name) throws IOException {
    try (InputStream json =
        ConfigSchema.class.getResourceAsStream("/schemas/" + name + ".schema.json")) {
      return new ObjectMapper().readTree(json);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"destination", "audiences", "governance", "policy-api", "consent-policy"})
  void every_key_has_a_title_a_description_a_default_and_examples(String name) throws IOException {
    List<String> incomplete = new ArrayList<>();
    checkKeys(schema(name), "", incomplete);

    assertThat(incomplete).isEmpty();
  }

  private static void checkKeys(JsonNode node, String path, List<String> incomplete) {
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      String place = path + "/" + member.getKey();
      if (member.getKey().equals("properties") && !path.endsWith("/if")) {
        checkProperties(member.getValue(), place, incomplete);
      } else {
        checkKeys(member.getValue(), place, incomplete);
      }
    }
  }

  private static void checkProperties(JsonNode keys, String path, List<String> incomplete) {
    for (Map.Entry<String, JsonNode> key : keys.properties()) {
      boolean explainsItself =
          List.of("title", "description", "default", "examples").stream()
              .allMatch(key.getValue()::has);
      boolean onlyAllowed = key.getValue().isBoolean();
      boolean described = key.getValue().has("$ref") || explainsItself;
      if (!onlyAllowed && !described) {
        incomplete.add(path + "/" + key.getKey());
      }
      checkKeys(key.getValue(), path + "/" + key.getKey(), incomplete);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"destination", "audiences", "governance", "policy-api", "consent-policy"})
  void each_is_a_valid_schema(String name) throws IOException {
    var metaSchema =
        JsonSchemaFactory.getInstance(VersionFlag.V202012)
            .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));

    assertThat(metaSchema.validate(schema(name))).isEmpty();
  }

  @Test
  void a_schema_that_is_not_there_is_a_failure_of_the_build() {
    assertThatThrownBy(() -> ConfigSchema.named("nothing"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("/schemas/nothing.schema.json");
  }
}
