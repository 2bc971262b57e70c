package org.audienceactivation.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.audienceactivation.audience.AudienceCatalogue;
import org.audienceactivation.config.Checked;
import org.audienceactivation.destination.Credentials;
import org.audienceactivation.destination.Destination;
import org.audienceactivation.profile.AudienceRef;
import org.audienceactivation.profile.AudienceScope;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A flow of the vendor's becomes a destination file, and nothing of it is lost in silence. */
class FlowImportTest {

  private static final String FLOW =
      """
      {"items": [{
        "id": "f-1", "name": "Prospects → Kinesis", "description": "For the \\"sales\\" team",
        "state": "enabled", "version": "1", "etag": "x", "targetConnectionIds": ["t-1"],
        "transformations": [{"name": "GeneralTransform", "params": {
          "segmentSelectors": {"selectors": [
            {"type": "PLATFORM_SEGMENT", "value": {"id": "0c1d6a52-7d3e-4f0e-9b61-2f9a3f6f1a10",
              "name": "Lapsed premium", "createTime": "1758093600", "updateTime": "1758093700"}},
            {"type": "PLATFORM_SEGMENT", "value": {"id": "b7e0f2c4", "filenameTemplate": "x_%DATE%"}}]},
          "profileSelectors": {"mandatoryFields": ["personalEmail.address"], "selectors": [
            {"type": "JSON_PATH", "value": {"operator": "EXISTS", "path": "xdm:personalEmail.xdm:address"}},
            {"type": "JSON_PATH", "value": {"operator": "EXISTS", "path": "person.name.firstName"},
              "mapping": {"source": "person.name.firstName", "destination": "first"}},
            {"type": "JSON_PATH", "value": {"operator": "EXISTS", "path": "segmentMembership.status"}}]}
        }}]}]}
      """;

  private static final String TARGET =
      """
      {"id": "t-1", "data": {"format": "json"}, "params": {"stream": "prospects", "region": "eu-west-1"}}
      """;

  private static final String BASE =
      """
      {"auth": {"specName": "Aws Kinesis authentication credentials",
        "params": {"accessKeyId": "AKIAEXAMPLE", "secretKey": "hush-hush", "region": "eu-west-1"}}}
      """;

  private static FlowImport imported(String... texts) throws FlowException {
    Map<String, String> files = new LinkedHashMap<>();
    for (int i = 0; i < texts.length; i++) {
      files.put("file" + (i + 1) + ".json", texts[i]);
    }
    return FlowImport.of(files, Optional.empty(), Optional.empty());
  }

  private static Destination read(FlowImport made) {
    Checked<Destination> read =
        Destination.read(
            "destinations/" + made.name() + ".yaml",
            made.yaml(),
            text ->
                text.replaceAll("\\{\\{env:.*REGION}}", "eu-west-1").replaceAll("\\{\\{.*?}}", "x"),
            AudienceCatalogue.empty());
    assertThat(read.problems()).isEmpty();
    return read.toOptional().orElseThrow();
  }

  private static String leftOut(FlowImport made) {
    return made.leftOut().stream().map(LeftOut::toString).collect(Collectors.joining("\n"));
  }

  @Nested
  class What_is_carried_over {

    @Test
    void stream_audiences_attributes_and_since_when_they_are_mapped() throws Exception {
      FlowImport made = imported(FLOW, TARGET, BASE);
      Destination destination = read(made);

      assertThat(made.name()).isEqualTo("prospects-kinesis");
      assertThat(destination.description()).isEqualTo("For the \"sales\" team");
      assertThat(destination.stream().name()).isEqualTo("prospects");
      assertThat(destination.stream().region()).isEqualTo("eu-west-1");
      assertThat(destination.audiences())
          .isEqualTo(
              AudienceScope.of(
                  AudienceRef.ups("0c1d6a52-7d3e-4f0e-9b61-2f9a3f6f1a10"),
                  AudienceRef.ups("b7e0f2c4")));
      assertThat(destination.mappedAt()).hasSize(1);
      assertThat(destination.attributes())
          .extracting(Object::toString)
          .containsExactly("personalEmail.address", "person.name.firstName");
    }

    @Test
    void names_go_to_the_catalogue() throws Exception {
      assertThat(imported(FLOW, TARGET).catalogue())
          .isEqualTo(
              """
                - id: "0c1d6a52-7d3e-4f0e-9b61-2f9a3f6f1a10"
                  name: "Lapsed premium"
              """);
    }

    @Test
    void no_credentials() throws Exception {
      FlowImport made = imported(FLOW, TARGET, BASE);

      assertThat(read(made).credentials()).isInstanceOf(Credentials.Static.class);
      assertThat(made.yaml() + made.catalogue() + leftOut(made))
          .contains("{{env:PROSPECTS_KINESIS_SECRET_ACCESS_KEY}}")
          .doesNotContain("hush")
          .doesNotContain("AKIA");
    }

    @Test
    void the_same_of_a_bare_flow_and_of_all_parts_in_one_file() throws Exception {
      String bare = FLOW.strip().replaceFirst("\\{\"items\": \\[", "").replaceFirst("]}$", "");
      String together = "[{\"flow\": %s, \"targetConnection\": %s}]".formatted(bare, TARGET);

      assertThat(imported(bare, TARGET).yaml()).isEqualTo(imported(FLOW, TARGET).yaml());
      assertThat(imported(together).yaml()).isEqualTo(imported(FLOW, TARGET).yaml());
    }
  }

  @Nested
  class What_is_left_out {

    @Test
    void is_listed_with_its_place() throws Exception {
      FlowImport made = imported(FLOW.replace("\"enabled\"", "\"disabled\""), TARGET);

      assertThat(leftOut(made))
          .contains("file1.json#/items/0/state: the flow is not enabled")
          .contains(
              "/segmentSelectors/selectors/1/value/filenameTemplate: only for exports of files")
          .contains("/profileSelectors/mandatoryFields: only for exports of files")
          .contains("/profileSelectors/selectors/1/mapping/destination: attributes are sent under")
          .contains(
              "/profileSelectors/selectors/2: segmentMembership.status: segmentMembership is");
    }

    @Test
    void a_stream_that_no_file_names_is_asked_for() throws Exception {
      FlowImport made = imported(FLOW);

      assertThat(made.yaml()).contains("name: \"{{env:PROSPECTS_KINESIS_STREAM}}\"");
      assertThat(leftOut(made)).contains("set the environment variable PROSPECTS_KINESIS_STREAM");
    }

    @Test
    void what_looks_like_a_placeholder_is_none_in_the_file() throws Exception {
      FlowImport made =
          imported(
              FLOW.replace("For the", "{{env:HOME}} For the")
                  .replace("b7e0f2c4", "{{sys:user.name}}"),
              TARGET);

      assertThat(made.yaml()).doesNotContain("{{env:HOME}}").doesNotContain("{{sys");
      assertThat(read(made).audiences())
          .isEqualTo(AudienceScope.of(AudienceRef.ups("0c1d6a52-7d3e-4f0e-9b61-2f9a3f6f1a10")));
      assertThat(leftOut(made)).contains("placeholder");
    }

    /** Each selector is in the file or in the list, whatever they are. */
    @Test
    void is_never_left_out_in_silence() throws Exception {
      List<String> paths =
          List.of(
              "person.name",
              "person.name.firstName",
              "a.b",
              "a",
              "identityMap",
              "_t.x",
              "a..b",
              "",
              "x[0]",
              "segmentMembership.ups",
              "consents.idSpecific",
              "a.b",
              "\u00fc.\ud83d\ude00");
      for (int seed = 0; seed < 200; seed++) {
        Random random = new Random(seed);
        List<String> selectors = new ArrayList<>();
        for (int i = random.nextInt(8); i >= 0; i--) {
          selectors.add(
              "{\"type\":\"JSON_PATH\",\"value\":{\"path\":\"%s\"}}"
                  .formatted(paths.get(random.nextInt(paths.size()))));
        }
        List<String> audiences = new ArrayList<>();
        for (int i = random.nextInt(5); i >= 0; i--) {
          audiences.add(
              "{\"type\":\"%s\",\"value\":{\"id\":\"%s\",\"name\":\"n\\n\\u0000: #\\\"\"}}"
                  .formatted(
                      random.nextInt(4) == 0 ? "OTHER" : "PLATFORM_SEGMENT",
                      random.nextInt(4) == 0 ? "" : "id: '" + random.nextInt(4)));
        }
        FlowImport made =
            imported(
                """
                {"flowSpec":{}, "name":"f", "transformations":[{"params":{
                  "profileSelectors":{"selectors":[%s]}, "segmentSelectors":{"selectors":[%s]}}}]}
                """
                    .formatted(String.join(",", selectors), String.join(",", audiences)),
                TARGET);

        Destination destination = read(made);
        int carried = destination.attributes().size();
        if (destination.audiences() instanceof AudienceScope.Listed listed) {
          carried += listed.audiences().size();
        }
        long selectorsLeft =
            made.leftOut().stream().filter(one -> one.place().matches(".*/selectors/\\d+")).count();
        assertThat(carried + selectorsLeft)
            .as("seed " + seed)
            .isEqualTo(selectors.size() + audiences.size());
      }
    }
  }

  @Nested
  class What_is_no_flow {

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "{\"a\": | file1.json:1:",
          "17 | is no JSON object or array",
          "{} | there is no flow",
          "[] | there is no flow",
        })
    void is_refused_with_its_place(String text, String message) {
      assertThatThrownBy(() -> imported(text))
          .isInstanceOf(FlowException.class)
          .hasMessageContaining("file1.json")
          .hasMessageContaining(message);
    }

    @Test
    void what_is_broken_is_not_quoted() {
      assertThatThrownBy(() -> imported("{\"auth\": {\"secretKey\": hush-hush}}"))
          .isInstanceOf(FlowException.class)
          .hasMessageNotContaining("hush");
    }

    @Test
    void nesting_without_end_is_refused() {
      assertThatThrownBy(() -> imported("[".repeat(100_000))).isInstanceOf(FlowException.class);
    }

    @Test
    void of_several_flows_one_must_be_named() throws Exception {
      String two =
          "[{\"id\":\"1\",\"flowSpec\":{}},{\"id\":\"2\",\"flowSpec\":{}, \"name\":\"b\"}]";

      assertThatThrownBy(() -> imported(two)).hasMessageContaining("--flow: 1, 2");
      assertThat(FlowImport.of(Map.of("f", two), Optional.of("2"), Optional.empty()).name())
          .isEqualTo("b");
    }
  }
}
