package org.audienceactivation.localkinesis;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Storing records. A call is first held to the limits that refuse it whole; then each of its
 * records is stored or fails by itself.
 */
final class PutActions {

  /** Decides, per record, whether its shard takes it now; in this server the disk alone refuses. */
  @FunctionalInterface
  interface Admission {
    Optional<PutResult.Failed> refuse(Shard shard, int recordBytes);
  }

  /** The service's limit of a call: keys and data together. */
  static final int MAX_CALL_BYTES = 10 << 20;

  private static final System.Logger LOG = System.getLogger(PutActions.class.getName());

  private static final SerializedString SEQUENCE_NUMBER = new SerializedString("SequenceNumber");
  private static final SerializedString SHARD_ID = new SerializedString("ShardId");

  private final Streams streams;
  private final OptionalInt autoCreateShards;
  private final Admission admission;
  private final InstantSource clock;

  PutActions(
      Streams streams, OptionalInt autoCreateShards, Admission admission, InstantSource clock) {
    this.streams = streams;
    this.autoCreateShards = autoCreateShards;
    this.admission = admission;
    this.clock = clock;
  }

  void putOne(Call call, JsonGenerator out) throws IOException {
    PutRequest request = PutRequest.ofOne(call);
    PutResult result = put(request).get(0);
    out.writeStartObject();
    writeStored(stored(result), new byte[SequenceNumbers.DIGITS], out);
    out.writeStringField("EncryptionType", "NONE");
    out.writeEndObject();
  }

  void putMany(Call call, JsonGenerator out) throws IOException {
    List<PutResult> results = put(PutRequest.ofMany(call));
    int failed = 0;
    byte[] digits = new byte[SequenceNumbers.DIGITS];
    out.writeStartObject();
    out.writeArrayFieldStart("Records");
    for (PutResult result : results) {
      out.writeStartObject();
      if (result instanceof PutResult.Stored stored) {
        writeStored(stored, digits, out);
      } else if (result instanceof PutResult.Failed failure) {
        failed++;
        out.writeStringField("ErrorCode", failure.code());
        out.writeStringField("ErrorMessage", failure.message());
      }
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeNumberField("FailedRecordCount", failed);
    out.writeStringField("EncryptionType", "NONE");
    out.writeEndObject();
  }

  private List<PutResult> put(PutRequest request) {
    Stream stream = stream(request.stream());
    requireWithinLimits(request.entries(), stream.settings().maxRecordKiB() << 10);
    return store(request.entries(), stream);
  }

  private Stream stream(StreamKey key) {
    if (autoCreateShards.isPresent() && streams.find(key).isEmpty()) {
      return streams.getOrCreate(key, Stream.Settings.provisioned(autoCreateShards.getAsInt()));
    }
    return streams.getActive(key);
  }

  private static void requireWithinLimits(List<PutEntry> entries, int maxRecordBytes) {
    long bytes = 0;
    for (int i = 0; i < entries.size(); i++) {
      int size = entries.get(i).size();
      if (size > maxRecordBytes) {
        throw ApiException.invalidArgument(
            "Record "
                + (i + 1)
                + " has "
                + size
                + " bytes of key and data; the stream's limit is "
                + maxRecordBytes
                + ".");
      }
      bytes += size;
    }
    if (bytes > MAX_CALL_BYTES) {
      throw ApiException.invalidArgument(
          "Records have "
              + bytes
              + " bytes of keys and data; the limit of a call is "
              + MAX_CALL_BYTES
              + ".");
    }
  }

  private List<PutResult> store(List<PutEntry> entries, Stream stream) {
    PutResult[] results = new PutResult[entries.size()];
    Map<Shard, ShardBatch> batches = new LinkedHashMap<>();
    for (int i = 0; i < results.length; i++) {
      PutEntry entry = entries.get(i);
      Shard shard = stream.openShards().shardFor(entry.hashKey());
      Optional<PutResult.Failed> refusal = admission.refuse(shard, entry.size());
      if (refusal.isPresent()) {
        results[i] = refusal.get();
      } else {
        batches.computeIfAbsent(shard, s -> new ShardBatch(s, results.length)).add(entry, i);
      }
    }
    long now = clock.millis();
    batches.values().forEach(batch -> batch.store(now, results));
    return Arrays.asList(results);
  }

  /** What one call has for one shard, in the order of the call. */
  private static final class ShardBatch {
    private final Shard shard;
    private final List<PutEntry> entries;
    private final int[] indexes;

    ShardBatch(Shard shard, int capacity) {
      this.shard = shard;
      this.entries = new ArrayList<>();
      this.indexes = new int[capacity];
    }

    void add(PutEntry entry, int index) {
      indexes[entries.size()] = index;
      entries.add(entry);
    }

    void store(long nowMillis, PutResult[] results) {
      try {
        long first = shard.log().append(entries, nowMillis);
        for (int i = 0; i < entries.size(); i++) {
          results[indexes[i]] = new PutResult.Stored(shard, first + i);
        }
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "cannot write the log of " + shard.name(), e);
        PutResult.Failed failed =
            new PutResult.Failed("InternalFailure", "Internal service failure.");
        for (int i = 0; i < entries.size(); i++) {
          results[indexes[i]] = failed;
        }
      }
    }
  }

  private static PutResult.Stored stored(PutResult result) {
    if (result instanceof PutResult.Stored stored) {
      return stored;
    }
    PutResult.Failed failed = (PutResult.Failed) result;
    throw ApiException.ofFailedRecord(failed.code(), failed.message());
  }

  private static void writeStored(PutResult.Stored stored, byte[] digits, JsonGenerator out)
      throws IOException {
    stored.shard().numbers().write(stored.place(), digits);
    out.writeFieldName(SEQUENCE_NUMBER);
    out.writeUTF8String(digits, 0, digits.length);
    out.writeFieldName(SHARD_ID);
    out.writeString(stored.shard().id());
  }
}
