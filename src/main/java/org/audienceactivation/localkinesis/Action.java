package org.audienceactivation.localkinesis;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The actions that this server speaks, by their names in {@code X-Amz-Target}. */
enum Action {
  CREATE_STREAM("CreateStream"),
  DELETE_STREAM("DeleteStream"),
  DESCRIBE_STREAM("DescribeStream"),
  DESCRIBE_STREAM_SUMMARY("DescribeStreamSummary"),
  GET_RECORDS("GetRecords"),
  GET_SHARD_ITERATOR("GetShardIterator"),
  LIST_SHARDS("ListShards"),
  LIST_STREAMS("ListStreams"),
  PUT_RECORD("PutRecord"),
  PUT_RECORDS("PutRecords");

  private static final String PREFIX = "Kinesis_20131202.";
  private static final String SUPPORTED =
      Arrays.stream(values()).map(action -> action.wireName).collect(Collectors.joining(", "));

  private final String wireName;

  Action(String wireName) {
    this.wireName = wireName;
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
        "X-Amz-Target must be " + PREFIX + "ACTION, where ACTION is one of " + SUPPORTED);
  }
}
