package org.audienceactivation.kinesis;

import org.apache.camel.component.aws2.kinesis.Kinesis2Constants;
import org.apache.camel.spi.Metadata;

/** The headers that the producer reads and sets; those of {@code aws2-kinesis}, and one more. */
public final class BatchKinesisConstants {

  @Metadata(
      label = "producer",
      description =
          "The partition keys of a body of several records: a list with one key for each record, in the same order. Named as in later versions of Camel.",
      javaType = "java.util.List<String>")
  public static final String PARTITION_KEYS = "CamelAwsKinesisPartitionKeys";

  @Metadata(
      label = "producer",
      description =
          "The partition key of a single record, or of all records of a body if there is no list of keys.",
      javaType = "String")
  public static final String PARTITION_KEY = Kinesis2Constants.PARTITION_KEY;

  @Metadata(
      label = "producer",
      description =
          "Set after a single record was delivered: its sequence number. What comes in under this name is never passed on to Kinesis.",
      javaType = "String")
  public static final String SEQUENCE_NUMBER = Kinesis2Constants.SEQUENCE_NUMBER;

  @Metadata(
      label = "producer",
      description = "Set after a single record was delivered: the shard that stored it.",
      javaType = "String")
  public static final String SHARD_ID = Kinesis2Constants.SHARD_ID;

  @Metadata(
      label = "producer",
      description = "Set after a body of several records: how many it has.",
      javaType = "Integer")
  public static final String RECORD_COUNT = Kinesis2Constants.RECORD_COUNT;

  @Metadata(
      label = "producer",
      description =
          "Set after a body of several records, also where the exchange fails: how many of them were refused or returned.",
      javaType = "Integer")
  public static final String FAILED_RECORD_COUNT = Kinesis2Constants.FAILED_RECORD_COUNT;

  private BatchKinesisConstants() {}
}
