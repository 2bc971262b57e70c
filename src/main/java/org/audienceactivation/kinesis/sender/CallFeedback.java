package org.audienceactivation.kinesis.sender;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.audienceactivation.kinesis.sender.CallAnswer.Answered;
import org.audienceactivation.kinesis.sender.CallAnswer.RecordAnswer.NotStored;
import org.audienceactivation.kinesis.sender.CallAnswer.RecordAnswer.Stored;
import org.audienceactivation.kinesis.sender.SenderListener.ShardUse;

/**
 * What an answer tells of the shards, gathered without the sender's lock: what each stored, which
 * records were throttled, and where a few of the records went. Immutable once made.
 */
final class CallFeedback {

  /** Told where a record went. */
  interface Whereabouts {
    void wentTo(long hash, String shardId);
  }

  /** Told the key of a record that stands for so many. */
  interface Keys {
    void add(String key, String shardId, int weight);
  }

  /** So many of a call are looked at: a hash costs more than all else that is done for a record. */
  private static final int SAMPLES = 16;

  /** As AWS words it: "Rate exceeded for shard shardId-000000000001 in stream …". */
  private static final Pattern SHARD_ID = Pattern.compile("shardId-\\d{12}");

  private record Seen(Pending pending, String shardId) {}

  private record Throttled(Pending pending, Optional<String> shardId) {}

  private static final class Tally {
    private int stored;
    private long bytes;
  }

  private final Map<String, Tally> stored = new HashMap<>();
  private final List<Seen> samples = new ArrayList<>(SAMPLES + 1);
  private final List<Throttled> throttled = new ArrayList<>(0);
  private final int sampleWeight;

  private CallFeedback(int records) {
    sampleWeight = Math.max(1, records / SAMPLES);
  }

  static CallFeedback of(List<Pending> call, CallAnswer answer) {
    CallFeedback feedback = new CallFeedback(call.size());
    if (answer instanceof Answered answered) {
      for (int i = 0; i < call.size(); i++) {
        feedback.add(i, call.get(i), answered.records().get(i));
      }
    }
    return feedback;
  }

  private void add(int index, Pending pending, CallAnswer.RecordAnswer answer) {
    if (answer instanceof Stored one) {
      Tally tally = stored.computeIfAbsent(one.shardId(), id -> new Tally());
      tally.stored++;
      tally.bytes += pending.bytes();
      if (index % sampleWeight == 0) {
        pending.hash();
        samples.add(new Seen(pending, one.shardId()));
      }
    } else if (answer instanceof NotStored not
        && FailureClassifier.isShardThrottled(not.failure())) {
      pending.hash();
      throttled.add(new Throttled(pending, shardIn(not.failure().message())));
    }
  }

  private static Optional<String> shardIn(String message) {
    Matcher found = SHARD_ID.matcher(message);
    return found.find() ? Optional.of(found.group()) : Optional.empty();
  }

  /** Tells where those records went of which it is known. */
  void whereaboutsOfRecords(Whereabouts visitor) {
    samples.forEach(one -> visitor.wentTo(one.pending.hash(), one.shardId));
    for (Throttled one : throttled) {
      one.shardId.ifPresent(shard -> visitor.wentTo(one.pending.hash(), shard));
    }
  }

  /** Tells the keys of the stored records that were looked at. */
  void keysOfRecords(Keys visitor) {
    samples.forEach(
        one -> visitor.add(one.pending.record().partitionKey(), one.shardId, sampleWeight));
  }

  /**
   * What each shard stored and throttled.
   *
   * @param guess the shard of a throttled record that Kinesis did not name
   */
  List<ShardUse> shards(Function<Long, Optional<String>> guess) {
    Map<String, Integer> notStored = new HashMap<>();
    for (Throttled one : throttled) {
      one.shardId
          .or(() -> guess.apply(one.pending.hash()))
          .ifPresent(shard -> notStored.merge(shard, 1, Integer::sum));
    }
    List<ShardUse> shards = new ArrayList<>(stored.size());
    stored.forEach(
        (id, tally) ->
            shards.add(new ShardUse(id, tally.stored, tally.bytes, notStored.getOrDefault(id, 0))));
    notStored.forEach(
        (id, count) -> {
          if (!stored.containsKey(id)) {
            shards.add(new ShardUse(id, 0, 0, count));
          }
        });
    return shards;
  }
}
