package org.audienceactivation.accounting;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Locale;
import java.util.Map;

/**
 * The totals of a run as people and programs read them: a table, and a JSON document.
 *
 * @param destinations totals by name, in the order to show
 */
public record OutcomeReport(Map<String, Totals> destinations) {
  private static final JsonFactory JSON = new JsonFactory();

  /** Whether the accounts of all destinations add up. */
  public boolean addsUp() {
    return destinations.values().stream().allMatch(Totals::addUp);
  }

  /** The number of records with this outcome, over all destinations. */
  public long count(Outcome outcome) {
    return destinations.values().stream().mapToLong(totals -> totals.of(outcome)).sum();
  }

  /**
   * {@code {"destinations": {NAME: {"received", "delivered", …, "returned", "reasons": {CODE:
   * n}}}}}, indented, ending with a newline; where there are any, {@code "withheld"} and {@code
   * "audited"} in the form of {@code "reasons"}.
   */
  public String toJson() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      json.writeStartObject();
      writeTo(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new AssertionError("a StringWriter does not fail", e);
    }
    return text.append('\n').toString();
  }

  /**
   * Writes the field {@code destinations} into the object that is open: others may stand beside.
   */
  public void writeTo(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("destinations");
    for (Map.Entry<String, Totals> destination : destinations.entrySet()) {
      json.writeObjectFieldStart(destination.getKey());
      write(json, destination.getValue());
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Totals totals) throws IOException {
    json.writeNumberField("received", totals.received());
    for (Outcome outcome : Outcome.values()) {
      json.writeNumberField(outcome.label(), totals.of(outcome));
    }
    write(json, "reasons", totals.reasons());
    if (!totals.withheld().isEmpty()) {
      write(json, "withheld", totals.withheld());
    }
    if (!totals.audited().isEmpty()) {
      write(json, "audited", totals.audited());
    }
  }

  private static void write(JsonGenerator json, String field, Map<String, Long> counts)
      throws IOException {
    json.writeObjectFieldStart(field);
    for (Map.Entry<String, Long> count : counts.entrySet()) {
      json.writeNumberField(count.getKey(), count.getValue());
    }
    json.writeEndObject();
  }

  /** One row a destination, then a line for each reason; ends with a newline. */
  public String toTable() {
    int width = destinations.keySet().stream().mapToInt(String::length).max().orElse(0);
    width = Math.max(width, "destination".length());
    StringBuilder table = new StringBuilder();
    table.append(pad("destination", width)).append(cell("received"));
    for (Outcome outcome : Outcome.values()) {
      table.append(cell(outcome.label()));
    }
    table.append('\n');
    for (Map.Entry<String, Totals> destination : destinations.entrySet()) {
      Totals totals = destination.getValue();
      table.append(pad(destination.getKey(), width)).append(cell(totals.received()));
      for (Outcome outcome : Outcome.values()) {
        table.append(cell(totals.of(outcome)));
      }
      table.append('\n');
      lines("", totals.reasons(), table);
      lines("left out, ", totals.withheld(), table);
      lines("audited, ", totals.audited(), table);
      if (!totals.addUp()) {
        table.append(
            String.format(
                Locale.ROOT,
                "  THE ACCOUNTS DO NOT ADD UP: received %d, settled %d%n",
                totals.received(),
                totals.settled()));
      }
    }
    return table.toString();
  }

  private static void lines(String what, Map<String, Long> counts, StringBuilder table) {
    counts.forEach(
        (label, n) ->
            table.append("  ").append(what).append(label).append(": ").append(n).append('\n'));
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(width - text.length());
  }

  private static String cell(Object value) {
    return String.format(Locale.ROOT, " %12s", value);
  }
}
