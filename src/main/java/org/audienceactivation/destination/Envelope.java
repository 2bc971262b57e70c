package org.audienceactivation.destination;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.audienceactivation.profile.Sha256;
import org.audienceactivation.state.ProfileKey;

/**
 * The member {@code _activation} of an event: what consumers need to take events that come twice,
 * or late, for what they are. The documented payload has none; it is written where a destination
 * asks for it.
 *
 * @param profile the key of the profile
 * @param version counts the events of the profile to this destination, from 1
 * @param causes why the event is sent
 * @param policyVersion the version of the configuration under which it was governed
 */
public record Envelope(
    String destination,
    ProfileKey profile,
    long version,
    Set<Trigger> causes,
    String policyVersion) {

  private static final int ID_DIGITS = 32;

  /**
   * The same for an event that comes twice: it follows from destination, profile, version and the
   * event itself. The last is part of it because of a version that was delivered and not noted by a
   * process that was killed: what follows may be another event with the same version.
   */
  String eventId(byte[] event) {
    String all =
        destination
            + '\0'
            + profile
            + '\0'
            + version
            + '\0'
            + new String(event, StandardCharsets.UTF_8);
    return Sha256.hex(all).substring(0, ID_DIGITS);
  }
}
