package org.audienceactivation.bench;

import java.util.Collections;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;

/** A client that takes every record, counts the calls and costs next to nothing. Thread-safe. */
final class CountingKinesis implements KinesisClient {

  private static final PutRecordsResultEntry STORED =
      PutRecordsResultEntry.builder().shardId("shardId-000000000000").sequenceNumber("1").build();

  private final AtomicInteger calls = new AtomicInteger();

  int calls() {
    return calls.get();
  }

  @Override
  public PutRecordsResponse putRecords(PutRecordsRequest request) {
    calls.incrementAndGet();
    return PutRecordsResponse.builder()
        .failedRecordCount(0)
        .records(Collections.nCopies(request.records().size(), STORED))
        .build();
  }

  @Override
  public String serviceName() {
    return SERVICE_NAME;
  }

  @Override
  public void close() {}
}
