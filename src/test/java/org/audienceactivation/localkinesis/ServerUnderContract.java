package org.audienceactivation.localkinesis;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/** A server that says it is a Kinesis, and the format in which the SDK speaks to it. */
record ServerUnderContract(Kind kind, URI endpoint, WireFormat format) {

  enum Kind {
    OURS,
    KINESIS_LOCAL,
    LOCALSTACK
  }

  KinesisClient client() {
    return client(Region.US_EAST_1);
  }

  KinesisClient client(Region region) {
    return KinesisClient.builder()
        .endpointOverride(endpoint)
        .region(region)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
        .httpClientBuilder(ApacheHttpClient.builder())
        .build();
  }
}
