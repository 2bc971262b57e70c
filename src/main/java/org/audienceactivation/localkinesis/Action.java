package org.audienceactivation.localkinesis;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The actions that this server speaks. */
public enum Action {
  CREATE_STREAM("CreateStream"),
  DELETE_STREAM("DeleteStream"),
  DESCRIBE_LIMITS("DescribeLimits"),
  DESCRIBE_STREAM("DescribeStream"),
  DESCRIBE_STREAM_SUMMARY("DescribeStreamSummary"),
  GET_RECORDS("GetRecords"),
  GET_SHARD_ITERATOR("GetShardIterator"),
  LIST_SHARDS("ListShards"),
  LIST_STREAMS("ListStreams"),
  MERGE_SHARDS("MergeShards"),
  PUT_RECORD("PutRecord"),
  PUT_RECORDS("PutRecords"),
  SPLIT_SHARD("SplitShard"),
  UPDATE_MAX_RECORD_SIZE("UpdateMaxRecordSize"),
  UPDATE_SHARD_COUNT("UpdateShardCount");

  private static final String PREFIX = "Kinesis_20131202.";

  /** All names, for messages. */
  static final String NAMES =
      Arrays.stream(values()).map(action -> action.wireName).collect(Collectors.joining(", "));

  private final String wireName;

  Action(String wireName) {
    this.wireName = wireName;
  }

  /** Its name in the service's documentation and in {@code X-Amz-Target}. */
  public String wireName() {
    return wireName;
  }

  static Optional<Action> ofName(String wireName) {
    return Arrays.stream(values()).filter(action -> action.wireName.equals(wireName)).findFirst();
  }

  /** The action of an {@code X-Amz-Target} header. */
  static Action ofTarget(String target) {
    for (Action action : values()) {
      if (target.length() == PREFIX.length() + action.wireName.length()
          && target.startsWith(PREFIX)
          && target.endsWith(action.wireName)) {
        return action;
      }
    }
    throw ApiException.unknownOperation(
        "X-Amz-Target must be " + PREFIX + "ACTION, where ACTION is one of " + NAMES);
  }
}
