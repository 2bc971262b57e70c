package org.audienceactivation.route;

import java.util.Optional;
import org.apache.camel.Exchange;
import org.audienceactivation.destination.InputKind;

/**
 * What a source says of its records.
 *
 * @param snapshot the name under which those are marked that a snapshot of all profiles shows;
 *     empty if no source shows all of them
 */
record Input(InputKind kind, Optional<String> snapshot) {

  /** The property of an exchange in which a source's route declares what it hands over. */
  static final String PROPERTY = "activationInput";

  /** Whole profiles, of which nobody knows whether they are all. */
  static final Input PROFILES = new Input(InputKind.SNAPSHOT, Optional.empty());

  /** Profiles that a snapshot does not show any more. */
  static final Input MISSING = new Input(InputKind.MISSING, Optional.empty());

  static final Input DELTA = new Input(InputKind.DELTA, Optional.empty());

  /**
   * As the route of the exchange declares it.
   *
   * @param snapshot the name of the snapshot, if the source hands over all profiles at once
   * @throws UnsettledSourceException if it declares something else; nothing is read then
   */
  static Input of(Exchange exchange, Optional<String> snapshot) throws UnsettledSourceException {
    String declared = exchange.getProperty(PROPERTY, "snapshot", String.class);
    return switch (declared) {
      case "snapshot" -> new Input(InputKind.SNAPSHOT, snapshot);
      case "delta" -> DELTA;
      default ->
          throw new UnsettledSourceException(
              "route "
                  + exchange.getFromRouteId()
                  + ": the property "
                  + PROPERTY
                  + " is \""
                  + declared
                  + "\"; it must be snapshot or delta");
    };
  }
}
