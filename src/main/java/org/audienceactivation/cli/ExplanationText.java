package org.audienceactivation.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import org.audienceactivation.governance.Evidence;
import org.audienceactivation.governance.Explanation;
import org.audienceactivation.route.ProfileExplanation;

/** An explanation as people read it, and as programs do. */
final class ExplanationText {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String SENT = "sent";

  private ExplanationText() {}

  /** A line for the decision, then the tree; ends with a newline. */
  static String of(ProfileExplanation explanation) {
    StringBuilder text = new StringBuilder();
    text.append(explanation.source())
        .append(':')
        .append(explanation.line())
        .append(": ")
        .append(explanation.destination())
        .append(": ")
        .append(decision(explanation))
        .append('\n');
    if (!explanation.leftOut().isEmpty()) {
      text.append("  left out: ").append(explanation.leftOut()).append('\n');
    }
    if (!explanation.audited().isEmpty()) {
      text.append("  audited: ").append(explanation.audited()).append('\n');
    }
    explanation
        .policy()
        .ifPresent(
            policy ->
                text.append("  decided by policy ")
                    .append(policy.id())
                    .append(policy.version().isEmpty() ? "" : ", version " + policy.version())
                    .append(", at ")
                    .append(explanation.path())
                    .append('\n'));
    text.append('\n');
    write(explanation.steps(), "", text);
    explanation
        .event()
        .ifPresent(
            event ->
                text.append("\nThe event, with an identity of ")
                    .append(explanation.partitionKeyNamespace().orElse(""))
                    .append(" as its partition key:\n")
                    .append(event)
                    .append('\n'));
    return text.toString();
  }

  private static String decision(ProfileExplanation explanation) {
    return explanation
        .refusal()
        .map(
            reason ->
                reason.outcome().label()
                    + " "
                    + reason.label()
                    + (explanation.detail().isEmpty() ? "" : " (" + explanation.detail() + ")"))
        .orElse(SENT);
  }

  private static void write(List<Explanation> nodes, String indent, StringBuilder text) {
    for (Explanation node : nodes) {
      text.append(indent)
          .append(mark(node.result()))
          .append(' ')
          .append(node.what())
          .append(": ")
          .append(node.because())
          .append('\n');
      write(node.parts(), indent + "    ", text);
    }
  }

  private static String mark(Explanation.Result result) {
    return switch (result) {
      case PASSES -> "ok ";
      case WITHHOLDS -> "NO ";
      case WITHHOLDS_A_PART -> "cut";
      case DOES_NOT_APPLY -> "-  ";
    };
  }

  /** One document, indented, ending with a newline. */
  static String json(ProfileExplanation explanation) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      write(explanation, json);
    } catch (IOException e) {
      throw new AssertionError("a StringWriter does not fail", e);
    }
    return text.append('\n').toString();
  }

  private static void write(ProfileExplanation explanation, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("destination", explanation.destination());
    json.writeObjectFieldStart("source");
    json.writeStringField("name", explanation.source());
    json.writeNumberField("line", explanation.line());
    json.writeEndObject();
    json.writeStringField(
        "decision", explanation.refusal().map(r -> r.outcome().label()).orElse(SENT));
    if (explanation.refusal().isPresent()) {
      json.writeStringField("reason", explanation.refusal().get().label());
      json.writeStringField("detail", explanation.detail());
    }
    if (explanation.policy().isPresent()) {
      json.writeObjectFieldStart("policy");
      json.writeStringField("id", explanation.policy().get().id());
      json.writeStringField("version", explanation.policy().get().version());
      json.writeEndObject();
      json.writeStringField("path", explanation.path());
    }
    json.writeStringField("leftOut", explanation.leftOut());
    json.writeStringField("audited", explanation.audited());
    write(explanation.steps(), "steps", json);
    if (explanation.event().isPresent()) {
      json.writeStringField(
          "partitionKeyNamespace", explanation.partitionKeyNamespace().orElse(""));
      json.writeFieldName("event");
      json.writeRawValue(explanation.event().get());
    }
    json.writeEndObject();
  }

  private static void write(List<Explanation> nodes, String name, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (Explanation node : nodes) {
      json.writeStartObject();
      json.writeStringField("what", node.what());
      json.writeStringField("result", node.result().word());
      json.writeStringField("because", node.because());
      if (node.rule().isPresent()) {
        write(node.rule().get(), json);
      }
      if (!node.labels().isEmpty()) {
        writeLabels(node.labels(), json);
      }
      if (!node.parts().isEmpty()) {
        write(node.parts(), "parts", json);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void write(Explanation.Rule rule, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("policy");
    json.writeStringField("id", rule.policy().id());
    json.writeStringField("version", rule.policy().version());
    json.writeStringField("place", rule.place().toString());
    json.writeArrayFieldStart("marketingActions");
    for (String action : rule.marketingActions()) {
      json.writeString(action);
    }
    json.writeEndArray();
    json.writeStringField("deny", rule.deny());
    json.writeEndObject();
  }

  private static void writeLabels(List<Evidence> labels, JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("labels");
    for (Evidence one : labels) {
      json.writeStartObject();
      json.writeStringField("label", one.label());
      json.writeStringField("part", one.part().toString());
      if (!one.inherited().isEmpty()) {
        json.writeStringField("inheritedFrom", one.inherited());
      }
      json.writeStringField("place", one.place().toString());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
