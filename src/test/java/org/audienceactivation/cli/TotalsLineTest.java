package org.audienceactivation.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.audienceactivation.accounting.Account;
import org.audienceactivation.accounting.Ledger;
import org.audienceactivation.accounting.LeftOut;
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
    account.settled(Reason.of(ReasonCode.CONSENT_REFUSED, "consents.share"), 7);
    account.settled(Reason.of(ReasonCode.NOT_IN_MAPPED_AUDIENCE), 40);

    assertThat(TotalsLine.of("prospects", ledger.totals().get("prospects")))
        .isEqualTo(
            "prospects: 12,350 received, 12,000 delivered, 47 excluded (40 not-in-mapped-audience,"
                + " 7 consent-refused:consents.share), 3 rejected (3 malformed-json), 300 in flight");
  }

  @Test
  void names_the_most_frequent_parts_and_how_many_more_there_are() {
    Ledger ledger = new Ledger(List.of("prospects"));
    Account account = ledger.account("prospects");
    for (int part = 1; part <= 7; part++) {
      for (int event = 0; event < part; event++) {
        account.withheld(new LeftOut("p:" + part, "label-policy", "p", Integer.toString(part)));
      }
    }
    account.audited(new LeftOut("no-audience-allowed:q", "no-audience-allowed", "q", "profile"));

    assertThat(TotalsLine.of("prospects", ledger.totals().get("prospects")))
        .isEqualTo(
            "prospects: 0 received, 0 in flight; left out: 7 p:7, 6 p:6, 5 p:5, 4 p:4, 3 p:3, and 2"
                + " more; audited: 1 no-audience-allowed:q");
  }

  @Test
  void of_a_run_without_records_says_so() {
    Ledger ledger = new Ledger(List.of("prospects"));

    assertThat(TotalsLine.of("prospects", ledger.totals().get("prospects")))
        .isEqualTo("prospects: 0 received, 0 in flight");
  }
}
