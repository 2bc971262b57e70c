package org.audienceactivation.kinesis.sender;

import java.util.ArrayList;
import java.util.List;
import org.audienceactivation.kinesis.sender.CallAnswer.Answered;
import org.audienceactivation.kinesis.sender.CallAnswer.Failed;
import org.audienceactivation.kinesis.sender.CallAnswer.RecordAnswer;
import org.audienceactivation.kinesis.sender.CallAnswer.RecordAnswer.NotStored;
import org.audienceactivation.kinesis.sender.CallAnswer.RecordAnswer.Stored;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;

/** Makes one PutRecords call and reads its answer. Judges nothing and never throws. */
final class StreamCaller {

  private final KinesisClient client;
  private final String stream;

  StreamCaller(KinesisClient client, String stream) {
    this.client = client;
    this.stream = stream;
  }

  CallAnswer put(List<Pending> records) {
    try {
      PutRecordsResponse response = client.putRecords(request(records));
      return answer(records.size(), response.records());
    } catch (Throwable t) { // not even an Error may cost 500 records their result
      return new Failed(Failure.of(t));
    }
  }

  private PutRecordsRequest request(List<Pending> records) {
    List<PutRecordsRequestEntry> entries = new ArrayList<>(records.size());
    for (Pending pending : records) {
      entries.add(entry(pending.record()));
    }
    return PutRecordsRequest.builder().streamName(stream).records(entries).build();
  }

  private static PutRecordsRequestEntry entry(StreamRecord record) {
    PutRecordsRequestEntry.Builder entry =
        PutRecordsRequestEntry.builder()
            .partitionKey(record.partitionKey())
            .data(SdkBytes.fromByteArrayUnsafe(record.data()));
    if (record.explicitHashKey().isPresent()) {
      entry.explicitHashKey(record.explicitHashKey().get());
    }
    return entry.build();
  }

  private static CallAnswer answer(int asked, List<PutRecordsResultEntry> entries) {
    if (entries.size() != asked) {
      return new Failed(
          Failure.ofAnswer("%d records were sent, %d answered".formatted(asked, entries.size())));
    }
    List<RecordAnswer> answers = new ArrayList<>(asked);
    for (PutRecordsResultEntry entry : entries) {
      answers.add(answer(entry));
    }
    return new Answered(answers);
  }

  private static RecordAnswer answer(PutRecordsResultEntry entry) {
    if (entry.errorCode() != null) {
      return new NotStored(Failure.of(entry));
    }
    if (entry.sequenceNumber() == null || entry.shardId() == null) {
      return new NotStored(Failure.ofAnswer("neither an error nor a sequence number"));
    }
    return new Stored(entry.shardId(), entry.sequenceNumber());
  }
}
