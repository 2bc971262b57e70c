package org.audienceactivation.governance;

import java.util.List;
import java.util.stream.Stream;
import org.audienceactivation.profile.Profile;
import org.audienceactivation.profile.XdmPath;

/**
 * Where profiles carry what the platform itself found when it evaluated its consent policies. The
 * field group has had two names.
 */
final class PlatformResults {

  private static final List<String> MAPS = Profile.CONSENT_RESULTS;

  private PlatformResults() {}

  /** Whether a key is the name of one of the maps. */
  static boolean isMap(String key) {
    return MAPS.contains(key);
  }

  /** One field of every policy's result, in every map. */
  static List<LabelPath> ofEvery(String field) {
    return MAPS.stream().map(map -> new LabelPath(List.of(map, LabelPath.ANY, field))).toList();
  }

  /**
   * The places of one field of a policy's result; where both are there, the stricter one counts.
   */
  static List<XdmPath> of(String policy, String field) {
    return MAPS.stream().map(map -> new XdmPath(List.of(map, policy, field))).toList();
  }

  /** As {@link #of}, for all policies. */
  static Stream<XdmPath> of(List<String> policies, String field) {
    return policies.stream().flatMap(policy -> of(policy, field).stream());
  }
}
