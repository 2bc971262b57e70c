package org.audienceactivation.sample;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShippedSamplesTest {
  private static final Path SHIPPED = Path.of("samples");
  private static final ObjectMapper JSON = new ObjectMapper();

  @Nested
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class Exports {
    private Path regenerated;

    @BeforeAll
    void regenerate(@TempDir Path folder) throws IOException {
      regenerated = folder;
      ShippedSamples.write(regenerated);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "exports/profiles-1.ndjson",
          "exports/profiles-3.ndjson",
          "expected-outcomes.json"
        })
    void are_byte_for_byte_what_the_generator_writes(String file) throws IOException {
      assertThat(Files.mismatch(SHIPPED.resolve(file), regenerated.resolve(file)))
          .as("first byte that differs; ShippedSamples.main writes the samples anew")
          .isEqualTo(-1);
    }

    /** The compressed bytes depend on the zlib that the JDK was built with. */
    @Test
    void are_what_the_generator_writes_inside_the_compressed_one_too() throws IOException {
      assertThat(content("exports/profiles-2.jsonl.gz"))
          .isEqualTo(
              SampleExportsTest.gunzip(
                  Files.readAllBytes(regenerated.resolve("exports/profiles-2.jsonl.gz"))));
    }

    @Test
    void are_expected_to_end_as_a_reader_of_all_three_finds() throws IOException {
      SampleExpectation found =
          ReferenceJudge.judge(content("exports/profiles-1.ndjson"))
              .plus(ReferenceJudge.judge(content("exports/profiles-2.jsonl.gz")))
              .plus(ReferenceJudge.judge(content("exports/profiles-3.ndjson")));

      assertThat(Files.readString(SHIPPED.resolve("expected-outcomes.json")))
          .isEqualTo(found.toJson() + "\n");
    }

    @Test
    void show_every_reason() throws IOException {
      JsonNode expected = json("expected-outcomes.json").at("/destinations/prospects/reasons");

      assertThat(expected.fieldNames())
          .toIterable()
          .containsExactly(
              "consent-refused:consents.share",
              "invalid-utf8",
              "malformed-json",
              "no-identity",
              "not-in-mapped-audience",
              "wrong-type");
    }

    @Test
    void are_small_enough_for_a_repository() throws IOException {
      for (String file :
          new String[] {"profiles-1.ndjson", "profiles-2.jsonl.gz", "profiles-3.ndjson"}) {
        assertThat(Files.size(SHIPPED.resolve("exports").resolve(file))).isLessThan(1_500_000);
      }
    }

    @Test
    void have_windows_line_ends_and_a_byte_order_mark_in_the_third() throws IOException {
      byte[] third = content("exports/profiles-3.ndjson");

      assertThat(ReferenceJudge.hasByteOrderMark(third)).isTrue();
      assertThat(third).endsWith('\r', '\n');
    }

    private byte[] content(String file) throws IOException {
      byte[] bytes = Files.readAllBytes(SHIPPED.resolve(file));
      return file.endsWith(".gz") ? SampleExportsTest.gunzip(bytes) : bytes;
    }
  }

  @Nested
  class TheDocumentedEvent {
    @Test
    void is_the_mapped_part_of_the_documented_profile() throws IOException {
      JsonNode profile = json("seed-profile.json");
      ObjectNode event = JSON.createObjectNode();
      event.putObject("person").set("email", profile.at("/person/email"));
      ObjectNode memberships = event.putObject("segmentMembership").putObject("ups");
      for (SampleAudience audience : SampleAudience.MAPPED) {
        JsonNode membership = profile.at("/segmentMembership/ups/" + audience.id());
        memberships
            .putObject(audience.id())
            .put("lastQualificationTime", membership.get("lastQualificationTime").asText())
            .put("status", membership.get("status").asText());
      }
      ObjectNode identityMap = event.putObject("identityMap");
      for (Map.Entry<String, JsonNode> namespace : profile.get("identityMap").properties()) {
        ArrayNode ids = identityMap.putArray(namespace.getKey());
        namespace.getValue().forEach(identity -> ids.addObject().set("id", identity.get("id")));
      }

      assertThat(event).isEqualTo(json("seed-event.json"));
    }

    @Test
    void names_the_mapped_audiences_in_their_order() throws IOException {
      assertThat(json("seed-event.json").at("/segmentMembership/ups").fieldNames())
          .toIterable()
          .containsExactlyElementsOf(
              SampleAudience.MAPPED.stream().map(SampleAudience::id).toList());
    }

    @Test
    void leaves_things_of_the_profile_out() throws IOException {
      JsonNode profile = json("seed-profile.json");

      assertThat(profile.at("/segmentMembership/ups")).hasSizeGreaterThan(2);
      assertThat(profile.at("/identityMap/ecid/0/primary").asBoolean()).isTrue();
      assertThat(profile.at("/consents/share/val").asText()).isEqualTo("y");
    }
  }

  private static JsonNode json(String file) throws IOException {
    return JSON.readTree(SHIPPED.resolve(file).toFile());
  }
}
