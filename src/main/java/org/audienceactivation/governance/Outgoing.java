package org.audienceactivation.governance;

import java.util.List;
import org.audienceactivation.profile.AudienceScope;
import org.audienceactivation.profile.XdmPath;

/**
 * What a destination would send, and what for: all that labels and policies need to know of it.
 * Identities are not listed, since all of a profile's are sent.
 *
 * @param attributes the mapped paths, none within another
 * @param audiences whose members are sent
 * @param shown the audiences of which an event tells; all of {@code audiences} among them
 */
public record Outgoing(
    List<String> marketingActions,
    List<XdmPath> attributes,
    AudienceScope audiences,
    AudienceScope shown) {

  public Outgoing {
    marketingActions = List.copyOf(marketingActions);
    attributes = List.copyOf(attributes);
  }

  /** Of a destination whose events tell of those audiences whose members are sent. */
  public Outgoing(
      List<String> marketingActions, List<XdmPath> attributes, AudienceScope audiences) {
    this(marketingActions, attributes, audiences, audiences);
  }
}
