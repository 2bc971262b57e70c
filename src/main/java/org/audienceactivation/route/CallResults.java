package org.audienceactivation.route;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.audienceactivation.accounting.Outcome;
import org.audienceactivation.accounting.Reason;
import org.audienceactivation.accounting.ReasonCode;
import org.audienceactivation.http.AnswerBody;
import org.audienceactivation.http.HttpAnswer;
import org.audienceactivation.http.Upload;
import org.audienceactivation.kinesis.sender.DeliveryResult;
import org.audienceactivation.profile.Rejection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a caller is told: for each record and destination its outcome, written as batches are
 * settled, so that only counts are held whatever the size of the body. Holds no personal data.
 * Thread-safe.
 */
final class CallResults {
  private static final Logger LOG = LoggerFactory.getLogger(CallResults.class);
  private static final JsonFactory JSON = new JsonFactory();
  private static final Set<ReasonCode> NOT_READABLE =
      EnumSet.of(ReasonCode.MALFORMED_JSON, ReasonCode.INVALID_UTF8, ReasonCode.UNREADABLE_INPUT);

  private boolean minimal;
  private AnswerBody body;
  private JsonGenerator json;
  private final Map<String, Map<Outcome, Long>> counts = new LinkedHashMap<>();
  private long records;
  private long lastRecord;
  private boolean concluded;
  private boolean isReadable;
  private boolean hasReturned;

  /**
   * Results of a call of which nothing is settled.
   *
   * @param destinations those that are counted though they get nothing
   * @param minimal whether the caller wants counts only
   * @param body where they are kept, empty
   */
  CallResults(List<String> destinations, boolean minimal, AnswerBody body) {
    this.body = body;
    this.minimal = minimal;
    destinations.forEach(name -> counts.put(name, new EnumMap<>(Outcome.class)));
    this.json = begin();
  }

  private JsonGenerator begin() {
    try {
      JsonGenerator begun = JSON.createGenerator(body);
      begun.writeStartObject();
      if (!minimal) {
        begun.writeArrayFieldStart("results");
      }
      return begun;
    } catch (IOException e) {
      throw new UncheckedIOException("the first bytes are written to memory", e);
    }
  }

  /** Adds the records of a batch that was settled or given back. */
  synchronized void add(ProfileBatch batch) {
    Map<String, DestinationBatch> made = new HashMap<>();
    batch.madeDestinationBatches().forEach(one -> made.put(one.destination(), one));
    Map<String, Integer> at = new HashMap<>();
    for (BatchRecord record : batch.records()) {
      records++;
      lastRecord = record.raw().line();
      for (DestinationPlan plan : batch.plans()) {
        String destination = plan.name();
        DestinationBatch handed = made.get(destination);
        int next = at.getOrDefault(destination, 0);
        boolean isHanded =
            handed != null
                && next < handed.profiles().size()
                && handed.profiles().get(next).raw().equals(record.raw());
        if (isHanded) {
          at.put(destination, next + 1);
          add(destination, handed, handed.profiles().get(next));
        } else {
          add(destination, batch, record);
        }
      }
    }
  }

  private void add(String destination, DestinationBatch batch, DestinationRecord record) {
    Optional<Settlement> settlement = record.settlement();
    boolean isGivenBack = batch.givenBack().isPresent();
    boolean isDelivered =
        isGivenBack
            ? batch.staysDelivered(record)
            : settlement.orElse(null) instanceof Settlement.Delivered;
    if (isDelivered) {
      addDelivered(destination, record);
    } else if (isGivenBack) {
      add(destination, Reason.of(batch.givenBack().get()), "");
    } else {
      Settlement.NotDelivered why = (Settlement.NotDelivered) settlement.orElseThrow();
      add(destination, why.reason(), why.detail());
    }
  }

  private void add(String destination, ProfileBatch batch, BatchRecord record) {
    if (batch.givenBack().isPresent()) {
      add(destination, Reason.of(batch.givenBack().get()), "");
      return;
    }
    Rejection why = record.rejection().orElseThrow();
    add(destination, why.reason(), why.detail());
  }

  private void addDelivered(String destination, DestinationRecord record) {
    isReadable = true;
    count(destination, Outcome.DELIVERED);
    DeliveryResult.Delivered receipt =
        (DeliveryResult.Delivered) record.event().orElseThrow().result().orElseThrow();
    write(
        () -> {
          writeHead(destination, Outcome.DELIVERED);
          json.writeStringField("shardId", receipt.shardId());
          json.writeStringField("sequenceNumber", receipt.sequenceNumber());
          json.writeEndObject();
        });
  }

  private void add(String destination, Reason reason, String detail) {
    isReadable |= !NOT_READABLE.contains(reason.code());
    hasReturned |= reason.outcome() == Outcome.RETURNED;
    count(destination, reason.outcome());
    write(
        () -> {
          writeHead(destination, reason.outcome());
          writeReason(reason, detail);
          json.writeEndObject();
        });
  }

  /** Adds what follows the last record, as one, which these destinations would have got. */
  synchronized void addRest(List<String> destinations, ReasonCode why) {
    records++;
    lastRecord++;
    hasReturned = true;
    isReadable = true;
    for (String destination : destinations) {
      count(destination, why.outcome());
      write(
          () -> {
            writeHead(destination, why.outcome());
            writeReason(Reason.of(why), "");
            json.writeBooleanField("rest", true);
            json.writeEndObject();
          });
    }
  }

  synchronized boolean isConcluded() {
    return concluded;
  }

  /** Keeps nothing of a call that is answered by somebody else, or not at all. */
  synchronized void discardUnlessConcluded() {
    if (!concluded) {
      concluded = true;
      body.discard();
    }
  }

  /**
   * The answer.
   *
   * @param cut why the body could not be read to its end, if so
   */
  synchronized HttpAnswer conclude(Optional<Upload.Cut> cut) {
    concluded = true;
    CallStatus status = CallStatus.of(hasReturned, records > 0 && !isReadable, cut);
    try {
      end(status);
    } catch (IOException e) {
      keepCountsOnly();
      endInMemory(status);
    }
    return new HttpAnswer(status.code(), status.contentType(), status.headers(minimal), body);
  }

  private void endInMemory(CallStatus status) {
    try {
      end(status);
    } catch (IOException e) {
      throw new UncheckedIOException("counts are written to memory", e);
    }
  }

  private void end(CallStatus status) throws IOException {
    if (!minimal) {
      json.writeEndArray();
    }
    json.writeNumberField("received", records);
    writeCounts();
    if (status != CallStatus.SETTLED) {
      json.writeNumberField("status", status.code());
      json.writeStringField("title", status.title());
      json.writeStringField("detail", status.detail());
    }
    json.writeEndObject();
    json.close();
  }

  private void writeCounts() throws IOException {
    json.writeObjectFieldStart("outcomes");
    for (Map.Entry<String, Map<Outcome, Long>> destination : counts.entrySet()) {
      json.writeObjectFieldStart(destination.getKey());
      for (Map.Entry<Outcome, Long> count : destination.getValue().entrySet()) {
        json.writeNumberField(count.getKey().label(), count.getValue());
      }
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private void count(String destination, Outcome outcome) {
    counts
        .computeIfAbsent(destination, name -> new EnumMap<>(Outcome.class))
        .merge(outcome, 1L, Long::sum);
  }

  private void writeHead(String destination, Outcome outcome) throws IOException {
    json.writeStartObject();
    json.writeNumberField("record", lastRecord);
    json.writeStringField("destination", destination);
    json.writeStringField("outcome", outcome.label());
  }

  private void writeReason(Reason reason, String detail) throws IOException {
    json.writeStringField("reason", reason.label());
    if (!detail.isEmpty()) {
      json.writeStringField("detail", detail);
    }
  }

  /** What writes one result. */
  private interface Writing {
    void write() throws IOException;
  }

  private void write(Writing one) {
    if (minimal || concluded) {
      return;
    }
    try {
      one.write();
    } catch (IOException e) {
      keepCountsOnly();
    }
  }

  /**
   * The folder for temporary files is full, or gone: what became of the records is known all the
   * same.
   */
  private void keepCountsOnly() {
    LOG.warn("The results of a call cannot be kept in a temporary file; it gets counts only");
    body.discard();
    body = AnswerBody.empty();
    minimal = true;
    json = begin();
  }
}
