package org.audienceactivation.governance;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * What a destination asks of a profile's consents.
 *
 * @param require distinct; all of them must allow, the first that does not is the reason
 * @param subscriptions to which the profile must be subscribed, in channels that it has not refused
 * @param preferredChannel the one channel that the profile must prefer, as XDM names it
 * @param results ids of the platform's own consent policies whose result must be {@code realized}
 * @param missing what it means if the profile does not say
 */
public record ConsentRules(
    List<Consent> require,
    List<Subscription> subscriptions,
    Optional<String> preferredChannel,
    List<String> results,
    MissingConsent missing) {

  /** {@code consents.share} must not be refused. */
  public static final ConsentRules DEFAULT =
      new ConsentRules(List.of(Consent.SHARE), MissingConsent.ALLOW);

  public ConsentRules {
    require = List.copyOf(new LinkedHashSet<>(require));
    subscriptions = List.copyOf(new LinkedHashSet<>(subscriptions));
    results = List.copyOf(new LinkedHashSet<>(results));
  }

  /** Consents alone. */
  public ConsentRules(List<Consent> require, MissingConsent missing) {
    this(require, List.of(), Optional.empty(), List.of(), missing);
  }

  /**
   * A newsletter, say, of one channel.
   *
   * @param channel a channel of marketing
   * @param name its key under {@code subscriptions}
   */
  public record Subscription(Consent channel, String name) {}
}
