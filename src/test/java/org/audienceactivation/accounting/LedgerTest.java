package org.audienceactivation.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private final Ledger ledger = new Ledger(List.of("b", "a"));

  @Property(tries = 100)
  void accounts_add_up_exactly_when_every_received_record_has_an_outcome(
      @ForAll @Size(max = 50) List<ReasonCode> reasons) {
    Account account = new Ledger(List.of("one")).account("one");
    account.received(reasons.size() + 1);
    reasons.forEach(code -> account.settled(Reason.of(code), 1));

    assertThat(account.totals().addUp()).isFalse();
    account.delivered(1);
    assertThat(account.totals().addUp()).isTrue();
  }

  @Test
  void a_reason_is_counted_under_its_outcome_and_its_label() {
    Account account = ledger.account("a");
    account.settled(Reason.of(ReasonCode.CONSENT_REFUSED, "consents.share"), 2);

    assertThat(account.totals().of(Outcome.EXCLUDED)).isEqualTo(2);
    assertThat(account.totals().reasons()).containsEntry("consent-refused:consents.share", 2L);
  }

  @Test
  void destinations_are_reported_in_alphabetical_order() {
    assertThat(ledger.totals().keySet()).containsExactly("a", "b");
  }

  @Test
  void a_destination_that_is_not_in_the_run_has_no_account() {
    assertThatThrownBy(() -> ledger.account("c")).hasMessageContaining("destination c");
  }

  @Test
  void the_report_has_every_outcome_and_the_reasons() {
    ledger.account("a").received(3);
    ledger.account("a").delivered(2);
    ledger.account("a").settled(Reason.of(ReasonCode.NO_IDENTITY), 1);

    OutcomeReport report = new OutcomeReport(ledger.totals());

    assertThat(report.toJson().replaceAll("\\s", ""))
        .contains(
            "\"a\":{\"received\":3,\"delivered\":2,\"unchanged\":0,\"superseded\":0,\"excluded\":0,"
                + "\"rejected\":1,\"deadLettered\":0,\"returned\":0,\"reasons\":{\"no-identity\":1}}");
    assertThat(report.toTable()).contains("no-identity: 1").doesNotContain("NOT ADD UP");
  }

  @Test
  void the_table_says_when_accounts_do_not_add_up() {
    ledger.account("a").received(1);

    assertThat(new OutcomeReport(ledger.totals()).toTable()).contains("NOT ADD UP");
  }

  @Test
  void every_reason_code_is_documented_with_its_outcome() throws Exception {
    String page = Files.readString(Path.of("docs/outcomes.md"));

    for (ReasonCode code : ReasonCode.values()) {
      assertThat(page).contains("| `" + code.code() + "` | " + code.outcome().label() + " |");
    }
  }
}
