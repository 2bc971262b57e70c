package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.audienceactivation.accounting.Ledger;
import org.audienceactivation.accounting.Outcome;
import org.audienceactivation.accounting.ReasonCode;
import org.audienceactivation.accounting.Totals;
import org.audienceactivation.profile.Compression;
import org.audienceactivation.profile.NdjsonReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of batches that cannot begin, or end early. */
@Timeout(60)
class SourceDeliveryTest {
  private final Ledger ledger = new Ledger(List.of("one"));
  private final PlansInForce plans = new PlansInForce(OneDestination.plans(ledger));
  private final StopSignal stop = new StopSignal();
  private final ExportFile export =
      new ExportFile(
          new ExportFile.Source("f", "f#1", Path.of("f"), new FileStamp(0, 0)),
          NdjsonReader.open(
              "f",
              new ByteArrayInputStream("{}\n{}\n{}".getBytes(StandardCharsets.UTF_8)),
              Compression.NONE,
              NdjsonReader.Limits.DEFAULT),
          plans,
          stop,
          ended -> {});

  private Totals totals() {
    return ledger.totals().get("one");
  }

  @Test
  void a_batch_that_is_held_when_the_application_stops_is_given_back_and_not_begun() {
    assertThat(export.hasNext()).isTrue();
    plans.hold();
    stop.give();

    ProfileBatch held = export.next();

    assertThat(held.givenBack()).contains(ReasonCode.STOPPED);
    assertThat(held.getDestinationBatches()).isEmpty();
    assertThat(plans.open()).isEmpty();
    assertThat(export.hasNext()).isFalse();
    assertThat(export.isSettled()).isFalse();
    assertThat(totals().of(Outcome.RETURNED)).isEqualTo(3).isEqualTo(totals().received());
  }

  @Test
  void a_batch_that_comes_when_it_was_told_of_as_the_rest_is_not_sent_and_not_counted_again() {
    assertThat(export.hasNext()).isTrue();
    assertThat(export.hasRest()).isTrue();

    ProfileBatch late = export.next();

    assertThat(late.isSettled()).isTrue();
    late.received();
    assertThat(late.getDestinationBatches()).isEmpty();
    assertThat(totals().received()).isZero();
    assertThat(plans.open()).isEmpty();
  }

  @Test
  void a_batch_that_was_given_back_is_open_as_long_as_steps_may_work_on_it() {
    assertThat(export.hasNext()).isTrue();
    ProfileBatch batch = export.next();

    Settle.giveBack(batch, ReasonCode.TIMED_OUT);
    assertThat(plans.open()).containsExactly(batch);

    export.end();
    assertThat(plans.open()).isEmpty();
  }
}
