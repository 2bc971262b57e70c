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
import java.util.OptionalLong;

/**
 * Storing records. A call is first held to the limits that refuse it whole; then each of its
 * records is stored or fails by itself.
 */
final class PutActions {

  /** The service's limit of a call: keys and data together. */
  static final int MAX_CALL_BYTES = 10 << 20;

  private static final System.Logger LOG = System.getLogger(PutActions.class.getName());

  private static final SerializedString SEQUENCE_NUMBER = new SerializedString("SequenceNumber");
  private static final SerializedString SHARD_ID = new SerializedString("ShardId");

  private final Streams streams;
  private final OptionalInt autoCreateShards;
  private final Tally tally;
  private final InstantSource clock;

  PutActions(Streams streams, OptionalInt autoCreateShards, Tally tally, InstantSource clock) {
    this.streams = streams;
    this.autoCreateShards = autoCreateShards;
    this.tally = tally;
    this.clock = clock;
  }

  void putOne(Call call, JsonGenerator out) throws IOException {
    PutRequest request = PutRequest.ofOne(call);
    PutResult result = put(request, call.fate()).get(0);
    out.writeStartObject();
    writeStored(stored(result), new byte[SequenceNumbers.DIGITS], out);
    out.writeStringField("EncryptionType", "NONE");
    out.writeEndObject();
  }

  void putMany(Call call, JsonGenerator out) throws IOException {
    List<PutResult> results = put(PutRequest.ofMany(call), call.fate());
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

  private List<PutResult> put(PutRequest request, Fate fate) {
    Stream stream = stream(request.stream());
    long bytes = requireWithinLimits(request.entries(), stream.maxRecordKiB() << 10);
    tally.countPut(request.entries().size(), bytes);
    return new Put(request.entries(), stream, fate).results();
  }

  private Stream stream(StreamKey key) {
    if (autoCreateShards.isPresent() && streams.find(key).isEmpty()) {
      streams.getOrCreate(key, Stream.Settings.provisioned(autoCreateShards.getAsInt()));
    }
    return streams.getActive(key);
  }

  /** The bytes of keys and data. */
  private static long requireWithinLimits(List<PutEntry> entries, int maxRecordBytes) {
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
    return bytes;
  }

  /** The records of one call on their way to their shards. */
  private final class Put {
    private final List<PutEntry> entries;
    private final Stream stream;
    private final Fate fate;
    private final PutResult[] results;
    private final long nowMillis = clock.millis();

    Put(List<PutEntry> entries, Stream stream, Fate fate) {
      this.entries = entries;
      this.stream = stream;
      this.fate = fate;
      this.results = new PutResult[entries.size()];
    }

    List<PutResult> results() {
      Map<Shard, ShardBatch> batches = new LinkedHashMap<>();
      ShardMap shards = stream.shards().open();
      for (int i = 0; i < results.length; i++) {
        admit(i, shards, batches);
      }
      store(batches);
      if (fate.isDroppedAfter()) {
        tally.countUnanswered(
            Arrays.stream(results).filter(PutResult.Stored.class::isInstance).count());
      }
      return Arrays.asList(results);
    }

    private void admit(int index, ShardMap shards, Map<Shard, ShardBatch> batches) {
      PutEntry entry = entries.get(index);
      Shard shard = shards.shardFor(entry.hashKey());
      Optional<PutResult.Failed> refusal = refusal(shard, entry);
      if (refusal.isPresent()) {
        results[index] = refusal.get();
      } else {
        add(index, shard, batches);
      }
    }

    private Optional<PutResult.Failed> refusal(Shard shard, PutEntry entry) {
      if (fate.touchesRecords()) {
        Optional<Fault> fault = fate.ofNextRecord();
        if (fault.isPresent()) {
          return Optional.of(failed(fault.get(), shard));
        }
      }
      if (shard.throughput().isPresent()
          && !shard.throughput().get().take(entry.size(), nowMillis)) {
        tally.countBeyondLimits();
        return Optional.of(throttled(shard));
      }
      return Optional.empty();
    }

    private PutResult.Failed failed(Fault fault, Shard shard) {
      return fault == Fault.THROTTLE
          ? throttled(shard)
          : new PutResult.Failed("InternalFailure", "Internal service failure.");
    }

    /** In the service's words. */
    private PutResult.Failed throttled(Shard shard) {
      return new PutResult.Failed(
          "ProvisionedThroughputExceededException",
          "Rate exceeded for shard "
              + shard.name()
              + " in stream "
              + stream.key().name()
              + " under account "
              + StreamKey.ACCOUNT
              + ".");
    }

    private void store(Map<Shard, ShardBatch> batches) {
      List<Integer> again = new ArrayList<>();
      for (ShardBatch batch : batches.values()) {
        if (!batch.store(nowMillis, results)) {
          batch.addIndexesTo(again);
        }
      }
      if (!again.isEmpty()) {
        storeInNewShards(again);
      }
    }

    /** The shards of some were closed on their way; the stream knows the new ones by now. */
    private void storeInNewShards(List<Integer> indexes) {
      Map<Shard, ShardBatch> batches = new LinkedHashMap<>();
      ShardMap shards = stream.shards().open();
      indexes.stream()
          .sorted()
          .forEach(i -> add(i, shards.shardFor(entries.get(i).hashKey()), batches));
      store(batches);
    }

    private void add(int index, Shard shard, Map<Shard, ShardBatch> batches) {
      batches
          .computeIfAbsent(shard, s -> new ShardBatch(s, results.length))
          .add(entries.get(index), index);
    }
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

    void addIndexesTo(List<Integer> target) {
      for (int i = 0; i < entries.size(); i++) {
        target.add(indexes[i]);
      }
    }

    /** False if the shard is closed: nothing was stored then. */
    boolean store(long nowMillis, PutResult[] results) {
      try {
        OptionalLong first = shard.log().append(entries, nowMillis);
        if (first.isEmpty()) {
          return false;
        }
        for (int i = 0; i < entries.size(); i++) {
          results[indexes[i]] = new PutResult.Stored(shard, first.getAsLong() + i);
        }
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "cannot write the log of " + shard.name(), e);
        PutResult.Failed failed =
            new PutResult.Failed("InternalFailure", "Internal service failure.");
        for (int i = 0; i < entries.size(); i++) {
          results[indexes[i]] = failed;
        }
      }
      return true;
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
