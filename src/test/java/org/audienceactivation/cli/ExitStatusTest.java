package org.audienceactivation.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.audienceactivation.accounting.Account;
import org.audienceactivation.accounting.Ledger;
import org.audienceactivation.accounting.OutcomeReport;
import org.audienceactivation.accounting.Reason;
import org.audienceactivation.accounting.ReasonCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitStatusTest {

  /** One delivered record, and one for each reason. */
  private static OutcomeReport reportOf(int neverSettled, ReasonCode... reasons) {
    Ledger ledger = new Ledger(List.of("d", "idle"));
    Account account = ledger.account("d");
    account.received(1 + reasons.length + neverSettled);
    account.delivered(1);
    Arrays.stream(reasons).forEach(reason -> account.settled(Reason.of(reason), 1));
    return new OutcomeReport(ledger.totals());
  }

  @ParameterizedTest(name = "{0}: finished {1}, stopped {2}")
  @CsvSource({
    "NOT_IN_MAPPED_AUDIENCE, 0, 0",
    "CONSENT_REFUSED, 0, 0",
    "MALFORMED_JSON, 3, 0",
    "NO_IDENTITY, 3, 0",
    "STEP_FAILED, 3, 0",
    "KINESIS_REFUSED, 3, 0",
    "RETRY_LIMIT, 3, 0",
    "RECORD_TOO_LARGE, 3, 0",
    "STOPPED, 5, 5",
    "FAILED_BATCH, 5, 5",
  })
  void follows_from_the_outcomes(ReasonCode reason, int finished, int stopped) {
    assertThat(ExitStatus.ofFinished(reportOf(0, reason)).code()).isEqualTo(finished);
    assertThat(ExitStatus.ofStopped(reportOf(0, reason)).code()).isEqualTo(stopped);
  }

  @Test
  void is_0_when_everything_is_delivered() {
    assertThat(ExitStatus.ofFinished(reportOf(0))).isEqualTo(ExitStatus.OK);
  }

  @Test
  void is_4_when_a_record_has_no_outcome_whatever_else_there_is() {
    OutcomeReport report = reportOf(1, ReasonCode.STOPPED, ReasonCode.MALFORMED_JSON);

    assertThat(ExitStatus.ofFinished(report).code()).isEqualTo(4);
    assertThat(ExitStatus.ofStopped(report).code()).isEqualTo(4);
  }

  @Test
  void is_5_rather_than_3_when_records_are_returned_as_well() {
    OutcomeReport report = reportOf(0, ReasonCode.STOPPED, ReasonCode.MALFORMED_JSON);

    assertThat(ExitStatus.ofFinished(report).code()).isEqualTo(5);
  }
}
