package org.audienceactivation.route;

import java.net.URI;
import java.util.Optional;
import org.audienceactivation.destination.Credentials;
import org.audienceactivation.destination.Destination;
import org.audienceactivation.kinesis.sender.KinesisClientSettings;

/** Turns a destination's stream and credentials into the client settings of the kinesis room. */
public final class KinesisAccounts {
  private KinesisAccounts() {}

  /**
   * The client that writes to a destination's stream.
   *
   * @param local takes the place of the destination's endpoint and credentials, if present
   */
  public static KinesisClientSettings of(Destination destination, Optional<URI> local) {
    KinesisClientSettings.Builder client =
        KinesisClientSettings.builder().region(destination.stream().region());
    if (local.isPresent()) {
      return client
          .endpoint(local.get())
          .credentials(
              new org.audienceactivation.kinesis.sender.Credentials.StaticKeys(
                  "local", "local", Optional.empty()))
          .build();
    }
    destination.stream().endpoint().ifPresent(client::endpoint);
    return client.credentials(credentials(destination.credentials())).build();
  }

  private static org.audienceactivation.kinesis.sender.Credentials credentials(
      Credentials credentials) {
    if (credentials instanceof Credentials.Static keys) {
      return new org.audienceactivation.kinesis.sender.Credentials.StaticKeys(
          keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken());
    }
    if (credentials instanceof Credentials.NamedProfile named) {
      return new org.audienceactivation.kinesis.sender.Credentials.NamedProfile(named.profile());
    }
    if (credentials instanceof Credentials.Role role) {
      return new org.audienceactivation.kinesis.sender.Credentials.Role(
          role.roleArn(),
          role.externalId(),
          role.sessionName()
              .orElse(org.audienceactivation.kinesis.sender.Credentials.Role.DEFAULT_SESSION_NAME),
          credentials(role.base()),
          Optional.empty());
    }
    return new org.audienceactivation.kinesis.sender.Credentials.DefaultChain();
  }
}
