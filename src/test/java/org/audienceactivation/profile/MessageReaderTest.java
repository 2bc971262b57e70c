package org.audienceactivation.profile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.audienceactivation.accounting.ReasonCode;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageReaderTest {

  private static final MessageReader.Limits SMALL =
      new MessageReader.Limits(new NdjsonReader.Limits(3, 200, 100), 1_000);

  private static List<RawRecord> read(String body) {
    return read(body.getBytes(UTF_8), MessageReader.Limits.DEFAULT);
  }

  private static List<RawRecord> read(byte[] body, MessageReader.Limits limits) {
    return all(MessageReader.open("m", body, limits));
  }

  private static List<RawRecord> all(RecordReader reader) {
    List<RawRecord> records = new ArrayList<>();
    reader.forEachRemaining(
        batch -> {
          assertThat(batch).isNotEmpty();
          records.addAll(batch);
        });
    return records;
  }

  private static List<String> texts(List<RawRecord> records) {
    return records.stream().map(RawRecord::text).toList();
  }

  private static List<Long> positions(List<RawRecord> records) {
    return records.stream().map(RawRecord::line).toList();
  }

  private static ReasonCode code(RawRecord record) {
    return record.rejection().orElseThrow().reason().code();
  }

  private static void assertIsNoProfile(RawRecord record) {
    assertThat(new ProfileReader(Projection.NOTHING).read(record)).isInstanceOf(Rejection.class);
  }

  @Nested
  class OneProfile {
    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":1}", " {\"a\":1}\r\n", "\n\n{\"a\":1}\n\n", "\uFEFF{\"a\":1}"})
    void on_one_line_is_one_record_without_the_white_space_around_it(String body) {
      List<RawRecord> records = read(body);

      assertThat(texts(records)).containsExactly("{\"a\":1}");
    }

    @Test
    void on_several_lines_is_one_record() {
      String pretty = "{\n  \"a\": [\n    {\"b\": 1}\n  ]\n}";

      assertThat(texts(read(pretty + "\n"))).containsExactly(pretty);
    }

    @Test
    void has_the_bytes_of_the_message_without_a_copy() {
      byte[] body = "{\"a\":1}".getBytes(UTF_8);

      assertThat(read(body, MessageReader.Limits.DEFAULT).get(0).buffer()).isSameAs(body);
    }
  }

  @Nested
  class Lines {
    @Test
    void are_one_record_each_and_a_broken_one_costs_itself_only() {
      List<RawRecord> records = read("{\"person\":\n{\"a\":1}\n\n{\"b\":2}");

      assertThat(texts(records)).containsExactly("{\"person\":", "{\"a\":1}", "{\"b\":2}");
      assertThat(positions(records)).containsExactly(1L, 2L, 4L);
    }
  }

  @Nested
  class AnArray {
    @Test
    void has_its_elements_as_records_with_their_exact_bytes() {
      List<RawRecord> records = read("[ {\"a\" : \"]},[\\\"\"}\n,\n{\"b\":\n[1]} ]\n");

      assertThat(texts(records)).containsExactly("{\"a\" : \"]},[\\\"\"}", "{\"b\":\n[1]}");
      assertThat(positions(records)).containsExactly(1L, 2L);
    }

    @Test
    void of_nothing_says_itself_that_there_is_nothing() {
      assertThat(read(" [ ]\n")).isEmpty();
    }

    @Test
    void with_elements_that_are_no_profiles_goes_on_behind_them() {
      List<RawRecord> records = read("[1, \"x\", {\"a\":}, null,{\"b\":2}]");

      assertThat(texts(records)).containsExactly("1", "\"x\"", "{\"a\":}", "null", "{\"b\":2}");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "[{\"a\":1},{\"b\":2},{\"c\":",
          "[{\"a\":1},{\"b\":2}",
          "[{\"a\":1},{\"b\":2},",
          "[{\"a\":1},{\"b\":2},]",
          "[{\"a\":1},{\"b\":2} {\"c\":3}]",
          "[{\"a\":1},{\"b\":2}] {\"c\":3}",
          "[{\"a\":1},{\"b\":2},nonsense:3,{\"c\":3}]"
        })
    void that_is_broken_costs_one_record_after_the_last_whole_one(String body) {
      List<RawRecord> records = read(body);

      assertThat(texts(records).subList(0, 2)).containsExactly("{\"a\":1}", "{\"b\":2}");
      assertThat(records).hasSize(3);
      assertThat(code(records.get(2))).isEqualTo(ReasonCode.MALFORMED_JSON);
      assertThat(body).endsWith(records.get(2).text());
    }
  }

  @Nested
  class SomethingElse {
    @ParameterizedTest
    @ValueSource(strings = {"hello", "hello\nworld\n!", "{\"a\":\n  {\"b\":1}\n", "\"text\"", "42"})
    void is_one_record_that_is_no_profile(String body) {
      List<RawRecord> records = read(body);

      assertThat(texts(records)).containsExactly(body.strip());
      assertIsNoProfile(records.get(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\r\n\t", "\uFEFF"})
    void that_is_nothing_at_all_is_one_rejected_record(String body) {
      List<RawRecord> records = read(body);

      assertThat(records).hasSize(1);
      assertThat(code(records.get(0))).isEqualTo(ReasonCode.MALFORMED_JSON);
      assertThat(records.get(0).length()).isZero();
    }

    @Test
    void that_is_long_is_kept_in_part() {
      byte[] body = "nonsense\n".repeat(100_000).getBytes(UTF_8);
      MessageReader.Limits limits =
          new MessageReader.Limits(
              NdjsonReader.Limits.DEFAULT.withMaxRecordBytes(200_000), 10_000_000);

      List<RawRecord> records = read(body, limits);

      assertThat(records).hasSize(1);
      assertThat(code(records.get(0))).isEqualTo(ReasonCode.LINE_TOO_LONG);
      assertThat(records.get(0).length()).isEqualTo(RawRecord.MAX_KEPT_BYTES);
      assertThat(records.get(0).fullLength()).isEqualTo(body.length);
    }
  }

  @Test
  void lines_may_begin_with_one_that_is_an_array() {
    String lines = "[\"not a profile\"]\n{\"a\":1}\n{\"a\":2}\n";

    List<RawRecord> records = read(lines.getBytes(UTF_8), MessageReader.Limits.DEFAULT);

    assertThat(records).extracting(RawRecord::length).containsExactly(17, 7, 7);
  }

  @Nested
  class What_follows_a_slip_between_two_elements {
    private final String elements =
        IntStream.range(0, 2_000)
            .mapToObj(i -> "{\"a\":" + i + ",\"text\":\"" + "x".repeat(90) + "\"}")
            .collect(Collectors.joining(","));

    @ParameterizedTest
    @ValueSource(strings = {"[{\"a\":1} ", "[{\"a\":1},,", "[{\"a\":1}]\n["})
    void is_kept_as_a_whole(String slip) {
      byte[] body = (slip + elements + "]").getBytes(UTF_8);

      List<RawRecord> records = read(body, MessageReader.Limits.DEFAULT);

      assertThat(records).hasSize(2);
      assertThat(code(records.get(1))).isEqualTo(ReasonCode.MALFORMED_JSON);
      assertThat(text(records.get(1))).endsWith(elements + "]");
    }

    @Test
    void is_kept_also_where_the_broken_element_is_too_long_itself() {
      byte[] body = ("[" + "1".repeat(100) + "{" + "2".repeat(30)).getBytes(UTF_8);
      MessageReader.Limits limits =
          new MessageReader.Limits(NdjsonReader.Limits.DEFAULT.withMaxRecordBytes(50), 10_000);

      List<RawRecord> records = read(body, limits);

      assertThat(records).hasSize(2);
      assertThat(records.get(0).fullLength()).isEqualTo(100);
      assertThat(text(records.get(1))).isEqualTo("{" + "2".repeat(30));
    }

    @Test
    void is_kept_in_parts_where_it_is_longer_than_a_record_may_be() {
      byte[] body = ("[{\"a\":1} " + elements + "]").getBytes(UTF_8);
      MessageReader.Limits limits =
          new MessageReader.Limits(
              NdjsonReader.Limits.DEFAULT.withMaxRecordBytes(70_000), 10_000_000);

      List<RawRecord> records = read(body, limits);

      assertThat(records).hasSize(2 + elements.length() / 70_000);
      assertThat(records.subList(1, records.size()))
          .allSatisfy(part -> assertThat(code(part)).isEqualTo(ReasonCode.MALFORMED_JSON));
      assertThat(
              records.subList(1, records.size()).stream()
                  .map(What_follows_a_slip_between_two_elements::text)
                  .collect(Collectors.joining()))
          .isEqualTo(elements + "]");
    }

    private static String text(RawRecord record) {
      return new String(record.buffer(), record.offset(), record.length(), UTF_8);
    }
  }

  @Nested
  class TheLimit {
    @Test
    void of_a_record_costs_the_record_only() {
      String fat = "{\"fat\":\"" + "x".repeat(100) + "\"}";

      List<RawRecord> records = read(("[{\"a\":1}," + fat + ",{\"b\":2}]").getBytes(UTF_8), SMALL);

      assertThat(records).hasSize(3);
      assertThat(code(records.get(1))).isEqualTo(ReasonCode.LINE_TOO_LONG);
      assertThat(records.get(2).text()).isEqualTo("{\"b\":2}");
    }

    @ParameterizedTest
    @ValueSource(strings = {",", "\n"})
    void of_a_message_costs_what_stands_behind_it(String separator) {
      String body = String.join(separator, java.util.Collections.nCopies(200, "{\"a\":12345}"));
      if (separator.equals(",")) {
        body = "[" + body + "]";
      }

      List<RawRecord> records = read(body.getBytes(UTF_8), SMALL);

      RawRecord last = records.get(records.size() - 1);
      assertThat(code(last)).isEqualTo(ReasonCode.UNREADABLE_INPUT);
      assertThat(last.rejection().orElseThrow().detail()).contains("1000 bytes");
      assertThat(records).hasSize(1_000 / 12 + 1);
      assertThat(records.subList(0, records.size() - 1))
          .allMatch(record -> record.text().equals("{\"a\":12345}"));
    }
  }

  @Test
  void a_body_whose_sender_goes_away_is_cut_short_which_is_nobodys_record() throws IOException {
    byte[] sent = "{\"a\":1}\n".repeat(50).getBytes(UTF_8);
    InputStream breaking =
        new SequenceInputStream(new ByteArrayInputStream(sent), new ResetByPeer());

    RecordReader reader = MessageReader.open("m", breaking, SMALL);

    assertThat(all(reader)).hasSize(50).allMatch(record -> record.rejection().isEmpty());
    assertThat(reader.isCutShort()).isTrue();
  }

  @Property(tries = 300)
  void the_same_profiles_are_the_same_records_in_every_form(
      @ForAll("profiles") List<String> profiles,
      @ForAll("spaces") String space,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 4) int maxRecords,
      @ForAll @IntRange(min = 1, max = 300) int maxBatchBytes)
      throws IOException {
    MessageReader.Limits limits =
        new MessageReader.Limits(
            new NdjsonReader.Limits(maxRecords, maxBatchBytes, 2_000), 1_000_000);
    String lines = profiles.stream().map(one -> one + "\n").collect(Collectors.joining());
    String array =
        profiles.stream()
            .map(one -> space + one + space)
            .collect(Collectors.joining(",", space + "[", "]" + space));

    for (String body : List.of(lines, array)) {
      byte[] bytes = body.getBytes(UTF_8);
      List<RawRecord> atOnce = read(bytes, limits);
      List<RawRecord> dripping =
          all(MessageReader.open("m", new Dripping(bytes, new Random(seed)), limits));

      assertThat(texts(atOnce)).isEqualTo(profiles);
      assertThat(texts(dripping)).isEqualTo(profiles);
    }
    for (String profile : profiles) {
      String pretty = profile.replace(",", ",\n  ").replace("{", "{\n  ");
      assertThat(texts(read(pretty))).containsExactly(pretty);
    }
  }

  @Property(tries = 2_000)
  void whatever_the_bytes_something_comes_of_them_and_nothing_is_thrown(
      @ForAll("bodies") byte[] body, @ForAll long seed) throws IOException {
    List<RawRecord> atOnce = read(body, SMALL);
    List<RawRecord> dripping =
        all(MessageReader.open("m", new Dripping(body, new Random(seed)), SMALL));

    String withoutSpace = new String(body, UTF_8).replaceAll("[ \r\n\t\uFEFF]", "");
    assertThat(atOnce.isEmpty()).isEqualTo(withoutSpace.equals("[]"));
    assertThat(described(dripping)).isEqualTo(described(atOnce));
    ProfileReader profiles = new ProfileReader(Projection.NOTHING);
    atOnce.forEach(profiles::read);
  }

  private static List<String> described(List<RawRecord> records) {
    return records.stream()
        .map(
            one ->
                one
                    + " "
                    + Arrays.hashCode(one.bytes())
                    + " "
                    + one.rejection().map(r -> r.reason()))
        .toList();
  }

  @Provide
  Arbitrary<List<String>> profiles() {
    Arbitrary<String> text =
        Arbitraries.of("", "a", "]", "}", "[{", "\\\"", "\\\\", "é", "😀", "a:b", "\\n");
    Arbitrary<String> value =
        Arbitraries.oneOf(
            text.map(one -> "\"" + one + "\""),
            Arbitraries.of("1", "-2.5e3", "true", "null", "[]", "{}", "[1,[2,{\"x\":[]}]]"));
    Arbitrary<String> member = value.map(one -> "\"k\":" + one);
    return member
        .list()
        .ofMinSize(1)
        .ofMaxSize(8)
        .map(members -> "{" + String.join(",", members) + "}")
        .list()
        .ofMinSize(1)
        .ofMaxSize(12);
  }

  @Provide
  Arbitrary<String> spaces() {
    return Arbitraries.of("", " ", "\n", "\r\n  ", "\t");
  }

  @Provide
  Arbitrary<byte[]> bodies() {
    Arbitrary<String> token =
        Arbitraries.of(
            "[",
            "]",
            "{",
            "}",
            ",",
            ":",
            "\"",
            "\\",
            "\n",
            "\r\n",
            " ",
            "1",
            "true",
            "{\"a\":1}",
            "{\"a\":1}\n",
            "[{\"a\":1}",
            ",{\"a\":1}",
            "é",
            "\uFEFF",
            "\u0000",
            "\"a\"",
            "x".repeat(40));
    Arbitrary<byte[]> almostJson =
        token.list().ofMaxSize(40).map(tokens -> String.join("", tokens).getBytes(UTF_8));
    Arbitrary<byte[]> anything = Arbitraries.bytes().array(byte[].class).ofMaxSize(400);
    return Arbitraries.oneOf(almostJson, almostJson, anything);
  }

  private static final class ResetByPeer extends InputStream {
    @Override
    public int read() throws IOException {
      throw new IOException("reset by peer");
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      throw new IOException("reset by peer");
    }
  }

  /** Gives its bytes in reads of random size. */
  private static final class Dripping extends InputStream {
    private final InputStream in;
    private final Random random;

    Dripping(byte[] bytes, Random random) {
      this.in = new ByteArrayInputStream(bytes);
      this.random = random;
    }

    @Override
    public int read() throws IOException {
      return in.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return in.read(bytes, offset, Math.min(length, 1 + random.nextInt(17)));
    }
  }
}
