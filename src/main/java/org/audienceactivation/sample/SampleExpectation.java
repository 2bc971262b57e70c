package org.audienceactivation.sample;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.PrettyPrinter;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What must become of the records of a sample export in the destination {@code prospects}: the
 * counts of a run's report. Known by construction: the generator counts what it decides to write.
 *
 * @param reasons how many records per reason, keyed as in the report ({@code malformed-json},
 *     {@code consent-refused:consents.share}); sorted and immutable
 */
public record SampleExpectation(
    long received, long delivered, long excluded, long rejected, SortedMap<String, Long> reasons) {

  /** Of no record. */
  public static final SampleExpectation NONE =
      new SampleExpectation(0, 0, 0, 0, Collections.emptySortedMap());

  private static final String DESTINATION = "prospects";
  private static final JsonFactory JSON = new JsonFactory();

  /**
   * @throws IllegalArgumentException if the counts do not add up to {@code received}
   */
  public SampleExpectation {
    reasons = Collections.unmodifiableSortedMap(new TreeMap<>(reasons));
    long explained = reasons.values().stream().mapToLong(Long::longValue).sum();
    if (received != delivered + excluded + rejected || explained != excluded + rejected) {
      throw new IllegalArgumentException(
          "the counts do not add up: received %d, delivered %d, excluded %d, rejected %d, reasons %d"
              .formatted(received, delivered, excluded, rejected, explained));
    }
  }

  /** What is expected of two exports together. */
  public SampleExpectation plus(SampleExpectation other) {
    SortedMap<String, Long> sum = new TreeMap<>(reasons);
    other.reasons.forEach((code, count) -> sum.merge(code, count, Long::sum));
    return new SampleExpectation(
        received + other.received,
        delivered + other.delivered,
        excluded + other.excluded,
        rejected + other.rejected,
        sum);
  }

  /** As the report of a run: indented, lines end with LF, no LF at the end. */
  public String toJson() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.setPrettyPrinter(prettyPrinter());
      json.writeStartObject();
      json.writeObjectFieldStart("destinations");
      json.writeObjectFieldStart(DESTINATION);
      writeCounts(json);
      json.writeEndObject();
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a string cannot fail to be written", e);
    }
    return text.toString();
  }

  private static PrettyPrinter prettyPrinter() {
    Separators noSpaceBeforeColon =
        Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER);
    // the default indenter would take the platform's line separator
    return new DefaultPrettyPrinter(noSpaceBeforeColon)
        .withObjectIndenter(new DefaultIndenter("  ", "\n"));
  }

  private void writeCounts(JsonGenerator json) throws IOException {
    json.writeNumberField("received", received);
    json.writeNumberField("delivered", delivered);
    json.writeNumberField("unchanged", 0);
    json.writeNumberField("superseded", 0);
    json.writeNumberField("excluded", excluded);
    json.writeNumberField("rejected", rejected);
    json.writeNumberField("deadLettered", 0);
    json.writeNumberField("returned", 0);
    json.writeObjectFieldStart("reasons");
    for (Map.Entry<String, Long> reason : reasons.entrySet()) {
      json.writeNumberField(reason.getKey(), reason.getValue());
    }
    json.writeEndObject();
  }
}
