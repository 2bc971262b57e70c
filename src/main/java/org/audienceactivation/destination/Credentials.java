package org.audienceactivation.destination;

import java.util.Optional;

/**
 * With which identity a destination's stream is written. Secrets never show in {@code toString}.
 */
public sealed interface Credentials {

  /** The default provider chain of the AWS SDK: environment, profile, container, instance. */
  record Default() implements Credentials {}

  /** Keys written into the configuration, preferably as placeholders. */
  record Static(String accessKeyId, String secretAccessKey, Optional<String> sessionToken)
      implements Credentials {
    @Override
    public String toString() {
      return "Static[accessKeyId=" + accessKeyId + "]";
    }
  }

  /** A profile of the shared AWS configuration files. */
  record NamedProfile(String profile) implements Credentials {}

  /**
   * A role to assume.
   *
   * @param base with which identity the role is assumed; no role itself
   */
  record Role(
      String roleArn, Optional<String> externalId, Optional<String> sessionName, Credentials base)
      implements Credentials {
    @Override
    public String toString() {
      return "Role[roleArn=" + roleArn + ", base=" + base + "]";
    }
  }
}
