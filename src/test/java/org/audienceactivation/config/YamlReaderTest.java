package org.audienceactivation.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlReaderTest {

  private static Checked<ConfigFile> read(String yaml) {
    return YamlReader.read("f.yaml", yaml, UnaryOperator.identity());
  }

  private static ConfigFile file(String yaml) {
    Checked<ConfigFile> checked = read(yaml);
    assertThat(checked.problems()).isEmpty();
    return checked.toOptional().orElseThrow();
  }

  private static Iterable<String> problems(String yaml) {
    return read(yaml).problems().stream().map(Problem::toString).toList();
  }

  @Nested
  class Values {

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "y        | \"y\"",
          "no       | \"no\"",
          "on       | \"on\"",
          "true     | true",
          "~        | null",
          "012      | 12",
          "0o17     | 15",
          "0x1F     | 31",
          "'12'     | \"12\"",
          "1.50     | 1.50",
          "2020-05-25T21:24:39Z | \"2020-05-25T21:24:39Z\"",
          "99999999999 | 99999999999",
          "[a, {b: c}] | [\"a\",{\"b\":\"c\"}]"
        })
    void are_those_of_yaml_1_2(String yaml, String json) {
      assertThat(file("k: " + yaml).root().get("k")).hasToString(json);
    }

    @Test
    void a_byte_order_mark_is_no_part_of_the_first_key() {
      assertThat(file("\uFEFFk: 1\n").root()).hasToString("{\"k\":1}");
    }

    @Test
    void every_node_has_its_line() {
      ConfigFile file = file("a:\n  b: 1\n  c:\n    - x\n    - y: z\nd/e: 2\n");

      assertThat(file.lineOf("/a")).isEqualTo(1);
      assertThat(file.lineOf("/a/b")).isEqualTo(2);
      assertThat(file.lineOf("/a/c/0")).isEqualTo(4);
      assertThat(file.lineOf("/a/c/1/y")).isEqualTo(5);
      assertThat(file.lineOf("/d~1e")).isEqualTo(6);
      assertThat(file.lineOf("/a/missing")).isEqualTo(1);
      assertThat(file.problem("/a/c/1/y", "is odd")).hasToString("f.yaml:5: a.c[1].y: is odd");
    }
  }

  @Nested
  class Placeholders {

    private static String resolve(String text) {
      if (text.contains("{{unknown}}")) {
        throw new IllegalArgumentException("some other text with a secret");
      }
      return text.replace("{{o:{{n}}}}", "11")
          .replace("{{n}}", "12")
          .replace("{{no}}", "n")
          .replace("{{empty}}", "");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "'{{n}}'    | 12",
          "'a-{{n}}'  | \"a-12\"",
          "'{{n}}{{n}}' | \"1212\"",
          "'{{o:{{n}}}}' | 11",
          "'{{no}}'   | \"n\"",
          "'{{empty}}' | \"\""
        })
    void a_value_that_is_only_a_placeholder_is_read_as_yaml_again(String yaml, String json) {
      ConfigFile file =
          YamlReader.read("f", "k: " + yaml, Placeholders::resolve).toOptional().orElseThrow();

      assertThat(file.root().get("k")).hasToString(json);
    }

    @Test
    void one_that_cannot_be_resolved_is_told_without_its_default() {
      assertThat(
              YamlReader.read(
                      "f",
                      "a: '{{unknown}}'\nb: '{{env:X:secret}}{{unknown}}'\n",
                      Placeholders::resolve)
                  .problems())
          .extracting(Problem::toString)
          .containsExactly(
              "f:1: cannot resolve {{unknown}}", "f:2: cannot resolve {{env:X}}{{unknown}}");
    }
  }

  @Nested
  class Aliases {

    @Test
    void repeat_values_and_merge_mappings() {
      ConfigFile file =
          file("base: &base {a: 1, b: 2}\nother: *base\nmerged:\n  <<: *base\n  b: 3\n");

      assertThat(file.root().get("other")).hasToString("{\"a\":1,\"b\":2}");
      assertThat(file.root().get("merged")).hasToString("{\"b\":3,\"a\":1}");
    }

    @Test
    void cannot_multiply_without_bound() {
      StringBuilder bomb = new StringBuilder("l0: &l0 [x, x, x, x, x, x]\n");
      for (int level = 1; level <= 8; level++) {
        String alias = "*l" + (level - 1);
        bomb.append(
            "l%d: &l%d [%s]\n"
                .formatted(
                    level, level, String.join(", ", alias, alias, alias, alias, alias, alias)));
      }

      assertThat(problems(bomb.toString())).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 20_000})
    void cannot_be_nested_without_bound(int levels) {
      String deep = "a: " + "[".repeat(levels) + "]".repeat(levels) + "\n";

      assertThat(problems(deep)).containsExactly("f.yaml:1: is nested deeper than 100 levels");
    }

    @Test
    void cannot_contain_themselves() {
      assertThat(problems("a: &a\n  b: *a\n")).singleElement().asString().startsWith("f.yaml:");
    }
  }

  @Nested
  class Mistakes {

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "a: 1\\na: 2             | f.yaml:2: a: stands in line 1 already",
          "a: 1\\n---\\nb: 2       | f.yaml:3: a second document; one file holds one",
          "a: !secret x            | f.yaml:1: the tag !secret has no meaning here",
          "a: .nan                 | f.yaml:1: not a number that can be used",
          "a: x\\n b: y            | f.yaml:2: not YAML: mapping values are not allowed here",
          "a: {{x}}-y              | f.yaml:1: not YAML: expected <block end>, but found '<scalar>'; a placeholder stands in quotes: \"{{name}}\"",
          "a: b\\n<<: c            | f.yaml:2: not YAML: Expected mapping node or an anchor referencing mapping"
        })
    void are_one_line_each(String yaml, String problem) {
      assertThat(problems(yaml.replace("\\n", "\n"))).containsExactly(problem);
    }
  }
}
