package org.audienceactivation.kinesis;

import org.apache.camel.component.aws2.kinesis.Kinesis2Endpoint;
import org.apache.camel.component.aws2.kinesis.KinesisConnection;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/**
 * What Camel's consumer asks for a client: answers with the client of the endpoint that asks, where
 * Camel's own answers with that of whichever endpoint asked first.
 */
final class EndpointConnection extends KinesisConnection {

  @Override
  public KinesisClient getClient(Kinesis2Endpoint endpoint) {
    return endpoint.getClient();
  }

  @Override
  public KinesisAsyncClient getAsyncClient(Kinesis2Endpoint endpoint) {
    throw new UnsupportedOperationException(
        "asyncClient is not supported by " + BatchKinesisComponent.SCHEME);
  }

  /** Closes nothing: each endpoint lets go of its own. */
  @Override
  public void close() {}
}
