package org.audienceactivation.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.audienceactivation.kinesis.sender.Credentials;
import org.audienceactivation.kinesis.sender.KinesisClientSettings;
import org.audienceactivation.kinesis.sender.KinesisClients;
import org.audienceactivation.localkinesis.LocalKinesis;
import org.audienceactivation.localkinesis.LocalKinesisOptions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class StreamCheckTest {
  private static final String REGION = "eu-west-1";

  private static List<String> check(URI endpoint, String stream, boolean writeProbe) {
    KinesisClientSettings settings =
        KinesisClientSettings.builder()
            .region(REGION)
            .endpoint(endpoint)
            .credentials(new Credentials.StaticKeys("key", "secret", Optional.empty()))
            .wireFormat(KinesisClientSettings.WireFormat.JSON)
            .build();
    try (KinesisClients.Lease lease = new KinesisClients().lease(settings)) {
      return new StreamCheck(lease.client(), stream)
          .run(writeProbe).stream().map(StreamCheck.Finding::toString).toList();
    }
  }

  @Nested
  class AgainstAStreamThatIsThere {
    private static long records(LocalKinesis kinesis) {
      AtomicLong count = new AtomicLong();
      kinesis.forEachRecord(record -> count.incrementAndGet());
      return count.get();
    }

    @Test
    void nothing_is_written_unless_it_is_asked_for() {
      try (LocalKinesis kinesis = LocalKinesis.start(LocalKinesisOptions.defaults())) {
        kinesis.createStream(REGION, "events", 1);

        assertThat(check(kinesis.endpoint(), "events", false))
            .containsExactly(
                "ok          kinesis:ListStreams",
                "ok          stream events: is ACTIVE",
                "not tested  kinesis:PutRecord: would write to the stream; give --write-probe to"
                    + " test it",
                "not tested  kinesis:PutRecords: would write to the stream; give --write-probe to"
                    + " test it");
        assertThat(records(kinesis)).isZero();
      }
    }

    @Test
    void two_probes_are_written_when_it_is_asked_for() {
      try (LocalKinesis kinesis = LocalKinesis.start(LocalKinesisOptions.defaults())) {
        kinesis.createStream(REGION, "events", 1);

        assertThat(check(kinesis.endpoint(), "events", true))
            .containsExactly(
                "ok          kinesis:ListStreams",
                "ok          stream events: is ACTIVE",
                "ok          kinesis:PutRecord: a probe record was written",
                "ok          kinesis:PutRecords: a probe record was written");
        assertThat(records(kinesis)).isEqualTo(2);
      }
    }
  }

  @Test
  void a_stream_that_does_not_exist_is_a_failure() {
    try (LocalKinesis kinesis = LocalKinesis.start(LocalKinesisOptions.defaults())) {
      kinesis.createStream("us-east-1", "events", 1);

      assertThat(check(kinesis.endpoint(), "events", false))
          .contains(
              "failed      stream events: does not exist in this account and region; create it"
                  + " first");
    }
  }

  @Nested
  class APermissionThatIsDenied {
    private static List<String> with(Set<String> denied, boolean writeProbe) {
      try (DenyingKinesis kinesis = DenyingKinesis.thatDenies(denied)) {
        return check(kinesis.endpoint(), "events", writeProbe);
      }
    }

    @Test
    void list_streams_alone_is_no_failure() {
      assertThat(with(Set.of("ListStreams"), true))
          .containsExactly(
              "warning     kinesis:ListStreams: denied; delivery works without, and IAM grants it"
                  + " only for Resource \"*\"",
              "ok          stream events: is ACTIVE",
              "ok          kinesis:PutRecord: a probe record was written",
              "ok          kinesis:PutRecords: a probe record was written");
    }

    @Test
    void describe_stream_summary_leaves_the_list_of_streams_to_ask() {
      assertThat(with(Set.of("DescribeStreamSummary"), false))
          .contains(
              "ok          stream events: exists; whether it is ACTIVE is not known,"
                  + " kinesis:DescribeStreamSummary is denied");
    }

    @Test
    void both_leave_the_stream_unknown_but_fail_nothing() {
      assertThat(with(Set.of("DescribeStreamSummary", "ListStreams"), false))
          .anyMatch(line -> line.startsWith("not tested  stream events: "))
          .noneMatch(line -> line.startsWith("failed"));
    }

    @Test
    void put_record_is_a_failure_and_put_records_is_tested_by_itself() {
      assertThat(with(Set.of("PutRecord"), true))
          .endsWith(
              "failed      kinesis:PutRecord: denied (AccessDeniedException, HTTP 400)",
              "ok          kinesis:PutRecords: a probe record was written");
    }

    @Test
    void put_records_is_a_failure_and_put_record_is_tested_by_itself() {
      assertThat(with(Set.of("PutRecords"), true))
          .endsWith(
              "ok          kinesis:PutRecord: a probe record was written",
              "failed      kinesis:PutRecords: denied (AccessDeniedException, HTTP 400)");
    }

    @Test
    void nothing_is_put_without_being_asked_for() {
      try (DenyingKinesis kinesis = DenyingKinesis.thatDenies(Set.of("PutRecord"))) {
        check(kinesis.endpoint(), "events", false);

        assertThat(kinesis.calls()).containsExactly("ListStreams", "DescribeStreamSummary");
      }
    }
  }
}
