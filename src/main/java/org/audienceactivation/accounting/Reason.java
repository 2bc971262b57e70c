package org.audienceactivation.accounting;

import java.util.Arrays;
import java.util.Optional;

/**
 * Why a record was not delivered: a stable code and, where configuration names one, the thing that
 * decided (a consent path, an AWS error code).
 *
 * <p>The subject comes from configuration or from AWS, never from a profile: reasons are counted,
 * logged and shown, so they carry no personal data and their number is bounded.
 */
public record Reason(ReasonCode code, Optional<String> subject) {

  public static Reason of(ReasonCode code) {
    return new Reason(code, Optional.empty());
  }

  public static Reason of(ReasonCode code, String subject) {
    return new Reason(code, Optional.of(subject));
  }

  /** The code of a {@link #label()}. */
  static ReasonCode codeOf(String label) {
    String code = label.split(":", 2)[0];
    return Arrays.stream(ReasonCode.values())
        .filter(one -> one.code().equals(code))
        .findFirst()
        .orElseThrow();
  }

  public Outcome outcome() {
    return code.outcome();
  }

  /** The key in reports: {@code code} or {@code code:subject}. */
  public String label() {
    return subject.map(s -> code.code() + ":" + s).orElse(code.code());
  }
}
