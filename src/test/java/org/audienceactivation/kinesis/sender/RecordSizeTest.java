package org.audienceactivation.kinesis.sender;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.audienceactivation.kinesis.ScriptedKinesis;
import org.audienceactivation.kinesis.sender.DeliveryResult.Cause;
import org.audienceactivation.kinesis.sender.DeliveryResult.Delivered;
import org.audienceactivation.kinesis.sender.DeliveryResult.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.SdkClientException;

/** How large a record may be when nobody has set it. */
class RecordSizeTest {

  private static final int MIB = 1 << 20;

  private final Simulation simulation = Simulation.withSeed(1);
  private final ScriptedKinesis kinesis = ScriptedKinesis.storingAll();
  private final KinesisSender sender =
      new KinesisSender(
          kinesis,
          "s",
          SenderSettings.defaults(),
          simulation,
          simulation.log(),
          SenderListener.NONE);

  @Test
  void the_stream_is_not_asked_as_long_as_records_are_small() {
    StreamRecord record = send(MIB);

    assertThat(record.result()).containsInstanceOf(Delivered.class);
    assertThat(kinesis.limitQuestions()).isZero();
  }

  @Test
  void a_larger_record_is_delivered_if_the_stream_says_that_it_takes_it() {
    kinesis.recordLimitKiB(() -> 3 * 1024);

    assertThat(send(3 * MIB).result()).containsInstanceOf(Delivered.class);
    assertThat(send(3 * MIB + 1).result())
        .get()
        .satisfies(
            result -> {
              assertThat(((Refused) result).cause()).isEqualTo(Cause.TOO_LARGE);
              assertThat(((Refused) result).message()).endsWith("allowed is 3145728");
            });
    assertThat(kinesis.limitQuestions()).isEqualTo(1);
  }

  @Test
  void no_record_is_refused_on_an_old_answer_since_the_owner_may_have_raised_the_limit() {
    send(2 * MIB);
    kinesis.recordLimitKiB(() -> 3 * 1024);
    simulation.runFor(Duration.ofSeconds(11));

    assertThat(send(2 * MIB).result()).containsInstanceOf(Delivered.class);
  }

  @Test
  void it_is_asked_at_most_every_10_seconds_however_many_records_are_too_large() {
    for (int second = 0; second < 30; second++) {
      send(2 * MIB);
    }

    assertThat(kinesis.limitQuestions()).isEqualTo(3);
  }

  @Test
  void a_record_that_it_takes_is_sent_on_an_answer_of_minutes_ago() {
    kinesis.recordLimitKiB(() -> 3 * 1024);
    for (int minute = 0; minute < 9; minute++) {
      send(3 * MIB);
      simulation.runFor(Duration.ofMinutes(1));
    }

    assertThat(kinesis.limitQuestions()).isEqualTo(1);
  }

  @Test
  void where_it_may_not_be_asked_a_record_may_have_1_MiB() {
    kinesis.recordLimitKiB(
        () -> {
          throw ScriptedKinesis.error(400, "AccessDeniedException", "not authorized");
        });

    assertThat(send(MIB + 1).result()).get().isInstanceOf(Refused.class);
    simulation.runFor(Duration.ofMinutes(1));
    assertThat(send(MIB + 1).result()).get().isInstanceOf(Refused.class);
    assertThat(kinesis.calls()).isEmpty();
    assertThat(kinesis.limitQuestions()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ExpiredTokenException",
        "ResourceNotFoundException",
        "UnrecognizedClientException"
      })
  void an_outage_that_somebody_must_end_makes_no_record_too_large(String code) {
    kinesis.recordLimitKiB(
        () -> {
          throw ScriptedKinesis.error(400, code, "not now");
        });

    assertThat(send(2 * MIB).result()).containsInstanceOf(Delivered.class);
  }

  @Test
  void while_it_cannot_be_reached_kinesis_decides() {
    kinesis.recordLimitKiB(
        () -> {
          throw SdkClientException.create("Connection refused");
        });

    assertThat(send(2 * MIB).result()).containsInstanceOf(Delivered.class);
  }

  @Test
  void no_stream_takes_more_than_10_MiB() {
    assertThat(send(10 * MIB + 1).result()).get().isInstanceOf(Refused.class);
    assertThat(kinesis.limitQuestions()).isZero();
  }

  @Test
  void what_is_larger_than_a_call_may_be_goes_alone() {
    kinesis.recordLimitKiB(() -> 10 * 1024);

    sender.send(List.of(record(9 * MIB), StreamRecord.of("small", new byte[10])));
    simulation.run();

    assertThat(kinesis.callSizes()).containsExactly(1, 1);
  }

  private StreamRecord send(int bytes) {
    StreamRecord record = record(bytes);
    sender.send(List.of(record));
    simulation.runFor(Duration.ofSeconds(1));
    return record;
  }

  private static StreamRecord record(int bytes) {
    return StreamRecord.of("k", new byte[bytes - 1]);
  }
}
