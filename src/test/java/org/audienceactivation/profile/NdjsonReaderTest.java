package org.audienceactivation.profile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
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

class NdjsonReaderTest {

  private static List<RawRecord> all(NdjsonReader reader) {
    List<RawRecord> records = new ArrayList<>();
    reader.forEachRemaining(records::addAll);
    return records;
  }

  private static List<RawRecord> read(byte[] bytes) {
    return all(NdjsonReader.open("f", new ByteArrayInputStream(bytes), Compression.NONE));
  }

  private static List<RawRecord> read(String text) {
    return read(text.getBytes(UTF_8));
  }

  private static List<RawRecord> readGzip(byte[] bytes) {
    return all(NdjsonReader.open("f", new ByteArrayInputStream(bytes), Compression.GZIP));
  }

  private static List<String> texts(List<RawRecord> records) {
    return records.stream().map(RawRecord::text).toList();
  }

  private static List<Long> lines(List<RawRecord> records) {
    return records.stream().map(RawRecord::line).toList();
  }

  private static ReasonCode code(RawRecord record) {
    return record.rejection().orElseThrow().reason().code();
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return packed.toByteArray();
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }

  /** Gives these bytes, then fails. */
  private static InputStream failingAfter(String text) {
    return failingAfter(text, new EOFException("the data ends in the middle"));
  }

  private static InputStream failingAfter(String text, IOException failure) {
    InputStream failing =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw failure;
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            return read();
          }
        };
    return new SequenceInputStream(new ByteArrayInputStream(text.getBytes(UTF_8)), failing);
  }

  @Nested
  class Lines {

    @Test
    void each_line_is_a_record_the_last_one_also_without_its_break() {
      List<RawRecord> records = read("{\"a\":1}\n{\"b\":2}\n{\"c\":3}");

      assertThat(texts(records)).containsExactly("{\"a\":1}", "{\"b\":2}", "{\"c\":3}");
      assertThat(lines(records)).containsExactly(1L, 2L, 3L);
      assertThat(records).allMatch(record -> record.rejection().isEmpty());
      assertThat(records.get(1).source()).isEqualTo("f");
    }

    @Test
    void blank_lines_cost_nothing_but_count() {
      List<RawRecord> records = read("\n{}\r\n \t\r\n\r\n{\"b\":2}\n\n");

      assertThat(texts(records)).containsExactly("{}", "{\"b\":2}");
      assertThat(lines(records)).containsExactly(2L, 5L);
    }

    @Test
    void a_byte_order_mark_costs_nothing() {
      assertThat(texts(read("\uFEFF{\"a\":1}\r\n{}"))).containsExactly("{\"a\":1}", "{}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\uFEFF", "\r\n\r\n"})
    void nothing_is_no_record(String text) {
      assertThat(read(text)).isEmpty();
    }

    @Test
    void there_is_nothing_after_the_end() {
      NdjsonReader reader =
          NdjsonReader.open("f", new ByteArrayInputStream(new byte[0]), Compression.NONE);

      assertThat(reader.hasNext()).isFalse();
      assertThatThrownBy(reader::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void how_far_it_has_read_is_known() {
      NdjsonReader reader =
          NdjsonReader.open(
              "f", new ByteArrayInputStream("{}\n{}\n".getBytes(UTF_8)), Compression.NONE);

      assertThat(reader.bytesRead()).isZero();
      assertThat(all(reader)).hasSize(2);
      assertThat(reader.bytesRead()).isEqualTo(6);
    }
  }

  @Nested
  class Bad_lines {

    private static final NdjsonReader.Limits SMALL =
        NdjsonReader.Limits.DEFAULT.withMaxRecordBytes(10);

    private List<RawRecord> readSmall(String text) {
      return all(
          NdjsonReader.open(
              "f", new ByteArrayInputStream(text.getBytes(UTF_8)), Compression.NONE, SMALL));
    }

    @Test
    void a_line_at_the_limit_passes_and_one_byte_more_is_rejected() {
      List<RawRecord> records = readSmall("0123456789\r\n0123456789a\r\n{}\n");

      assertThat(records.get(0).rejection()).isEmpty();
      assertThat(code(records.get(1))).isEqualTo(ReasonCode.LINE_TOO_LONG);
      assertThat(records.get(1).fullLength()).isEqualTo(11);
      assertThat(texts(records).get(2)).isEqualTo("{}");
    }

    @Test
    void of_a_line_above_the_limit_the_beginning_is_kept_and_the_next_line_is_fine() {
      String giant = "x".repeat(3_000_000);

      List<RawRecord> records = read("{\"a\":1}\n" + giant + "\n{\"b\":2}\n");

      assertThat(lines(records)).containsExactly(1L, 2L, 3L);
      assertThat(code(records.get(1))).isEqualTo(ReasonCode.LINE_TOO_LONG);
      assertThat(records.get(1).length()).isEqualTo(RawRecord.MAX_KEPT_BYTES);
      assertThat(records.get(1).fullLength()).isEqualTo(3_000_000);
      assertThat(records.get(1).rejection().orElseThrow().detail())
          .isEqualTo("3000000 bytes, the limit is 1048576");
      assertThat(texts(records).get(2)).isEqualTo("{\"b\":2}");
    }

    @Test
    void invalid_utf8_costs_its_line_only() {
      byte[] bytes =
          concat(
              "{\"a\":\"".getBytes(UTF_8), new byte[] {(byte) 0xE9}, "\"}\n{}\n".getBytes(UTF_8));

      List<RawRecord> records = read(bytes);

      assertThat(code(records.get(0))).isEqualTo(ReasonCode.INVALID_UTF8);
      assertThat(records.get(0).rejection().orElseThrow().detail()).startsWith("column 7:");
      assertThat(records.get(1).rejection()).isEmpty();
    }
  }

  @Nested
  class Inputs_that_break_off {

    @Test
    void a_partial_line_is_the_one_rejected_record() {
      List<RawRecord> records =
          all(NdjsonReader.open("f", failingAfter("{\"a\":1}\n{\"b\":"), Compression.NONE));

      assertThat(texts(records)).containsExactly("{\"a\":1}", "{\"b\":");
      assertThat(lines(records)).containsExactly(1L, 2L);
      assertThat(code(records.get(1))).isEqualTo(ReasonCode.UNREADABLE_INPUT);
      assertThat(records.get(1).rejection().orElseThrow().detail())
          .endsWith("the data ends in the middle");
    }

    @Test
    void a_last_line_that_is_complete_is_good() {
      List<RawRecord> records =
          all(NdjsonReader.open("f", failingAfter("{\"a\":1}\n{\"b\":2}"), Compression.NONE));

      assertThat(texts(records)).containsExactly("{\"a\":1}", "{\"b\":2}", "");
      assertThat(records.get(1).rejection()).isEmpty();
      assertThat(code(records.get(2))).isEqualTo(ReasonCode.UNREADABLE_INPUT);
    }

    @Test
    void a_number_could_go_on_and_is_not_complete() {
      List<RawRecord> records = all(NdjsonReader.open("f", failingAfter("12"), Compression.NONE));

      assertThat(records).hasSize(1);
      assertThat(code(records.get(0))).isEqualTo(ReasonCode.UNREADABLE_INPUT);
    }

    @Test
    void a_disk_that_goes_away_costs_no_record_and_is_no_end() {
      InputStream broken =
          failingAfter("{\"a\":1}\n{\"b\":", new IOException("Input/output error"));
      NdjsonReader reader = NdjsonReader.open("f", broken, Compression.NONE);

      assertThat(texts(all(reader))).containsExactly("{\"a\":1}");
      assertThat(reader.isCutShort()).isTrue();
    }

    @Test
    void nothing_but_the_failure_is_one_record_too() {
      List<RawRecord> records = all(NdjsonReader.open("f", failingAfter(""), Compression.NONE));

      assertThat(records).hasSize(1);
      assertThat(code(records.get(0))).isEqualTo(ReasonCode.UNREADABLE_INPUT);
    }
  }

  @Nested
  class Gzip {

    private final byte[] one = "{\"a\":1}\n".getBytes(UTF_8);
    private final byte[] two = "{\"b\":2}\n".getBytes(UTF_8);

    @Test
    void one_member() {
      assertThat(texts(readGzip(gzip(one)))).containsExactly("{\"a\":1}");
    }

    @Test
    void several_members_are_one_file() {
      assertThat(texts(readGzip(concat(gzip(one), gzip(two), gzip(one))))).hasSize(3);
    }

    @Test
    void several_members_from_a_stream_that_never_knows_what_is_available() {
      InputStream dripping = new Dripping(concat(gzip(one), gzip(two)), new Random(7));

      assertThat(texts(all(NdjsonReader.open("f", dripping, Compression.GZIP))))
          .containsExactly("{\"a\":1}", "{\"b\":2}");
    }

    @Test
    void no_bytes_are_an_empty_file() {
      assertThat(readGzip(new byte[0])).isEmpty();
    }

    @Test
    void zero_padding_is_harmless() {
      assertThat(texts(readGzip(concat(gzip(one), new byte[512])))).containsExactly("{\"a\":1}");
    }

    @Test
    void optional_header_fields_are_skipped() {
      byte[] packed = gzip(one);
      byte[] named = Arrays.copyOf(packed, 10);
      named[3] = 4 | 8 | 16 | 2;
      byte[] fields = {2, 0, 'x', 'x', 'n', 'a', 'm', 'e', 0, 'c', 0, 1, 1};

      assertThat(
              texts(readGzip(concat(named, fields, Arrays.copyOfRange(packed, 10, packed.length)))))
          .containsExactly("{\"a\":1}");
    }

    @Test
    void what_is_no_gzip_is_one_rejected_record() {
      List<RawRecord> records = readGzip(one);

      assertThat(records).hasSize(1);
      assertThat(records.get(0).rejection().orElseThrow().detail()).endsWith("not gzip data");
    }

    @Test
    void a_damaged_second_member_is_not_taken_for_padding() {
      List<RawRecord> records = readGzip(concat(gzip(one), Arrays.copyOf(gzip(two), 5)));

      assertThat(texts(records)).containsExactly("{\"a\":1}", "");
      assertThat(code(records.get(1))).isEqualTo(ReasonCode.UNREADABLE_INPUT);
    }

    @Test
    void a_wrong_checksum_is_told() {
      byte[] packed = gzip(one);
      packed[packed.length - 8] ^= 1;

      List<RawRecord> records = readGzip(packed);

      assertThat(texts(records)).containsExactly("{\"a\":1}", "");
      assertThat(records.get(1).rejection().orElseThrow().detail()).contains("checksum");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.ndjson.gz", "A.GZ"})
    void the_name_tells(String name) {
      assertThat(Compression.of(name)).isEqualTo(Compression.GZIP);
      assertThat(Compression.of(name + ".ndjson")).isEqualTo(Compression.NONE);
    }
  }

  @Nested
  class Batches {

    @Test
    void a_batch_has_at_most_its_number_of_records() {
      NdjsonReader reader =
          NdjsonReader.open(
              "f", new ByteArrayInputStream("{}\n".repeat(1100).getBytes(UTF_8)), Compression.NONE);

      List<Integer> sizes = new ArrayList<>();
      reader.forEachRemaining(batch -> sizes.add(batch.size()));

      assertThat(sizes).containsExactly(500, 500, 100);
    }

    @Test
    void a_batch_has_at_most_its_number_of_bytes_unless_one_record_has_more() {
      String text = "x".repeat(40) + "\n" + "y".repeat(70) + "\n" + "z".repeat(200) + "\n{}\n";
      NdjsonReader reader =
          NdjsonReader.open(
              "f",
              new ByteArrayInputStream(text.getBytes(UTF_8)),
              Compression.NONE,
              new NdjsonReader.Limits(500, 100, 1000));

      List<List<Long>> batches = new ArrayList<>();
      reader.forEachRemaining(batch -> batches.add(lines(batch)));

      assertThat(batches).containsExactly(List.of(1L), List.of(2L), List.of(3L), List.of(4L));
    }

    @Test
    void records_of_an_earlier_batch_stay_untouched() {
      NdjsonReader reader =
          NdjsonReader.open(
              "f",
              new ByteArrayInputStream("{\"a\":1}\n{\"b\":2}\n{\"c\":3}\n".getBytes(UTF_8)),
              Compression.NONE,
              new NdjsonReader.Limits(1, 100, 100));
      RawRecord first = reader.next().get(0);

      reader.next();
      reader.next();

      assertThat(first.text()).isEqualTo("{\"a\":1}");
    }
  }

  /** What a reader without streaming, buffers or limits on batches would give. */
  private static List<String> reference(byte[] bytes, int maxRecordBytes) {
    List<String> records = new ArrayList<>();
    long line = 0;
    int from = 0;
    while (from <= bytes.length) {
      int to = from;
      while (to < bytes.length && bytes[to] != '\n') {
        to++;
      }
      line++;
      byte[] content = Arrays.copyOfRange(bytes, from, to);
      if (content.length > 0 && content[content.length - 1] == '\r') {
        content = Arrays.copyOf(content, content.length - 1);
      }
      if (!new String(content, UTF_8).isBlank()) {
        String kind = content.length > maxRecordBytes ? "too long" : "fine";
        records.add(line + " " + kind + " " + content.length);
      }
      from = to + 1;
    }
    return records;
  }

  @Property(tries = 300)
  void whatever_the_sizes_of_reads_and_batches_records_are_those_of_a_naive_reader(
      @ForAll("documents") byte[] document,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 5) int maxRecords,
      @ForAll @IntRange(min = 1, max = 60) int maxBatchBytes) {
    NdjsonReader.Limits limits = new NdjsonReader.Limits(maxRecords, maxBatchBytes, 20);
    NdjsonReader reader =
        NdjsonReader.open("f", new Dripping(document, new Random(seed)), Compression.NONE, limits);

    List<String> records = new ArrayList<>();
    while (reader.hasNext()) {
      List<RawRecord> batch = reader.next();
      assertThat(batch.size()).isBetween(1, maxRecords);
      for (RawRecord record : batch) {
        String kind = record.rejection().isPresent() ? "too long" : "fine";
        records.add(record.line() + " " + kind + " " + record.fullLength());
      }
    }

    assertThat(records).isEqualTo(reference(document, 20));
  }

  @Property(tries = 200)
  void a_truncated_gzip_loses_no_complete_line_and_costs_one_rejected_record(
      @ForAll @IntRange(min = 0, max = 300) int count, @ForAll long seed) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append("{\"n\":").append(random.nextInt()).append("}\n");
    }
    byte[] whole = text.toString().getBytes(UTF_8);
    byte[] packed = gzip(whole);
    byte[] cut = Arrays.copyOf(packed, 1 + random.nextInt(packed.length - 1));

    List<RawRecord> records =
        all(NdjsonReader.open("f", new Dripping(cut, random), Compression.GZIP));

    long unpacked = unpackable(cut).chars().filter(c -> c == '\n').count();
    long good = records.stream().filter(record -> record.rejection().isEmpty()).count();
    assertThat(good).isBetween(unpacked, unpacked + 1);
    assertThat(records).hasSize((int) good + 1);
    assertThat(code(records.get(records.size() - 1))).isEqualTo(ReasonCode.UNREADABLE_INPUT);
    List<String> expected = text.toString().lines().limit(good).toList();
    assertThat(texts(records).subList(0, (int) good)).isEqualTo(expected);
  }

  /** What the platform's own reader gets out of a truncated file. */
  private static String unpackable(byte[] cut) {
    ByteArrayOutputStream unpacked = new ByteArrayOutputStream();
    try (InputStream gzip = new java.util.zip.GZIPInputStream(new ByteArrayInputStream(cut))) {
      for (int value = gzip.read(); value >= 0; value = gzip.read()) {
        unpacked.write(value);
      }
    } catch (IOException e) {
      return unpacked.toString(UTF_8);
    }
    return unpacked.toString(UTF_8);
  }

  @Provide
  Arbitrary<byte[]> documents() {
    Arbitrary<String> line =
        Arbitraries.oneOf(
            Arbitraries.of("", " ", "\r", "{}", "{\"a\":1}\r", "é€😀"),
            Arbitraries.strings().withCharRange('a', 'z').ofMaxLength(40));
    return line.list().ofMaxSize(30).map(lines -> String.join("\n", lines).getBytes(UTF_8));
  }

  /** Gives its bytes in reads of random size and never says that any are available. */
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

    @Override
    public int available() {
      return 0;
    }
  }
}
