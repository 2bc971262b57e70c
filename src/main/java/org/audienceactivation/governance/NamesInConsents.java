package org.audienceactivation.governance;

import java.util.List;
import java.util.stream.Stream;
import org.audienceactivation.profile.XdmPath;

/**
 * Where consents spell out identities, as keys or as values. They are read to decide, and are no
 * part of an event: an identity that refuses would leave in its own refusal.
 */
public final class NamesInConsents {

  private static final List<LabelPath> PLACES =
      Stream.concat(
              Stream.of(
                  LabelPath.of("consents.idSpecific"),
                  LabelPath.of("consents.marketing.*.subscriptions.*.subscribers")),
              PlatformResults.ofEvery("identityLevelConsents").stream())
          .toList();

  private NamesInConsents() {}

  /** Whether all at the path is part of such a place. */
  public static boolean contain(XdmPath path) {
    return PLACES.stream().anyMatch(place -> place.covers(LabelPath.of(path)));
  }

  /** The parts of a path that are such places. */
  static List<LabelPath> below(XdmPath path) {
    return PLACES.stream().flatMap(place -> place.below(path).stream()).toList();
  }
}
