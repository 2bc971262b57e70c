package org.audienceactivation.accounting;

/**
 * Every reason there is for a record not to be delivered. Codes are stable: reports, dead letters,
 * metrics and people's alerts refer to them.
 */
public enum ReasonCode {
  MALFORMED_JSON("malformed-json", Outcome.REJECTED),
  INVALID_UTF8("invalid-utf8", Outcome.REJECTED),
  WRONG_TYPE("wrong-type", Outcome.REJECTED),
  LINE_TOO_LONG("line-too-long", Outcome.REJECTED),
  UNREADABLE_INPUT("unreadable-input", Outcome.REJECTED),
  NO_IDENTITY("no-identity", Outcome.REJECTED),
  STEP_FAILED("step-failed", Outcome.REJECTED),

  NOT_CHANGED("not-changed", Outcome.UNCHANGED),
  TRIGGER_OFF("trigger-off", Outcome.UNCHANGED),
  NOT_A_MEMBER("not-a-member", Outcome.UNCHANGED),

  NOT_IN_MAPPED_AUDIENCE("not-in-mapped-audience", Outcome.EXCLUDED),
  DROPPED_BY_STEP("dropped-by-step", Outcome.EXCLUDED),
  CONSENT_REFUSED("consent-refused", Outcome.EXCLUDED),
  CONSENT_MISSING("consent-missing", Outcome.EXCLUDED),
  CONSENT_UNREADABLE("consent-unreadable", Outcome.EXCLUDED),
  CONSENT_RESULT("consent-result", Outcome.EXCLUDED),
  CONSENT_POLICY("consent-policy", Outcome.EXCLUDED),
  OTHER_CHANNEL_PREFERRED("other-channel-preferred", Outcome.EXCLUDED),
  IDENTITY_REFUSED("identity-refused", Outcome.EXCLUDED),
  NO_AUDIENCE_ALLOWED("no-audience-allowed", Outcome.EXCLUDED),
  NO_IDENTITY_ALLOWED("no-identity-allowed", Outcome.EXCLUDED),

  NEWER_EVENT("newer-event", Outcome.SUPERSEDED),

  RECORD_TOO_LARGE("record-too-large", Outcome.DEAD_LETTERED),
  KINESIS_REFUSED("kinesis-refused", Outcome.DEAD_LETTERED),
  RETRY_LIMIT("retry-limit", Outcome.DEAD_LETTERED),

  STOPPED("stopped", Outcome.RETURNED),
  TIMED_OUT("timed-out", Outcome.RETURNED),
  UPLOAD_CUT("upload-cut", Outcome.RETURNED),
  FAILED_BATCH("failed-batch", Outcome.RETURNED);

  private final String code;
  private final Outcome outcome;

  ReasonCode(String code, Outcome outcome) {
    this.code = code;
    this.outcome = outcome;
  }

  /** The published spelling, in kebab case. */
  public String code() {
    return code;
  }

  /** The outcome that a record with this reason has. */
  public Outcome outcome() {
    return outcome;
  }
}
