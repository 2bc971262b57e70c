package org.audienceactivation.audience;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.function.UnaryOperator;
import org.audienceactivation.config.Checked;
import org.audienceactivation.config.Problem;
import org.audienceactivation.profile.AudienceRef;
import org.junit.jupiter.api.Test;

class AudienceCatalogueTest {

  private static Checked<AudienceCatalogue> read(String yaml) {
    return AudienceCatalogue.read("audiences.yaml", yaml, UnaryOperator.identity());
  }

  @Test
  void audiences_are_found_by_reference_and_by_name() {
    AudienceCatalogue catalogue =
        read("""
                audiences:
                  - id: a
                    name: Prospects
                    description: Asked for a demo
                  - id: a
                    namespace: AAM
                    name: Prospects
                  - {id: n, name: y}
                """)
            .toOptional()
            .orElseThrow();

    assertThat(catalogue.find(AudienceRef.ups("a")))
        .contains(new Audience(AudienceRef.ups("a"), "Prospects", Optional.of("Asked for a demo")));
    assertThat(catalogue.find(AudienceRef.ups("b"))).isEmpty();
    assertThat(catalogue.named("Prospects")).hasSize(2);
    assertThat(catalogue.named("y"))
        .extracting(Audience::ref)
        .containsExactly(AudienceRef.ups("n"));
    assertThat(catalogue.audiences()).hasSize(3);
  }

  @Test
  void every_mistake_is_told_with_its_line() {
    assertThat(
            read("""
                    audiences:
                      - id: 12
                        name: A
                      - id: b
                        nam: B
                    audience: []
                    """)
                .problems())
        .extracting(Problem::toString)
        .containsExactly(
            "audiences.yaml:2: audiences[0].id: must be a string, is a number",
            "audiences.yaml:4: audiences[1].name: is missing",
            "audiences.yaml:5: audiences[1].nam: unknown key; allowed: id, namespace, name, description, createdAt, updatedAt",
            "audiences.yaml:6: audience: unknown key; allowed: audiences");
  }

  @Test
  void an_audience_stands_there_once() {
    assertThat(
            read("audiences:\n- {id: a, name: A}\n- {id: a, namespace: ups, name: B}\n").problems())
        .extracting(Problem::toString)
        .containsExactly("audiences.yaml:3: audiences[1]: the audience a stands in line 2 already");
  }

  @Test
  void an_empty_file_is_told() {
    assertThat(read("# nothing yet\n").problems())
        .extracting(Problem::toString)
        .containsExactly("audiences.yaml:1: the file is empty");
  }
}
