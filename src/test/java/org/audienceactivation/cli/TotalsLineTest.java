package org.audienceactivation.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.audienceactivation.accounting.Account;
import org.audienceactivation.accounting.Ledger;
import org.audienceactivation.accounting.Reason;
import org.audienceactivation.accounting.ReasonCode;
import org.junit.jupiter.api.Test;

class TotalsLineTest {
  @Test
  void says_what_became_of_the_records_so_far_and_what_is_in_flight() {
    Ledger ledger = new Ledger(List.of("prospects"));
    Account account = ledger.account("prospects");
    account.received(12_350);
    account.delivered(12_000);
    account.settled(Reason.of(ReasonCode.MALFORMED_JSON), 3);

    assertThat(TotalsLine.of("prospects", ledger.totals().get("prospects")))
        .isEqualTo("prospects: 12,350 received, 12,000 delivered, 3 rejected, 347 in flight");
  }

  @Test
  void of_a_run_without_records_says_so() {
    Ledger ledger = new Ledger(List.of("prospects"));

    assertThat(TotalsLine.of("prospects", ledger.totals().get("prospects")))
        .isEqualTo("prospects: 0 received, 0 in flight");
  }
}
