package org.audienceactivation.governance;

import java.util.Optional;
import org.audienceactivation.accounting.Reason;

/**
 * What one rule says of a profile, or of one of its identities. Findings are made with the
 * configuration, not with the profile: they hold no personal data, and deciding makes none.
 *
 * @param refusal why it must not be sent; empty if the rule has nothing against it
 * @param path where the profile says what decided, as configuration spells it
 * @param answer what was found there, in a word: {@code yes}, {@code no}, {@code not given}, {@code
 *     unreadable}
 */
public record Finding(Optional<Reason> refusal, PolicyRef policy, String path, String answer) {

  boolean refuses() {
    return refusal.isPresent();
  }

  /** Why. */
  Reason reason() {
    return refusal.orElseThrow();
  }
}
