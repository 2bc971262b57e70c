package org.audienceactivation.kinesis.sender;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Fills one call within the limits of the service, and with not much more for one shard than a
 * quarter of what it takes in a second: else a large call for one shard throttles itself. Not
 * thread-safe.
 */
final class CallBuilder {

  /** For one shard in one call; a single record may have more. */
  static final int SHARD_BYTES = 256 << 10;

  /** Smaller calls are not looked into: they cannot have much more than that for any shard. */
  static final int BYTES_TO_LOOK_INTO = 320 << 10;

  /** Whether a record goes into the call. */
  enum Fit {
    YES,
    NOT_THIS_SHARD,
    /** Nor into any other with a record in it: it needs a call of its own. */
    ONLY_ALONE,
    FULL
  }

  private final int maxRecords;
  private final int maxBytes;
  private final ShardRanges ranges;
  private final List<Pending> records;
  private int bytes;
  private Map<Optional<String>, Integer> bytesByShard = Map.of();

  CallBuilder(int maxRecords, int maxBytes, ShardRanges ranges, int expected) {
    this.maxRecords = maxRecords;
    this.maxBytes = maxBytes;
    this.ranges = ranges;
    this.records = new ArrayList<>(Math.min(maxRecords, expected));
  }

  /** The first record always fits: what is too large for a call with others goes alone. */
  Fit fit(Pending pending) {
    if (records.isEmpty()) {
      return Fit.YES;
    }
    if (pending.bytes() > maxBytes) {
      return Fit.ONLY_ALONE;
    }
    if (records.size() == maxRecords || bytes + pending.bytes() > maxBytes) {
      return Fit.FULL;
    }
    if (bytes + pending.bytes() <= BYTES_TO_LOOK_INTO) {
      return Fit.YES;
    }
    int ofShard = bytesByShard().getOrDefault(ranges.shardOf(pending.hash()), 0);
    return ofShard > 0 && ofShard + pending.bytes() > SHARD_BYTES ? Fit.NOT_THIS_SHARD : Fit.YES;
  }

  /** Only what {@link #fit} said yes to. If this fails, the record is not in the call. */
  void add(Pending pending) {
    if (!bytesByShard.isEmpty()) {
      count(pending);
    }
    records.add(pending);
    bytes += pending.bytes();
  }

  List<Pending> records() {
    return records;
  }

  private Map<Optional<String>, Integer> bytesByShard() {
    if (bytesByShard.isEmpty()) {
      bytesByShard = new HashMap<>();
      records.forEach(this::count);
    }
    return bytesByShard;
  }

  private void count(Pending pending) {
    bytesByShard.merge(ranges.shardOf(pending.hash()), pending.bytes(), Integer::sum);
  }
}
