package org.audienceactivation.kinesis.sender;

import java.net.URI;
import java.util.Objects;
import java.util.Optional;

/** How a client proves who it is. No {@code toString} shows a secret. */
public sealed interface Credentials {

  /** Keys as they are; with a session token they expire and are not renewed. */
  record StaticKeys(String accessKey, String secretKey, Optional<String> sessionToken)
      implements Credentials {
    public StaticKeys {
      Objects.requireNonNull(accessKey, "accessKey");
      Objects.requireNonNull(secretKey, "secretKey");
      Objects.requireNonNull(sessionToken, "sessionToken");
    }

    @Override
    public String toString() {
      return "StaticKeys[***]";
    }
  }

  /**
   * The SDK's own search: system properties, environment, web identity, profile, container, EC2.
   */
  record DefaultChain() implements Credentials {}

  /** A profile of the shared AWS configuration files. */
  record NamedProfile(String name) implements Credentials {
    public NamedProfile {
      Objects.requireNonNull(name, "name");
    }
  }

  /**
   * A role, assumed with {@code base} and renewed before it expires.
   *
   * @param externalId what the owner of the role asks for, against the confused deputy
   * @param stsEndpoint where STS is, if not where the SDK looks for it
   */
  record Role(
      String arn,
      Optional<String> externalId,
      String sessionName,
      Credentials base,
      Optional<URI> stsEndpoint)
      implements Credentials {

    public static final String DEFAULT_SESSION_NAME = "audience-activation";

    public Role {
      Objects.requireNonNull(arn, "arn");
      Objects.requireNonNull(externalId, "externalId");
      Objects.requireNonNull(sessionName, "sessionName");
      Objects.requireNonNull(base, "base");
      Objects.requireNonNull(stsEndpoint, "stsEndpoint");
    }

    /** The external id is half a secret between two accounts: it is not shown. */
    @Override
    public String toString() {
      return "Role[%s, session %s, base %s%s]"
          .formatted(arn, sessionName, base, stsEndpoint.map(e -> ", STS " + e).orElse(""));
    }
  }
}
