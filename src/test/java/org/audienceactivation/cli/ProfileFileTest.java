package org.audienceactivation.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.audienceactivation.profile.NdjsonReader;
import org.audienceactivation.profile.RawRecord;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProfileFileTest {
  @TempDir Path folder;

  private List<String> recordsOf(String name, byte[] content) throws IOException {
    Path file = Files.write(folder.resolve(name), content);
    List<String> records = new ArrayList<>();
    try (NdjsonReader reader = ProfileFile.open(file)) {
      while (reader.hasNext()) {
        for (RawRecord record : reader.next()) {
          records.add(textOf(record).replaceAll("\\s+", ""));
        }
      }
    }
    return records;
  }

  private static String textOf(RawRecord record) {
    return new String(record.bytes(), StandardCharsets.UTF_8);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(utf8(text));
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "NDJSON                         | {\"a\":1}~{\"a\":2}~           | {\"a\":1} {\"a\":2}",
        "NDJSON with Windows line ends  | {\"a\":1}^~{\"a\":2}^~         | {\"a\":1} {\"a\":2}",
        "one line without its end       | {\"a\":1}                      | {\"a\":1}",
        "one profile over several lines | {~ \"a\": 1,~ \"b\": {~ }~}~   | {\"a\":1,\"b\":{}}",
        "the same after empty lines     | ~~{~ \"a\": 1~}                | {\"a\":1}",
        "several profiles, laid out     | {~\"a\": 1~}~{~\"a\": 2~}      | {\"a\":1} {\"a\":2}",
        "an array over several lines    | [~ {\"a\": 1},~ {\"a\": 2}~]   | {\"a\":1} {\"a\":2}",
        "an array in one line           | [{\"a\":1},{\"a\":[2]}]        | {\"a\":1} {\"a\":[2]}",
        "a broken line among good ones  | {\"a\":1}~nonsense~{\"a\":2}   | {\"a\":1} nonsense {\"a\":2}",
        "first line broken              | nonsense~{\"a\":2}             | nonsense {\"a\":2}",
      })
  void is_read_profile_by_profile(String layout, String text, String records) throws IOException {
    String content = text.replace('~', '\n').replace('^', '\r');
    List<String> expected = Arrays.asList(records.split(" ", -1));

    assertThat(recordsOf("p.json", utf8(content))).as(layout).isEqualTo(expected);
    assertThat(recordsOf("p.json.gz", gzip(content))).as(layout).isEqualTo(expected);
  }

  @Test
  void what_is_not_ascii_stays_as_it_is() throws IOException {
    assertThat(recordsOf("p.json", utf8("{\n\"é\":\n\"日本 😀\"}\n{\n\"ü\":2}")))
        .containsExactly("{\"é\":\"日本😀\"}", "{\"ü\":2}");
  }

  @Test
  void an_empty_file_has_no_record() throws IOException {
    assertThat(recordsOf("p.json", new byte[0])).isEmpty();
  }

  @Nested
  class Damaged {
    @Test
    void a_truncated_gzip_costs_no_record_that_can_still_be_read() throws IOException {
      StringBuilder lines = new StringBuilder();
      for (int i = 0; i < 20_000; i++) {
        lines.append("{\"a\":").append(i * 7919L % 104_729).append("}\n");
      }
      byte[] whole = gzip(lines.toString());

      List<String> records = recordsOf("p.ndjson.gz", Arrays.copyOf(whole, whole.length - 20));

      assertThat(records).hasSizeGreaterThan(10_000).startsWith("{\"a\":0}", "{\"a\":7919}");
    }
  }

  @Nested
  class Big {
    @Test
    void more_than_anybody_lays_out_by_hand_is_read_as_ndjson() throws IOException {
      String line = "{\"a\":\"" + "x".repeat(1000) + "\"}\n";
      int lines = 17_000;

      assertThat(recordsOf("p.ndjson", utf8(line.repeat(lines)))).hasSize(lines);
    }
  }
}
