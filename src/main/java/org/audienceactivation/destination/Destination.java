package org.audienceactivation.destination;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.audienceactivation.audience.AudienceCatalogue;
import org.audienceactivation.config.Checked;
import org.audienceactivation.governance.ConsentRules;
import org.audienceactivation.governance.Enforcement;
import org.audienceactivation.governance.Outgoing;
import org.audienceactivation.governance.Rulebook;
import org.audienceactivation.profile.AudienceRef;
import org.audienceactivation.profile.AudienceScope;
import org.audienceactivation.profile.Projection;
import org.audienceactivation.profile.XdmPath;

/**
 * One destination as {@code destinations/NAME.yaml} describes it, checked and complete.
 *
 * @param name the file's base name
 * @param description empty if there is none
 * @param audiences whose members are exported
 * @param mappedAt when audiences were mapped, of those of which the file tells
 * @param attributes exported where present, in this order; none lies within another
 * @param contents what an event shows, and how
 * @param activation what makes an event
 * @param marketingActions what the data will be used for
 * @param enforcement what happens where a policy forbids something that would be sent
 * @param partitionNamespaces whose identity is the partition key, by preference
 * @param profileKey what names a profile, by preference
 */
public record Destination(
    String name,
    String description,
    StreamTarget stream,
    Credentials credentials,
    AudienceScope audiences,
    Map<AudienceRef, MappingTimes> mappedAt,
    List<XdmPath> attributes,
    Contents contents,
    ActivationRules activation,
    ConsentRules consent,
    List<String> marketingActions,
    Enforcement enforcement,
    List<String> partitionNamespaces,
    ProfileNaming profileKey,
    Delivery delivery) {

  /**
   * What an event shows, and how.
   *
   * @param allMemberships whether it shows all of a profile's audiences, mapped or not
   * @param audienceNames whether memberships carry the audience's name from the catalogue
   * @param audienceTimestamps whether they carry when the audience was made and mapped (domain.md
   *     §4.4)
   * @param envelope whether it has a member {@code _activation}
   */
  public record Contents(
      boolean allMemberships,
      boolean audienceNames,
      boolean audienceTimestamps,
      Statuses statuses,
      Dates dates,
      boolean envelope) {

    public static final Contents DEFAULT =
        new Contents(false, false, false, Statuses.AS_GIVEN, Dates.AS_GIVEN, false);
  }

  /** When an audience was mapped to the destination, and when that was last changed. */
  public record MappingTimes(Instant created, Instant updated) {}

  public Destination {
    mappedAt = Map.copyOf(mappedAt);
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
    return new Outgoing(marketingActions, attributes, audiences, shown());
  }

  /** The audiences whose memberships an event shows. */
  public AudienceScope shown() {
    return contents.allMemberships() ? AudienceScope.all() : audiences;
  }

  /** What must be read of a profile to select and map it; what consent needs is governance's. */
  public Projection needs() {
    return new Projection(Set.copyOf(attributes), shown()).union(profileKey.needs());
  }
}
