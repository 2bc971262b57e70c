package org.audienceactivation.governance;

import java.util.Set;
import java.util.TreeSet;
import org.audienceactivation.profile.Sha256;

/**
 * Data with these labels must not be put to these uses.
 *
 * @param id unique; it stands in reasons, reports and logs
 * @param version changes whenever what the policy says does
 * @param marketingActions any one of them suffices
 * @param place where it is written
 */
public record Policy(
    String id,
    String name,
    String version,
    PolicyStatus status,
    Set<String> marketingActions,
    Deny deny,
    Place place) {

  private static final int VERSION_DIGITS = 8;

  public Policy {
    marketingActions = Set.copyOf(marketingActions);
  }

  /** For a policy that brings no version of its own: the beginning of a digest of what it says. */
  static String versionOf(Set<String> marketingActions, Deny deny) {
    return Sha256.hex(new TreeSet<>(marketingActions) + " " + deny).substring(0, VERSION_DIGITS);
  }

  Policy withStatus(PolicyStatus other) {
    return new Policy(id, name, version, other, marketingActions, deny, place);
  }

  boolean isEnabled() {
    return status == PolicyStatus.ENABLED;
  }
}
