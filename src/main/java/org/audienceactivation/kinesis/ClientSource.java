package org.audienceactivation.kinesis;

import java.util.Objects;
import org.audienceactivation.kinesis.sender.KinesisClientSettings;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/** Where the client of an endpoint comes from; equal sources mean the same client. */
sealed interface ClientSource {

  /** A client of the user's: used, and never closed. The same only if it is the same object. */
  record OfTheUser(KinesisClient client) implements ClientSource {
    @Override
    public boolean equals(Object other) {
      return other instanceof OfTheUser that && that.client == client;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(client);
    }
  }

  /** A client of ours, shared by all who have the same settings. */
  record FromSettings(KinesisClientSettings settings) implements ClientSource {
    public FromSettings {
      Objects.requireNonNull(settings, "settings");
    }
  }
}
