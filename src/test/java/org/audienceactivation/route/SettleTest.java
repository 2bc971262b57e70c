package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.audienceactivation.accounting.Ledger;
import org.audienceactivation.accounting.Outcome;
import org.audienceactivation.accounting.ReasonCode;
import org.audienceactivation.accounting.Totals;
import org.audienceactivation.audience.AudienceCatalogue;
import org.audienceactivation.destination.Destination;
import org.audienceactivation.profile.ProfileReader;
import org.audienceactivation.profile.RawRecord;
import org.junit.jupiter.api.Test;

/** Every record is counted once, whoever settles it and however often. */
class SettleTest {
  private final Ledger ledger = new Ledger(List.of("one"));
  private final DestinationPlan plan =
      DestinationPlan.of(
          Destination.read(
                  "one.yaml",
                  "stream: {name: s, region: eu-west-1}\naudiences: all\n",
                  text -> text,
                  AudienceCatalogue.empty())
              .toOptional()
              .orElseThrow(),
          HomeConfiguration.none(),
          "one",
          States.none(),
          ledger.account("one"));
  private final Plans plans =
      new Plans(HomeConfiguration.none(), List.of(plan), new ProfileReader(plan.needs()));
  private final List<byte[]> kept = new ArrayList<>();
  private final Settle settle =
      new Settle("run", new DeadLetterOffice(kept::add, Clock.systemUTC()), AuditLog.off());

  private ProfileBatch batch(String... lines) {
    List<RawRecord> records = new ArrayList<>();
    for (String line : lines) {
      records.add(RawRecord.of("f", records.size() + 1, line.getBytes(StandardCharsets.UTF_8)));
    }
    return new ProfileBatch("f:1", records, plans, batch -> {});
  }

  private void decode(ProfileBatch batch) {
    new Decode().process(with(batch));
  }

  private static Exchange with(Object body) {
    Exchange exchange = new DefaultExchange(new DefaultCamelContext());
    exchange.getMessage().setBody(body);
    return exchange;
  }

  private Totals totals() {
    return ledger.totals().get("one");
  }

  @Test
  void settling_twice_counts_and_keeps_once() {
    ProfileBatch batch = batch("nonsense");
    decode(batch);

    settle.process(with(batch));
    settle.process(with(batch));

    assertThat(totals().of(Outcome.REJECTED)).isEqualTo(1);
    assertThat(totals().addUp()).isTrue();
    assertThat(kept).hasSize(1);
  }

  @Test
  void a_batch_that_was_not_handed_on_cannot_be_settled() {
    ProfileBatch batch = batch("{}");

    assertThatThrownBy(() -> settle.process(with(batch)))
        .hasMessageContaining("before every destination has settled it");
    assertThat(batch.isSettled()).isFalse();
  }

  @Test
  void what_is_given_back_is_returned_and_a_late_settlement_counts_nothing() {
    ProfileBatch batch = batch("{}", "nonsense");
    decode(batch);
    DestinationBatch late = batch.getDestinationBatches().get(0);
    new Select().process(with(late));

    Settle.giveBack(batch, ReasonCode.STOPPED);
    settle.process(with(late));

    assertThat(totals().received()).isEqualTo(2);
    assertThat(totals().of(Outcome.RETURNED)).isEqualTo(2);
    assertThat(totals().addUp()).isTrue();
  }

  @Test
  void settling_and_giving_back_at_the_same_time_count_each_record_once() throws Exception {
    for (int round = 0; round < 200; round++) {
      ProfileBatch batch = batch("{}", "nonsense");
      decode(batch);
      DestinationBatch destination = batch.getDestinationBatches().get(0);
      new Select().process(with(destination));
      CountDownLatch start = new CountDownLatch(1);
      Thread settling =
          new Thread(
              () -> {
                await(start);
                settle.process(with(destination));
                settle.process(with(batch));
              });
      settling.start();
      start.countDown();
      Settle.giveBack(batch, ReasonCode.STOPPED);
      settling.join();
    }

    assertThat(totals().received()).isEqualTo(400);
    assertThat(totals().addUp()).isTrue();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void dead_letters_are_handed_over_in_pieces_of_bounded_size() {
    String[] lines = new String[40];
    java.util.Arrays.fill(lines, "x".repeat(50_000));
    ProfileBatch batch = batch(lines);
    decode(batch);

    settle.process(with(batch));

    assertThat(kept).hasSizeGreaterThan(5);
    assertThat(kept.stream().mapToLong(SettleTest::documents).sum()).isEqualTo(40);
  }

  private static long documents(byte[] letters) {
    return new String(letters, StandardCharsets.UTF_8).lines().count();
  }
}
