package org.audienceactivation.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.audienceactivation.accounting.OutcomeReport;
import org.audienceactivation.destination.Destination;
import org.audienceactivation.destination.StreamTarget;
import org.audienceactivation.kinesis.sender.Bottleneck;
import org.audienceactivation.kinesis.sender.LongLine;
import org.audienceactivation.kinesis.sender.SkewReport;
import org.audienceactivation.kinesis.sender.SkewReport.HeavyKey;
import org.audienceactivation.kinesis.sender.SkewReport.ShardShare;
import org.audienceactivation.route.ConfigurationInForce;

/**
 * What a run leaves behind in words: under which configuration it ended, the outcomes, and beside
 * them how evenly the records went to the streams, which belongs to the room of the sender and not
 * to the books.
 *
 * @param delivery for each destination that had a sender, in the order of the outcomes
 */
record RunReport(
    ConfigurationInForce configuration, OutcomeReport outcomes, List<Delivery> delivery) {
  private static final JsonFactory JSON = new JsonFactory();

  /** How one destination used its stream. */
  record Delivery(String destination, StreamTarget stream, SkewReport skew) {}

  static RunReport of(
      ConfigurationInForce configuration,
      OutcomeReport outcomes,
      List<Destination> destinations,
      Map<String, SkewReport> skew) {
    List<Delivery> delivery =
        destinations.stream()
            .filter(one -> skew.containsKey(one.name()))
            .map(one -> new Delivery(one.name(), one.stream(), skew.get(one.name())))
            .toList();
    return new RunReport(configuration, outcomes, delivery);
  }

  /** A line for each thing that held a stream back and that somebody should act on. */
  List<String> bottlenecks() {
    List<String> lines = new ArrayList<>();
    for (Delivery one : delivery) {
      for (Bottleneck bottleneck : one.skew.bottlenecks()) {
        lines.add(
            "%s: stream %s in %s was held back by %s"
                .formatted(
                    one.destination,
                    one.stream.name(),
                    one.stream.region(),
                    bottleneck.description()));
      }
    }
    return lines;
  }

  /** As {@code schemas/report.schema.json} says; indented, ending with a newline. */
  String toJson() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      json.writeStartObject();
      json.writeObjectFieldStart("configuration");
      json.writeStringField("version", configuration.version());
      json.writeStringField("since", configuration.since().toString());
      json.writeEndObject();
      outcomes.writeTo(json);
      json.writeObjectFieldStart("delivery");
      for (Delivery one : delivery) {
        json.writeObjectFieldStart(one.destination);
        write(json, one);
        json.writeEndObject();
      }
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw new AssertionError("a StringWriter does not fail", e);
    }
    return text.append('\n').toString();
  }

  private static void write(JsonGenerator json, Delivery delivery) throws IOException {
    json.writeStringField("stream", delivery.stream.name());
    json.writeStringField("region", delivery.stream.region());
    json.writeArrayFieldStart("shards");
    for (ShardShare shard : delivery.skew.shards()) {
      json.writeStartObject();
      json.writeStringField("shard", shard.shardId());
      json.writeNumberField("records", shard.records());
      json.writeNumberField("bytes", shard.bytes());
      json.writeNumberField("throttled", shard.throttled());
      json.writeNumberField("share", rounded(shard.share()));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("heavyKeys");
    for (HeavyKey key : delivery.skew.heavyKeys()) {
      json.writeStartObject();
      json.writeStringField("keySha256", key.key());
      json.writeStringField("shard", key.shardId());
      json.writeNumberField("share", rounded(key.share()));
      json.writeEndObject();
    }
    json.writeEndArray();
    if (delivery.skew.longestLine().isPresent()) {
      write(json, delivery.skew.longestLine().get());
    }
  }

  private static void write(JsonGenerator json, LongLine line) throws IOException {
    json.writeObjectFieldStart("longestLine");
    json.writeStringField("keySha256", line.key());
    json.writeNumberField("waiting", line.waiting());
    json.writeNumberField("recordsPerSecond", rounded(line.recordsPerSecond()));
    json.writeEndObject();
  }

  private static double rounded(double value) {
    return Math.round(value * 10_000) / 10_000.0;
  }
}
