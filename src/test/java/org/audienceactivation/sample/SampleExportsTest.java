package org.audienceactivation.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.audienceactivation.sample.SampleOptions.LineEnd;
import org.audienceactivation.sample.SampleOptions.Start;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampleExportsTest {
  private static final int MANY = 20_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final class Export {
    private final byte[] bytes;
    private final SampleExpectation expectation;

    Export(byte[] bytes, SampleExpectation expectation) {
      this.bytes = bytes;
      this.expectation = expectation;
    }

    byte[] bytes() {
      return bytes;
    }

    SampleExpectation expectation() {
      return expectation;
    }

    List<byte[]> lines() {
      return ReferenceJudge.lines(bytes);
    }

    List<JsonNode> delivered() {
      return lines().stream()
          .filter(line -> ReferenceJudge.verdict(line).equals("delivered"))
          .map(Export::parse)
          .toList();
    }

    String text() {
      return new String(bytes, UTF_8);
    }

    /** Not an assertion on the text: its failure would print all of it. */
    boolean has(String pattern) {
      return Pattern.compile(pattern).matcher(text()).find();
    }

    private static JsonNode parse(byte[] line) {
      try {
        return JSON.readTree(line);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static Export export(SampleOptions options) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      SampleExpectation expectation = SampleExports.write(out, options);
      return new Export(out.toByteArray(), expectation);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Property(tries = 60)
  void the_expectation_is_what_a_reader_of_the_export_finds(
      @ForAll long seed,
      @ForAll @IntRange(max = 300) int profiles,
      @ForAll @DoubleRange(max = 1) double unreadable,
      @ForAll @DoubleRange(max = 1) double withoutIdentity,
      @ForAll @DoubleRange(max = 1) double unmapped,
      @ForAll @DoubleRange(max = 1) double refused,
      @ForAll LineEnd lineEnd,
      @ForAll Start start) {
    SampleFractions fractions =
        new SampleFractions(unreadable, withoutIdentity, unmapped, refused, 0.1);
    Export export = export(new SampleOptions(profiles, seed, lineEnd, start, fractions));

    assertThat(export.expectation()).isEqualTo(ReferenceJudge.judge(export.bytes()));
    assertThat(export.expectation().received()).isEqualTo(profiles);
  }

  @Nested
  class Repeatable {
    @Test
    void the_same_seed_gives_the_same_bytes_and_expectation() {
      Export once = export(SampleOptions.of(2_000, 7));
      Export again = export(SampleOptions.of(2_000, 7));

      assertThat(again.bytes()).isEqualTo(once.bytes());
      assertThat(again.expectation()).isEqualTo(once.expectation());
    }

    @Test
    void another_seed_gives_other_profiles() {
      Set<String> one = lineTexts(export(SampleOptions.of(500, 7)));
      Set<String> other = lineTexts(export(SampleOptions.of(500, 8)));

      assertThat(other.stream().filter(one::contains).filter(line -> line.startsWith("{")))
          .allMatch(line -> line.length() < 20, "only short cut lines may be the same");
    }

    private Set<String> lineTexts(Export export) {
      return export.lines().stream()
          .map(line -> new String(line, UTF_8))
          .collect(Collectors.toSet());
    }
  }

  @Nested
  class Expected {
    @Test
    void by_default_the_fractions_are_the_documented_ones() {
      Export export = export(SampleOptions.of(MANY, 11));

      assertThat(export.expectation()).isEqualTo(ReferenceJudge.judge(export.bytes()));
      assertThat(share(export, "malformed-json", "wrong-type", "invalid-utf8"))
          .isCloseTo(0.005, within(0.002));
      assertThat(share(export, "no-identity")).isCloseTo(0.003, within(0.0015));
      assertThat(share(export, "not-in-mapped-audience")).isCloseTo(0.15, within(0.01));
      assertThat(share(export, "consent-refused:consents.share"))
          .isCloseTo(0.04 * 0.85, within(0.005));
    }

    @Test
    void without_failures_everything_is_delivered() {
      SampleOptions options =
          SampleOptions.of(1_000, 3).withFractions(SampleFractions.ALL_DELIVERED);

      SampleExpectation expectation = export(options).expectation();

      assertThat(expectation.delivered()).isEqualTo(1_000);
      assertThat(expectation.reasons()).isEmpty();
    }

    @Test
    void every_kind_of_fault_has_the_reason_that_it_claims() {
      int rounds = 20;
      SampleOptions options =
          SampleOptions.of((long) rounds * Fault.ALL.size(), 5)
              .withFractions(new SampleFractions(1, 0.5, 0.5, 0.5, 0));

      List<byte[]> lines = export(options).lines();

      for (int i = 0; i < lines.size(); i++) {
        Fault fault = Fault.ALL.get(i % Fault.ALL.size());
        assertThat(ReferenceJudge.verdict(lines.get(i))).as("%s", fault).isEqualTo(fault.code());
      }
    }

    private double share(Export export, String... reasons) {
      long count =
          Arrays.stream(reasons)
              .mapToLong(reason -> export.expectation().reasons().getOrDefault(reason, 0L))
              .sum();
      return (double) count / export.expectation().received();
    }
  }

  @Nested
  class Lines {
    @Test
    void have_the_size_of_real_profiles() {
      List<byte[]> lines = export(SampleOptions.of(MANY, 17)).lines();

      assertThat(lines.stream().mapToInt(line -> line.length).average().orElseThrow())
          .isBetween(630.0, 770.0);
      assertThat(lines.stream().mapToInt(line -> line.length).max().orElseThrow())
          .isBetween(2_500, 5_000);
    }

    @Test
    void end_as_the_options_say() {
      Export unix = export(SampleOptions.of(200, 1).withLineEnd(LineEnd.LF));
      Export windows = export(SampleOptions.of(200, 1).withLineEnd(LineEnd.CRLF));
      Export mixed = export(SampleOptions.of(500, 1).withLineEnd(LineEnd.MIXED));

      assertThat(unix.has("\r")).isFalse();
      assertThat(windows.has("[^\r]\n")).isFalse();
      assertThat(mixed.has("[^\r]\n")).isTrue();
      assertThat(mixed.has("\r\n")).isTrue();
    }

    @Test
    void are_empty_now_and_then() {
      assertThat(export(SampleOptions.of(2_000, 1)).has("\n\r?\n")).isTrue();
    }

    @Test
    void start_after_a_byte_order_mark_only_if_one_is_wanted() {
      Export marked = export(SampleOptions.of(3, 1).withStart(Start.BYTE_ORDER_MARK));
      Export plain = export(SampleOptions.of(3, 1));

      assertThat(ReferenceJudge.hasByteOrderMark(marked.bytes())).isTrue();
      assertThat(ReferenceJudge.hasByteOrderMark(plain.bytes())).isFalse();
    }
  }

  @Nested
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class Profiles {
    private static final Pattern DOMAIN = Pattern.compile("@([^\"\\s\\\\]+)");
    private static final Pattern FICTIONAL_PHONE =
        Pattern.compile(
            "(\\+1212|212)55501\\d\\d|(\\+44|0)7700900\\d{3}|(\\+33|0)63998\\d{4}"
                + "|(\\+49|0)17139200\\d\\d|(\\+46|0)7017406\\d5");

    private final Export export = export(SampleOptions.of(MANY, 23));
    private final List<JsonNode> delivered = export.delivered();

    @Test
    void have_addresses_in_the_domains_kept_for_examples_only() {
      Matcher domains = DOMAIN.matcher(export.text());

      Set<String> found = new TreeSet<>(domains.results().map(m -> m.group(1)).toList());
      // a cut line may end in the middle of an address
      found.removeIf(
          domain -> "example.comexample.netexample.org".contains(domain) && domain.length() < 11);

      assertThat(found).containsExactly("example.com", "example.net", "example.org");
    }

    @Test
    void have_telephone_numbers_from_the_ranges_kept_for_fiction_only() {
      List<String> numbers =
          delivered.stream()
              .map(profile -> ReferenceJudge.field(profile, "mobilePhone"))
              .map(phone -> ReferenceJudge.field(phone, "number").asText())
              .filter(number -> !number.isEmpty())
              .map(number -> number.replaceAll("[ ()-]", ""))
              .toList();

      assertThat(numbers)
          .hasSizeGreaterThan(MANY / 10)
          .allMatch(FICTIONAL_PHONE.asMatchPredicate());
    }

    @Test
    void are_members_of_none_to_a_dozen_audiences_in_several_namespaces() {
      Set<Integer> sizes = new TreeSet<>();
      Set<String> namespaces = new TreeSet<>();
      for (JsonNode profile : delivered) {
        JsonNode memberships = ReferenceJudge.field(profile, "segmentMembership");
        sizes.add(memberships.findValues("ups").get(0).size());
        memberships.fieldNames().forEachRemaining(namespaces::add);
      }

      assertThat(sizes).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
      assertThat(namespaces)
          .containsExactly("AAM", "AEPSegmentMatch", "CustomerAudienceUpload", "ups");
    }

    @Test
    void have_statuses_old_and_new_and_sometimes_none() {
      Set<String> statuses = new TreeSet<>();
      for (JsonNode profile : delivered) {
        for (JsonNode membership : ReferenceJudge.field(profile, "segmentMembership").path("ups")) {
          statuses.add(ReferenceJudge.field(membership, "status").asText());
        }
      }

      assertThat(statuses).containsExactly("", "existing", "exited", "realized");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ\"",
          "\\d\\dT\\d\\d:\\d\\d:\\d\\d\\+0000\"",
          "\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.000\\+0000\"",
          "\\d\\dT\\d\\d:\\d\\d:\\d\\d\\+00:00\"",
          "\"\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\""
        })
    void have_dates_in_every_spelling_that_is_seen(String spelling) {
      assertThat(export.has(spelling)).isTrue();
    }

    @Test
    void have_identities_in_namespaces_of_mixed_case() {
      Set<String> namespaces = new TreeSet<>();
      for (JsonNode profile : delivered) {
        ReferenceJudge.field(profile, "identityMap").fieldNames().forEachRemaining(namespaces::add);
      }

      assertThat(namespaces)
          .contains("ECID", "ecid", "Email", "EMAIL", "Phone", "email_lc_sha256", "AcmeCrmId");
    }

    @Test
    void leave_attributes_out_or_say_null() {
      List<JsonNode> persons = delivered.stream().map(profile -> profile.path("person")).toList();

      assertThat(persons).anyMatch(JsonNode::isNull).anyMatch(JsonNode::isMissingNode);
      assertThat(persons).anyMatch(person -> person.path("email").isNull());
      assertThat(persons).anyMatch(person -> person.isObject() && !person.has("email"));
      assertThat(delivered).anyMatch(profile -> profile.at("/_acme/loyalty/tier").isNull());
      assertThat(delivered).anyMatch(profile -> profile.at("/_acme/preferences").isObject());
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "Łukasz", "İpek", "Ελένη", "Олена", "فاطمة", "נועה", "प्रिया", "さくら", "서연", "𠮷乃", "🐙"
        })
    void are_written_in_many_scripts(String text) {
      assertThat(export.has(Pattern.quote(text))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\uD842\\uDFB7", "\\u00E8", "\\uD83D\\uDC19"})
    void are_escaped_now_and_then(String escape) {
      assertThat(export.has(Pattern.quote(escape))).isTrue();
    }

    @Test
    void have_prefixed_keys_now_and_then() {
      long prefixed = delivered.stream().filter(profile -> profile.has("xdm:identityMap")).count();

      assertThat((double) prefixed / delivered.size()).isBetween(0.01, 0.03);
    }
  }

  @Nested
  class Written {
    @TempDir private Path folder;

    @Test
    void to_a_file_it_is_the_same_as_to_a_stream() throws IOException {
      Path file = folder.resolve("new/folder/export.ndjson");

      SampleExpectation expectation = SampleExports.write(file, SampleOptions.of(50, 1));

      Export streamed = export(SampleOptions.of(50, 1));
      assertThat(Files.readAllBytes(file)).isEqualTo(streamed.bytes());
      assertThat(expectation).isEqualTo(streamed.expectation());
    }

    @Test
    void it_is_compressed_if_the_name_says_so() throws IOException {
      Path file = folder.resolve("export.jsonl.gz");

      SampleExports.write(file, SampleOptions.of(50, 1));

      assertThat(gunzip(Files.readAllBytes(file)))
          .isEqualTo(export(SampleOptions.of(50, 1)).bytes());
    }

    @Test
    void nothing_but_the_file_is_left_and_what_was_there_is_replaced() throws IOException {
      Path file = Files.writeString(folder.resolve("export.ndjson"), "an older export");

      SampleExports.write(file, SampleOptions.of(0, 1));

      assertThat(folder.toFile().list()).containsExactly("export.ndjson");
      assertThat(file).isEmptyFile();
    }

    @Test
    void the_stream_is_left_open() throws IOException {
      try (OpenOrNot out = new OpenOrNot()) {
        SampleExports.write(out, SampleOptions.of(1, 1));

        assertThat(out.closed).isFalse();
      }
    }

    private static final class OpenOrNot extends OutputStream {
      private boolean closed;

      @Override
      public void write(int b) {}

      @Override
      public void close() {
        closed = true;
      }
    }
  }

  @Nested
  class Options {
    @Test
    void a_negative_number_of_profiles_is_refused() {
      assertThatThrownBy(() -> SampleOptions.of(-1, 0))
          .hasMessage("profiles: must not be negative, is -1");
    }

    @Test
    void a_fraction_above_one_is_refused() {
      assertThatThrownBy(() -> new SampleFractions(0, 0, 1.5, 0, 0))
          .hasMessage("unmapped: must be between 0 and 1, is 1.5");
    }

    @Test
    void a_fraction_that_is_no_number_is_refused() {
      assertThatThrownBy(() -> new SampleFractions(Double.NaN, 0, 0, 0, 0))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  static byte[] gunzip(byte[] compressed) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
      return in.readAllBytes();
    }
  }
}
