package org.audienceactivation.cli;

import org.audienceactivation.accounting.Outcome;
import org.audienceactivation.accounting.OutcomeReport;

/** What the process says when it ends; part of the published interface. */
enum ExitStatus {
  /** All well. */
  OK(0),
  /** A failure of the program itself. */
  INTERNAL_FAILURE(1),
  /** The call or the configuration is wrong. */
  USAGE_OR_CONFIGURATION(2),
  /** Finished, but records were rejected or dead-lettered. */
  RECORDS_KEPT_BACK(3),
  /** The outcomes do not add up to what was received. */
  ACCOUNTS_DO_NOT_ADD_UP(4),
  /** Stopped with records that their source still has. */
  RECORDS_RETURNED(5),
  /** Of {@code explain}: the profile would be excluded. */
  LEFT_OUT(6);

  private final int code;

  ExitStatus(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  /** Of an application that was stopped from outside: what it kept back is no failure of it. */
  static ExitStatus ofStopped(OutcomeReport report) {
    if (!report.addsUp()) {
      return ACCOUNTS_DO_NOT_ADD_UP;
    }
    return report.count(Outcome.RETURNED) > 0 ? RECORDS_RETURNED : OK;
  }

  /** Of a run that was to process everything there was. */
  static ExitStatus ofFinished(OutcomeReport report) {
    ExitStatus stopped = ofStopped(report);
    if (stopped != OK) {
      return stopped;
    }
    boolean keptBack = report.count(Outcome.REJECTED) + report.count(Outcome.DEAD_LETTERED) > 0;
    return keptBack ? RECORDS_KEPT_BACK : OK;
  }
}
