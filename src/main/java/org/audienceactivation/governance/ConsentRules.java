package org.audienceactivation.governance;

import java.util.LinkedHashSet;
import java.util.List;

/**
 * What a destination asks of a profile's consents.
 *
 * @param require distinct; all of them must allow, the first that does not is the reason
 */
public record ConsentRules(List<Consent> require, MissingConsent missing) {

  /** {@code consents.share} must not be refused. */
  public static final ConsentRules DEFAULT =
      new ConsentRules(List.of(Consent.SHARE), MissingConsent.ALLOW);

  public ConsentRules {
    require = List.copyOf(new LinkedHashSet<>(require));
  }
}
