package org.audienceactivation.destination;

import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.audienceactivation.audience.AudienceCatalogue;
import org.audienceactivation.config.Checked;
import org.audienceactivation.governance.ConsentRules;
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
    List<String> partitionNamespaces,
    Delivery delivery) {

  public Destination {
    attributes = List.copyOf(attributes);
    marketingActions = List.copyOf(marketingActions);
    partitionNamespaces = List.copyOf(partitionNamespaces);
  }

  /**
   * Reads one file.
   *
   * @param file its name as problems show it; its base name is the destination's name
   * @param placeholders resolves <code>{{…}}</code> in a text, or throws
   * @param catalogue where audiences given by name are looked up
   */
  public static Checked<Destination> read(
      String file, String yaml, UnaryOperator<String> placeholders, AudienceCatalogue catalogue) {
    return DestinationBinding.read(file, yaml, placeholders, catalogue);
  }

  /** What must be read of a profile to select and map it; what consent needs is governance's. */
  public Projection needs() {
    return new Projection(Set.copyOf(attributes), audiences);
  }
}
