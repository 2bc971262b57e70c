package org.audienceactivation.route;

import java.util.List;
import org.audienceactivation.accounting.Ledger;
import org.audienceactivation.audience.AudienceCatalogue;
import org.audienceactivation.destination.Destination;
import org.audienceactivation.profile.Projection;

/** The plans of a home with one destination, called {@code one}, that takes everybody. */
final class OneDestination {

  private OneDestination() {}

  static Plans plans(Ledger ledger) {
    Destination one =
        Destination.read(
                "one.yaml",
                "stream: {name: s, region: eu-west-1}\naudiences: all\n",
                text -> text,
                AudienceCatalogue.empty())
            .toOptional()
            .orElseThrow();
    return Plans.of(
        HomeConfiguration.none(),
        List.of(one),
        Destination::name,
        ledger,
        Projection.NOTHING,
        States.none());
  }
}
