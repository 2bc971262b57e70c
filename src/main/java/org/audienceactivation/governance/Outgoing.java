package org.audienceactivation.governance;

import java.util.List;
import org.audienceactivation.profile.AudienceScope;
import org.audienceactivation.profile.XdmPath;

/**
 * What a destination would send, and what for: all that labels and policies need to know of it.
 * Identities are not listed, since all of a profile's are sent.
 *
 * @param attributes the mapped paths, none within another
 */
public record Outgoing(
    List<String> marketingActions, List<XdmPath> attributes, AudienceScope audiences) {

  public Outgoing {
    marketingActions = List.copyOf(marketingActions);
    attributes = List.copyOf(attributes);
  }
}
