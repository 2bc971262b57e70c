package org.audienceactivation.kinesis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.DescribeStreamSummaryRequest;
import software.amazon.awssdk.services.kinesis.model.DescribeStreamSummaryResponse;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;

/**
 * A Kinesis client with a store behind it and a script in between: stores what it is given unless
 * the script says that a call or a record fails. Thread-safe if the script is.
 */
public final class ScriptedKinesis implements KinesisClient {

  /** What a test lets happen to a record; empty: it is stored. */
  @FunctionalInterface
  public interface RecordScript extends Function<PutRecordsRequestEntry, Optional<String>> {}

  /** A record that was stored. */
  public record Stored(String partitionKey, String data, String sequenceNumber) {}

  private final List<PutRecordsRequest> calls = new CopyOnWriteArrayList<>();
  private final List<Stored> stored = Collections.synchronizedList(new ArrayList<>());
  private final AtomicLong sequence = new AtomicLong();
  private volatile UnaryOperator<PutRecordsRequest> beforeStoring = request -> request;
  private volatile UnaryOperator<PutRecordsResponse> afterStoring = response -> response;
  private volatile RecordScript records = entry -> Optional.empty();
  private volatile Function<PutRecordsRequestEntry, String> shards =
      entry -> "shardId-000000000000";
  private volatile Supplier<Integer> recordLimitKiB = () -> 1024;
  private final AtomicLong limitQuestions = new AtomicLong();
  private volatile boolean closed;

  public static ScriptedKinesis storingAll() {
    return new ScriptedKinesis();
  }

  /** Called with each request before anything is stored; throws what the call is to fail with. */
  public ScriptedKinesis before(UnaryOperator<PutRecordsRequest> script) {
    beforeStoring = script;
    return this;
  }

  /** Called with each answer after storing; throws to lose it. */
  public ScriptedKinesis after(UnaryOperator<PutRecordsResponse> script) {
    afterStoring = script;
    return this;
  }

  public ScriptedKinesis records(RecordScript script) {
    records = script;
    return this;
  }

  /** Where records go. */
  public ScriptedKinesis shards(Function<PutRecordsRequestEntry, String> script) {
    shards = script;
    return this;
  }

  /** What the stream says it takes as one record; throws what asking is to fail with. */
  public ScriptedKinesis recordLimitKiB(Supplier<Integer> script) {
    recordLimitKiB = script;
    return this;
  }

  /** How often somebody asked for it. */
  public long limitQuestions() {
    return limitQuestions.get();
  }

  /** Fails the first calls with these, then lets calls through. */
  public ScriptedKinesis failingFirst(RuntimeException... failures) {
    AtomicLong next = new AtomicLong();
    return before(
        request -> {
          int call = (int) next.getAndIncrement();
          if (call < failures.length) {
            throw failures[call];
          }
          return request;
        });
  }

  public static KinesisException error(int status, String code, String message) {
    return (KinesisException)
        KinesisException.builder()
            .statusCode(status)
            .message(message)
            .awsErrorDetails(details(code, message))
            .build();
  }

  public static AwsErrorDetails details(String code, String message) {
    return AwsErrorDetails.builder().errorCode(code).errorMessage(message).build();
  }

  public static AwsServiceException throttled() {
    return error(400, "LimitExceededException", "Rate exceeded");
  }

  @Override
  public DescribeStreamSummaryResponse describeStreamSummary(DescribeStreamSummaryRequest asked) {
    limitQuestions.incrementAndGet();
    Integer limit = recordLimitKiB.get();
    return DescribeStreamSummaryResponse.builder()
        .streamDescriptionSummary(summary -> summary.maxRecordSizeInKiB(limit))
        .build();
  }

  @Override
  public PutRecordsResponse putRecords(PutRecordsRequest given) {
    if (closed) {
      throw new IllegalStateException("Connection pool shut down");
    }
    calls.add(given);
    PutRecordsRequest request = beforeStoring.apply(given);
    List<PutRecordsResultEntry> results = new ArrayList<>();
    for (PutRecordsRequestEntry entry : request.records()) {
      results.add(
          records
              .apply(entry)
              .map(code -> notStored(code, shards.apply(entry)))
              .orElseGet(() -> store(entry)));
    }
    long failed = results.stream().filter(result -> result.errorCode() != null).count();
    return afterStoring.apply(
        PutRecordsResponse.builder().records(results).failedRecordCount((int) failed).build());
  }

  private static PutRecordsResultEntry notStored(String code, String shard) {
    String message =
        code.equals("ProvisionedThroughputExceededException")
            ? "Rate exceeded for shard " + shard + " in stream s under account 000000000000."
            : "scripted " + code;
    return PutRecordsResultEntry.builder().errorCode(code).errorMessage(message).build();
  }

  private PutRecordsResultEntry store(PutRecordsRequestEntry entry) {
    String number = Long.toString(sequence.incrementAndGet());
    stored.add(
        new Stored(entry.partitionKey(), entry.data().asString(StandardCharsets.UTF_8), number));
    return PutRecordsResultEntry.builder()
        .shardId(shards.apply(entry))
        .sequenceNumber(number)
        .build();
  }

  public List<PutRecordsRequest> calls() {
    return calls;
  }

  /** The number of records of each call, in order. */
  public List<Integer> callSizes() {
    return calls.stream().map(call -> call.records().size()).toList();
  }

  public List<Stored> stored() {
    synchronized (stored) {
      return List.copyOf(stored);
    }
  }

  public List<String> storedKeys() {
    return stored().stream().map(Stored::partitionKey).toList();
  }

  public List<String> storedData() {
    return stored().stream().map(Stored::data).toList();
  }

  public boolean isClosed() {
    return closed;
  }

  @Override
  public String serviceName() {
    return SERVICE_NAME;
  }

  @Override
  public void close() {
    closed = true;
  }
}
