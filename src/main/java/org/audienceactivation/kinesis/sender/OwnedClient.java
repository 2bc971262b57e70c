package org.audienceactivation.kinesis.sender;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.audienceactivation.kinesis.sender.Credentials.NamedProfile;
import org.audienceactivation.kinesis.sender.Credentials.Role;
import org.audienceactivation.kinesis.sender.Credentials.StaticKeys;
import org.audienceactivation.kinesis.sender.KinesisClientSettings.EndpointVariant;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.http.apache.ProxyConfiguration;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.KinesisClientBuilder;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.StsClientBuilder;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.utils.AttributeMap;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Builds one SDK client from {@link KinesisClientSettings}, together with what it stands on (HTTP
 * pool, credentials and their renewal), and closes all of that with it.
 */
final class OwnedClient implements AutoCloseable {

  private static final Object CBOR_SWITCH = new Object();

  private final KinesisClientSettings settings;
  private final List<SdkAutoCloseable> owned = new ArrayList<>();
  private final KinesisClient client;

  /**
   * @throws IllegalArgumentException saying what is missing
   */
  OwnedClient(KinesisClientSettings settings) {
    this.settings = settings;
    try {
      this.client = build();
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  KinesisClient client() {
    return client;
  }

  @Override
  public void close() {
    for (int i = owned.size() - 1; i >= 0; i--) {
      owned.get(i).close();
    }
    owned.clear();
  }

  private KinesisClient build() {
    Region region = region();
    KinesisClientBuilder builder =
        KinesisClient.builder()
            .region(region)
            .credentialsProvider(provider(settings.credentials(), region))
            .httpClient(http())
            .overrideConfiguration(
                o ->
                    o.retryStrategy(AwsRetryStrategy.doNotRetry())
                        .apiCallAttemptTimeout(settings.callTimeout()));
    settings.endpoint().ifPresent(builder::endpointOverride);
    choose(builder);
    KinesisClient built =
        owned(
            switch (settings.wireFormat()) {
              case CBOR -> builder.build();
              case JSON -> withoutCbor(builder);
            });
    new EndpointChoice()
        .requireOne(
            "Kinesis",
            settings.endpointVariants(),
            built.serviceClientConfiguration().endpointOverride());
    return built;
  }

  private Region region() {
    return settings
        .region()
        .map(Region::of)
        .orElseGet(
            () -> {
              try {
                return DefaultAwsRegionProviderChain.builder().build().getRegion();
              } catch (SdkClientException e) {
                throw new IllegalArgumentException(
                    "no AWS region: none is set for this client, and the SDK found none in AWS_REGION, aws.region, the AWS profile or the instance's metadata; set the option region, for example region=eu-central-1",
                    e);
              }
            });
  }

  /** What is not asked for is left to the SDK, which looks into the environment for it. */
  private void choose(AwsClientBuilder<?, ?> builder) {
    if (settings.endpointVariants().contains(EndpointVariant.FIPS)) {
      builder.fipsEnabled(true);
    }
    if (settings.endpointVariants().contains(EndpointVariant.DUAL_STACK)) {
      builder.dualstackEnabled(true);
    }
  }

  private SdkHttpClient http() {
    ApacheHttpClient.Builder http =
        ApacheHttpClient.builder()
            .maxConnections(settings.connections())
            .connectionTimeout(settings.connectTimeout())
            .socketTimeout(settings.callTimeout())
            .tcpKeepAlive(true);
    settings
        .proxy()
        .ifPresent(
            uri -> http.proxyConfiguration(ProxyConfiguration.builder().endpoint(uri).build()));
    AttributeMap trust =
        switch (settings.tlsTrust()) {
          case VERIFY -> AttributeMap.empty();
          case ANY_CERTIFICATE ->
              AttributeMap.builder()
                  .put(SdkHttpConfigurationOption.TRUST_ALL_CERTIFICATES, true)
                  .build();
        };
    return owned(http.buildWithDefaults(trust));
  }

  private AwsCredentialsProvider provider(Credentials credentials, Region region) {
    if (credentials instanceof StaticKeys keys) {
      return StaticCredentialsProvider.create(staticKeys(keys));
    }
    if (credentials instanceof NamedProfile profile) {
      return owned(
          new RebuiltProvider<>(
              () -> ProfileCredentialsProvider.create(profile.name()),
              CredentialsSought.inProfile(profile.name()),
              System::nanoTime));
    }
    if (credentials instanceof Role role) {
      return assumed(role, region);
    }
    // a builder of its own: the instance of create() is shared by the whole JVM and is not ours to
    // close
    return owned(
        new RebuiltProvider<>(
            () -> DefaultCredentialsProvider.builder().build(),
            CredentialsSought::inTheDefaultChain,
            System::nanoTime));
  }

  private static AwsCredentials staticKeys(StaticKeys keys) {
    return keys.sessionToken()
        .<AwsCredentials>map(
            token -> AwsSessionCredentials.create(keys.accessKey(), keys.secretKey(), token))
        .orElseGet(() -> AwsBasicCredentials.create(keys.accessKey(), keys.secretKey()));
  }

  private AwsCredentialsProvider assumed(Role role, Region region) {
    StsClientBuilder sts =
        StsClient.builder()
            .region(region)
            .credentialsProvider(provider(role.base(), region))
            .httpClient(http())
            .overrideConfiguration(o -> o.apiCallTimeout(settings.callTimeout()));
    role.stsEndpoint().ifPresent(sts::endpointOverride);
    choose(sts);
    StsClient client = owned(sts.build());
    new EndpointChoice()
        .requireOne(
            "Sts",
            settings.endpointVariants(),
            client.serviceClientConfiguration().endpointOverride());
    AssumeRoleRequest.Builder request =
        AssumeRoleRequest.builder().roleArn(role.arn()).roleSessionName(role.sessionName());
    role.externalId().ifPresent(request::externalId);
    AwsCredentialsProvider provider =
        owned(
            StsAssumeRoleCredentialsProvider.builder()
                .stsClient(client)
                .refreshRequest(request.build())
                .build());
    return () -> {
      try {
        return provider.resolveCredentials();
      } catch (RuntimeException e) {
        throw CredentialsSought.withRole(role, e);
      }
    };
  }

  /**
   * The SDK reads the switch when a client is built and has none for a single client. So it is
   * turned for the moment of building only, not (as Camel's own endpoint does) for as long as an
   * endpoint lives.
   */
  private static KinesisClient withoutCbor(KinesisClientBuilder builder) {
    String property = SdkSystemSetting.CBOR_ENABLED.property();
    synchronized (CBOR_SWITCH) {
      Optional<String> before = Optional.ofNullable(System.getProperty(property));
      System.setProperty(property, "false");
      try {
        return builder.build();
      } finally {
        before.ifPresentOrElse(
            value -> System.setProperty(property, value), () -> System.clearProperty(property));
      }
    }
  }

  private <T extends SdkAutoCloseable> T owned(T resource) {
    owned.add(resource);
    return resource;
  }
}
