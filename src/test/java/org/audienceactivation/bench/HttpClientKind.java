package org.audienceactivation.bench;

import java.util.Optional;
import java.util.ServiceLoader;
import org.audienceactivation.kinesis.sender.Credentials;
import org.audienceactivation.kinesis.sender.KinesisClientSettings;
import org.audienceactivation.kinesis.sender.KinesisClients;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.http.SdkHttpService;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * The synchronous HTTP clients of the SDK. Only the first is among our dependencies; the others
 * must be put on the class path of a run.
 */
enum HttpClientKind {
  APACHE("software.amazon.awssdk.http.apache.", "apache-client"),
  APACHE5("software.amazon.awssdk.http.apache5.", "apache5-client"),
  URL("software.amazon.awssdk.http.urlconnection.", "url-connection-client"),
  CRT("software.amazon.awssdk.http.crt.", "aws-crt-client");

  /** More than a run has calls in flight. */
  private static final int CONNECTIONS = 64;

  private final String packagePrefix;
  private final String artifact;

  HttpClientKind(String packagePrefix, String artifact) {
    this.packagePrefix = packagePrefix;
    this.artifact = artifact;
  }

  /** The settings with which our own component builds its client. */
  static KinesisClientSettings ourSettings(Load load) {
    return KinesisClientSettings.builder()
        .region(BenchProfiles.REGION)
        .endpoint(load.endpoint())
        .credentials(new Credentials.StaticKeys("local", "local", Optional.empty()))
        .build();
  }

  /** A client that does not retry by itself; ours, unless another kind is asked for. */
  KinesisClient client(Load load) {
    if (this == APACHE) {
      return new KinesisClients().lease(ourSettings(load)).client();
    }
    return KinesisClient.builder()
        .region(Region.of(BenchProfiles.REGION))
        .endpointOverride(load.endpoint())
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
        .httpClient(http())
        .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build();
  }

  private SdkHttpClient http() {
    AttributeMap connections =
        AttributeMap.builder().put(SdkHttpConfigurationOption.MAX_CONNECTIONS, CONNECTIONS).build();
    return ServiceLoader.load(SdkHttpService.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(service -> service.getClass().getName().startsWith(packagePrefix))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "--client "
                        + this
                        + ": software.amazon.awssdk:"
                        + artifact
                        + " is not on the class path; put it into BENCH_CLASSPATH"))
        .createHttpClientBuilder()
        .buildWithDefaults(connections);
  }
}
