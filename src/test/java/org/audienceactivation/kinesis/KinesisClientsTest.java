package org.audienceactivation.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.audienceactivation.kinesis.sender.Credentials;
import org.audienceactivation.kinesis.sender.Credentials.Role;
import org.audienceactivation.kinesis.sender.Credentials.StaticKeys;
import org.audienceactivation.kinesis.sender.KinesisClientSettings;
import org.audienceactivation.kinesis.sender.KinesisClientSettings.EndpointVariant;
import org.audienceactivation.kinesis.sender.KinesisClientSettings.WireFormat;
import org.audienceactivation.kinesis.sender.KinesisClients;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

class KinesisClientsTest {

  private static final Credentials KEYS = new StaticKeys("AK", "top-secret", Optional.empty());

  private final HttpKinesis server = HttpKinesis.start();
  private final KinesisClients clients = new KinesisClients();

  @AfterEach
  void stop() {
    server.close();
  }

  @Nested
  class A_client {

    @Test
    void is_shared_by_equal_settings_and_closed_by_the_last_user() {
      KinesisClients.Lease one = clients.lease(local().build());
      KinesisClients.Lease two = clients.lease(local().build());
      assertThat(one.client()).isSameAs(two.client());

      one.close();
      one.close();
      put(two.client());
      two.close();

      assertThat(clients.open()).isZero();
      assertThatThrownBy(() -> put(two.client())).isInstanceOf(RuntimeException.class);
    }

    @Test
    void is_another_for_other_settings() {
      try (KinesisClients.Lease here = clients.lease(local().build());
          KinesisClients.Lease there = clients.lease(local().region("us-east-1").build())) {
        assertThat(here.client()).isNotSameAs(there.client());
      }
    }

    @Test
    void does_not_retry() {
      try (KinesisClients.Lease lease =
          clients.lease(local().endpoint(URI.create("http://127.0.0.1:1")).build())) {
        assertThatThrownBy(() -> put(lease.client()))
            .isInstanceOf(SdkClientException.class)
            .hasMessageContaining("SDK Attempt Count: 1");
      }
    }

    @Test
    void speaks_cbor_unless_told_otherwise_and_leaves_the_jvm_alone() {
      try (KinesisClients.Lease json = clients.lease(local().build());
          KinesisClients.Lease cbor = clients.lease(local().wireFormat(WireFormat.CBOR).build())) {
        put(json.client());
        assertThat(server.puts().get(0).contentType()).isEqualTo("application/x-amz-json-1.1");
        assertThat(cbor.client()).isNotSameAs(json.client());
        assertThat(System.getProperty("aws.cborEnabled")).isNull();
      }
    }

    @Test
    void goes_where_the_sdk_is_told_to_go_if_no_endpoint_is_set() {
      System.setProperty("aws.endpointUrl", server.endpoint().toString());
      try (KinesisClients.Lease lease =
          clients.lease(
              KinesisClientSettings.builder()
                  .region("eu-west-1")
                  .credentials(KEYS)
                  .wireFormat(WireFormat.JSON)
                  .build())) {
        put(lease.client());
        assertThat(server.puts()).hasSize(1);
      } finally {
        System.clearProperty("aws.endpointUrl");
      }
    }
  }

  @Nested
  class A_role {

    @Test
    void is_assumed_with_its_external_id_and_signs_the_call() {
      Role role =
          new Role(
              "arn:aws:iam::1:role/r",
              Optional.of("ext-1"),
              "session-1",
              KEYS,
              Optional.of(server.endpoint()));

      try (KinesisClients.Lease lease = clients.lease(local().credentials(role).build())) {
        put(lease.client());
        put(lease.client());
      }

      assertThat(server.roles()).hasSize(1);
      assertThat(server.roles().get(0).accessKey()).isEqualTo("AK");
      assertThat(server.roles().get(0).body())
          .contains("Action=AssumeRole")
          .contains("RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr")
          .contains("ExternalId=ext-1")
          .contains("RoleSessionName=session-1");
      assertThat(server.puts().get(0).accessKey()).isEqualTo("ASSUMED");
      assertThat(server.puts().get(0).sessionToken()).contains("the-token");
    }

    @Test
    void is_asked_for_at_the_endpoint_of_the_variant() throws Exception {
      Role role = new Role("arn:aws:iam::1:role/r", Optional.empty(), "s", KEYS, Optional.empty());
      try (ServerSocket proxy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
          KinesisClients.Lease lease =
              clients.lease(
                  KinesisClientSettings.builder()
                      .region("us-east-1")
                      .credentials(role)
                      .proxy(URI.create("http://127.0.0.1:" + proxy.getLocalPort()))
                      .endpointVariants(EnumSet.allOf(EndpointVariant.class))
                      .build())) {
        CompletableFuture<String> asked = CompletableFuture.supplyAsync(() -> firstLine(proxy));

        CompletableFuture<Void> unused = CompletableFuture.runAsync(() -> put(lease.client()));

        assertThat(asked.get(10, TimeUnit.SECONDS))
            .isEqualTo("CONNECT sts-fips.us-east-1.api.aws:443 HTTP/1.1");
      }
    }

    @Test
    void that_is_not_answered_is_given_up_after_the_time_of_a_call() throws Exception {
      try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
        Role role =
            new Role(
                "arn:aws:iam::1:role/r",
                Optional.empty(),
                "s",
                KEYS,
                Optional.of(URI.create("http://127.0.0.1:" + silent.getLocalPort())));
        try (KinesisClients.Lease lease =
            clients.lease(local().credentials(role).callTimeout(Duration.ofMillis(300)).build())) {
          assertThatThrownBy(() -> put(lease.client()))
              .hasMessageStartingWith("STS, for role arn:aws:iam::1:role/r: ")
              .hasStackTraceContaining("ApiCallTimeoutException");
        }
      }
    }
  }

  @Nested
  class A_profile {

    @Test
    void that_is_written_later_is_found_without_a_restart(@TempDir Path home) throws Exception {
      Path file = home.resolve("credentials");
      System.setProperty("aws.sharedCredentialsFile", file.toString());
      System.setProperty("aws.configFile", home.resolve("config").toString());
      try (KinesisClients.Lease lease =
          clients.lease(local().credentials(new Credentials.NamedProfile("late")).build())) {
        assertThatThrownBy(() -> put(lease.client()))
            .hasMessage(
                "no credentials from AWS profile 'late' (%s and %s)", file, home.resolve("config"));

        Files.writeString(
            file,
            """
            [late]
            aws_access_key_id = LATE
            aws_secret_access_key = s
            """);
        await()
            .untilAsserted(
                () -> assertThatCode(() -> put(lease.client())).doesNotThrowAnyException());

        assertThat(server.puts().get(0).accessKey()).isEqualTo("LATE");
      } finally {
        System.clearProperty("aws.sharedCredentialsFile");
        System.clearProperty("aws.configFile");
      }
    }
  }

  @Nested
  class The_default_chain {

    @Test
    void that_finds_nothing_says_where_it_has_looked(@TempDir Path home) {
      System.setProperty("aws.sharedCredentialsFile", home.resolve("credentials").toString());
      System.setProperty("aws.configFile", home.resolve("config").toString());
      System.setProperty("aws.disableEc2Metadata", "true");
      try (KinesisClients.Lease lease =
          clients.lease(local().credentials(new Credentials.DefaultChain()).build())) {
        assertThatThrownBy(() -> put(lease.client()))
            .hasMessage(
                "no credentials: the SDK's default chain found none in system properties (aws.accessKeyId), environment (AWS_ACCESS_KEY_ID), web identity, AWS profile (%s and %s), container and EC2 instance",
                home.resolve("credentials"), home.resolve("config"));
      } finally {
        System.clearProperty("aws.sharedCredentialsFile");
        System.clearProperty("aws.configFile");
        System.clearProperty("aws.disableEc2Metadata");
      }
    }
  }

  @Nested
  class Settings {

    @Test
    void never_show_a_secret() {
      KinesisClientSettings settings =
          local()
              .credentials(
                  new Role(
                      "arn:r",
                      Optional.of("ext-secret"),
                      "s",
                      new StaticKeys("AKIA-secret", "sk-secret", Optional.of("token-secret")),
                      Optional.empty()))
              .build();

      assertThat(settings.toString()).contains("arn:r").doesNotContain("secret");
    }

    @Test
    void lead_through_the_proxy_to_the_endpoint_of_the_variant() throws Exception {
      try (ServerSocket proxy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
          KinesisClients.Lease lease =
              clients.lease(
                  KinesisClientSettings.builder()
                      .region("us-east-1")
                      .credentials(KEYS)
                      .proxy(URI.create("http://127.0.0.1:" + proxy.getLocalPort()))
                      .endpointVariants(EnumSet.allOf(EndpointVariant.class))
                      .build())) {
        CompletableFuture<String> asked = CompletableFuture.supplyAsync(() -> firstLine(proxy));

        assertThatThrownBy(() -> put(lease.client())).isInstanceOf(SdkClientException.class);

        assertThat(asked.join()).isEqualTo("CONNECT kinesis-fips.us-east-1.api.aws:443 HTTP/1.1");
      }
    }

    @Test
    void name_one_endpoint() {
      assertThatThrownBy(
              () -> local().endpointVariants(EnumSet.of(EndpointVariant.DUAL_STACK)).build())
          .hasMessageStartingWith(
              "dualStackEndpoint and endpoint '%s' exclude each other", server.endpoint());
    }

    @Test
    void refuse_what_is_no_endpoint() {
      assertThatThrownBy(() -> local().endpoint(URI.create("localhost:4566")).build())
          .hasMessage(
              "endpoint is 'localhost:4566'; expected is http://host:port or https://host:port");
    }
  }

  private KinesisClientSettings.Builder local() {
    return KinesisClientSettings.builder()
        .endpoint(server.endpoint())
        .region("eu-west-1")
        .credentials(KEYS)
        .wireFormat(WireFormat.JSON);
  }

  private static void put(KinesisClient client) {
    client.putRecords(
        PutRecordsRequest.builder()
            .streamName("s")
            .records(
                PutRecordsRequestEntry.builder()
                    .partitionKey("k")
                    .data(SdkBytes.fromUtf8String("v"))
                    .build())
            .build());
  }

  private static String firstLine(ServerSocket server) {
    try (Socket connection = server.accept()) {
      return new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII))
          .readLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
