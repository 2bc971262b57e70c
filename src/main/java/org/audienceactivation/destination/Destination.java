package org.audienceactivation.destination;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.audienceactivation.audience.AudienceCatalogue;
import org.audienceactivation.config.Checked;
import org.audienceactivation.governance.ConsentRules;
import org.audienceactivation.governance.Enforcement;
import org.audienceactivation.governance.Outgoing;
import org.audienceactivation.governance.Rulebook;
import org.audienceactivation.profile.AudienceScope;
import org.audienceactivation.profile.Projection;
import org.audienceactivation.profile.XdmPath;

/**
 * One destination as {@code destinations/NAME.yaml} describes it, checked and complete.
 *
 * @param name the file's base name
 * @param description empty if there is none
 * @param audiences whose members are exported, and which memberships an event shows
 * @param attributes exported where present, in this order; none lies within another
 * @param audienceNames whether memberships carry the audience's name from the catalogue
 * @param marketingActions what the data will be used for
 * @param enforcement what happens where a policy forbids something that would be sent
 * @param partitionNamespaces whose identity is the partition key, by preference
 */
public record Destination(
    String name,
    String description,
    StreamTarget stream,
    Credentials credentials,
    AudienceScope audiences,
    List<XdmPath> attributes,
    boolean audienceNames,
    ConsentRules consent,
    List<String> marketingActions,
    Enforcement enforcement,
    List<String> partitionNamespaces,
    Delivery delivery) {

  public Destination {
    attributes = List.copyOf(attributes);
    marketingActions = List.copyOf(marketingActions);
    partitionNamespaces = List.copyOf(partitionNamespaces);
  }

  /** Reads one file of a home that has no governance files. */
  public static Checked<Destination> read(
      String file, String yaml, UnaryOperator<String> placeholders, AudienceCatalogue catalogue) {
    return read(file, yaml, placeholders, catalogue, Optional.of(Rulebook.empty()));
  }

  /**
   * Reads one file.
   *
   * @param file its name as problems show it; its base name is the destination's name
   * @param placeholders resolves <code>{{…}}</code> in a text, or throws
   * @param catalogue where audiences given by name are looked up
   * @param rules which policies it must not break, and which marketing actions there are; empty if
   *     they cannot be read, and the file is to be checked without them
   */
  public static Checked<Destination> read(
      String file,
      String yaml,
      UnaryOperator<String> placeholders,
      AudienceCatalogue catalogue,
      Optional<Rulebook> rules) {
    return DestinationBinding.read(file, yaml, placeholders, catalogue, rules);
  }

  /** What labels and policies need to know of it. */
  public Outgoing outgoing() {
    return new Outgoing(marketingActions, attributes, audiences);
  }

  /** What must be read of a profile to select and map it; what consent needs is governance's. */
  public Projection needs() {
    return new Projection(Set.copyOf(attributes), audiences);
  }
}
