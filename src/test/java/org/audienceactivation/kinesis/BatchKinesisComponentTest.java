package org.audienceactivation.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.SimpleMain;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.audienceactivation.kinesis.SharedSenders.Hold;
import org.audienceactivation.kinesis.SharedSenders.SenderKey;
import org.audienceactivation.kinesis.sender.Credentials.StaticKeys;
import org.audienceactivation.kinesis.sender.KinesisClientSettings;
import org.audienceactivation.kinesis.sender.KinesisClientSettings.WireFormat;
import org.audienceactivation.kinesis.sender.KinesisSender;
import org.audienceactivation.kinesis.sender.SenderSettings;
import org.audienceactivation.kinesis.sender.SkewReport;
import org.audienceactivation.kinesis.sender.SkewReport.ShardShare;
import org.audienceactivation.kinesis.sender.StreamRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequest;

class BatchKinesisComponentTest {

  private final ScriptedKinesis kinesis = ScriptedKinesis.storingAll();
  private final CamelContext camel = new DefaultCamelContext();
  private ProducerTemplate template;

  @BeforeEach
  void start() {
    camel.start();
    template = camel.createProducerTemplate();
  }

  @AfterEach
  void stop() {
    camel.stop();
  }

  @Test
  void a_context_that_stops_waits_for_all_hanging_streams_at_once() throws Exception {
    CountDownLatch hanging = new CountDownLatch(3);
    kinesis.before(
        request -> {
          hanging.countDown();
          hangUntilInterrupted();
          throw AbortedException.create("interrupted");
        });
    bind("client", kinesis);
    camel.getShutdownStrategy().setTimeout(1);
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            for (int i = 0; i < 3; i++) {
              from("direct:in" + i).to("aws2-kinesis-batch:s" + i + "?closeWithin=6s");
            }
          }
        });
    List<CompletableFuture<Exchange>> sent = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      sent.add(
          template.asyncSend(
              "direct:in" + i,
              exchange -> {
                exchange.getMessage().setBody("v");
                exchange.getMessage().setHeader(BatchKinesisConstants.PARTITION_KEY, "k");
              }));
    }
    hanging.await();
    long begin = System.nanoTime();

    camel.stop();

    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    assertThat(took).isLessThan(Duration.ofSeconds(2 * 6)); // one after the other: 18 s
    for (CompletableFuture<Exchange> one : sent) {
      assertThat(one.get(10, TimeUnit.SECONDS).getException())
          .isInstanceOf(KinesisDeliveryException.class);
    }
  }

  private static void hangUntilInterrupted() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  @Nested
  class Is_found {

    @Test
    void by_its_own_scheme() {
      assertThat(camel.getComponent("aws2-kinesis-batch"))
          .isInstanceOf(BatchKinesisComponent.class);
    }

    @Test
    void as_aws2_kinesis_where_somebody_binds_it_so() throws Exception {
      camel.addComponent("aws2-kinesis", new BatchKinesisComponent());
      bind("client", kinesis);

      load(
          """
          - route:
              from:
                uri: direct:in
                steps:
                  - to:
                      uri: aws2-kinesis:events
                      parameters:
                        amazonKinesisClient: "#client"
                        retryFor: 5m
          """);
      template.sendBodyAndHeader("direct:in", "v", BatchKinesisConstants.PARTITION_KEY, "k");

      assertThat(kinesis.storedKeys()).containsExactly("k");
    }
  }

  @Nested
  class Options {

    @Test
    void come_from_the_parameters_of_a_yaml_route() throws Exception {
      bind("client", kinesis);

      load(
          """
          - route:
              from:
                uri: direct:in
                steps:
                  - to:
                      uri: aws2-kinesis-batch:events
                      parameters:
                        amazonKinesisClient: "#client"
                        retryFor: 1h30m
                        maxAttempts: 7
                        backoffMin: 50ms
                        backoffMax: PT5S
                        callsInFlight: 3
                        maxRecordBytes: 2000
                        maxCallBytes: 400000
                        maxRecordsPerCall: 100
                        closeWithin: 2s
          """);

      BatchKinesisEndpoint endpoint =
          (BatchKinesisEndpoint)
              camel.getEndpoints().stream()
                  .filter(BatchKinesisEndpoint.class::isInstance)
                  .findFirst()
                  .orElseThrow();
      var settings = endpoint.getConfiguration().senderSettings();
      assertThat(settings.retryFor()).isEqualTo(Duration.ofMinutes(90));
      assertThat(settings.maxAttempts()).isEqualTo(7);
      assertThat(settings.backoffMin()).isEqualTo(Duration.ofMillis(50));
      assertThat(settings.backoffMax()).isEqualTo(Duration.ofSeconds(5));
      assertThat(settings.callsInFlight()).isEqualTo(3);
      assertThat(settings.maxRecordBytes()).isEqualTo(2000);
      assertThat(settings.maxBytesPerCall()).isEqualTo(400_000);
      assertThat(settings.maxRecordsPerCall()).isEqualTo(100);
      assertThat(settings.closeWithin()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void come_from_the_properties_of_the_application() throws Exception {
      SimpleMain main = new SimpleMain(new DefaultCamelContext());
      main.addInitialProperty("camel.component.aws2-kinesis-batch.retry-for", "2m");
      main.addInitialProperty("camel.component.aws2-kinesis-batch.region", "eu-west-1");
      main.start();
      try {
        BatchKinesisEndpoint endpoint =
            main.getCamelContext()
                .getEndpoint("aws2-kinesis-batch:s?callsInFlight=2", BatchKinesisEndpoint.class);
        assertThat(endpoint.getConfiguration().getRetryFor()).isEqualTo(Duration.ofMinutes(2));
        assertThat(endpoint.getConfiguration().getRegion()).isEqualTo("eu-west-1");
        assertThat(endpoint.getConfiguration().getCallsInFlight()).isEqualTo(2);
      } finally {
        main.stop();
      }
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            nonsense=1                      | nonsense
            retryFor=soon                   | retryFor is 'soon'; expected is a time such as 100ms, 5s or 1h30m
            retryFor=5 bananas              | retryFor is '5 bananas'
            maxAttempts=10s                 | maxAttempts is '10s'; expected is a whole number
            callsInFlight=0                 | callsInFlight is 0; allowed is 1 to 1000
            maxRecordsPerCall=501           | maxRecordsPerCall is 501; allowed is 1 to 500
            maxRecordBytes=99999999         | allowed is
            maxCallBytes=99999999           | maxCallBytes is 99999999; allowed is 1 to 10485760
            order=sideways                  | order is 'sideways'; expected is perKey, latestWins or none
            maxBufferedBytes=0              | maxBufferedBytes is 0; allowed is 1 to
            backoffMin=1m                   | backoffMax is 20s, less than backoffMin 1m
            accessKey=AK                    | accessKey and secretKey belong together; secretKey is missing
            useSessionCredentials=true      | useSessionCredentials needs accessKey, secretKey and sessionToken
            overrideEndpoint=true           | overrideEndpoint is true, but uriEndpointOverride is not set
            region=Frankfurt                | region is 'Frankfurt'; expected is a name such as eu-central-1
            roleExternalId=x                | roleExternalId is set, but not roleArn
            roleArn=admin                   | roleArn 'admin' is no ARN of a role; expected is arn:aws:iam::123456789012:role/NAME
            roleArn=arn:aws:iam::123456789012:role/r&roleSessionName=a b | roleSessionName is 'a b'; allowed are 2 to 64 letters, digits and _+=,.@-
            useProfileCredentialsProvider=true&accessKey=AK&secretKey=SK | useProfileCredentialsProvider=true takes the credentials of a profile, and keys are set beside it
            useProfileCredentialsProvider=true&sessionToken=t | useProfileCredentialsProvider=true takes the credentials of a profile, and keys are set beside it
            profileCredentialsName=p        | profileCredentialsName is set, but not useProfileCredentialsProvider=true
            accessKey=AK&secretKey=SK&sessionToken=t | sessionToken is set, but not useSessionCredentials=true
            uriEndpointOverride=http://h:1  | uriEndpointOverride is set, but not overrideEndpoint=true
            proxyHost=h                     | proxyHost and proxyPort belong together; proxyPort is missing
            proxyPort=8080                  | proxyHost and proxyPort belong together; proxyHost is missing
            overrideEndpoint=true&uriEndpointOverride=http://h:1&fipsEndpoint=true | fipsEndpoint and overrideEndpoint exclude each other
            overrideEndpoint=true&uriEndpointOverride=http://h:1&dualStackEndpoint=true | dualStackEndpoint and overrideEndpoint exclude each other
            clientSettings=#c&region=eu-west-1 | clientSettings stands in the place of region; set either it or them
            retryFor=-1                     | retryFor is '-1'; expected is a time
            callTimeout=0                   | callTimeout is 0; it must be above zero
            retryFor=P400D                  | retryFor is 400d; allowed is 0 to 365d
            clientSettings=nope             | clientSettings is 'nope'; expected is a reference to a KinesisClientSettings bean, such as #myClient
            proxyHost=h&proxyPort=1&proxyProtocol=FTP | proxyProtocol is 'FTP'; expected is HTTP or HTTPS
            asyncClient=true                | asyncClient is not supported by aws2-kinesis-batch: its producer holds no thread without it; leave it out
            useKclConsumers=true            | useKclConsumers is not supported by aws2-kinesis-batch: for it use Camel's own aws2-kinesis
            """)
    void that_are_wrong_fail_with_a_message_that_names_them(String query, String message) {
      bind("c", settings(URI.create("http://localhost:1"), "eu-west-1", "AK"));

      Throwable failure =
          catchThrowable(() -> camel.getEndpoint("aws2-kinesis-batch:s?" + query.trim()));

      assertThat(failure).isNotNull();
      assertThat(messages(failure)).anyMatch(text -> text.contains(message));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "useDefaultCredentialsProvider=true&accessKey=AK&secretKey=SK&sessionToken=t",
          "useProfileCredentialsProvider=true",
          "useProfileCredentialsProvider=true&profileCredentialsName=p",
          "useSessionCredentials=true&accessKey=AK&secretKey=SK&sessionToken=t",
          "overrideEndpoint=true&uriEndpointOverride=http://h:1",
          "proxyHost=h&proxyPort=8080&proxyProtocol=HTTP",
          "fipsEndpoint=true&dualStackEndpoint=true"
        })
    void of_camel_that_belong_together_are_taken(String query) {
      assertThat(endpoint("aws2-kinesis-batch:s?region=eu-west-1&" + query)).isNotNull();
    }

    @Test
    void an_endpoint_from_the_environment_beside_a_fips_endpoint_stops_the_route_at_its_start() {
      withSystemProperties(
          Map.of("aws.endpointUrlKinesis", "http://127.0.0.1:1"),
          () ->
              assertThat(
                      messages(
                          catchThrowable(
                              () ->
                                  route(
                                      "a",
                                      "aws2-kinesis-batch:s?region=eu-west-1&accessKey=a&secretKey=b&fipsEndpoint=true"))))
                  .anyMatch(
                      text ->
                          text.equals(
                              "fipsEndpoint and an endpoint of one's own exclude each other: the system property aws.endpointUrlKinesis leads calls to http://127.0.0.1:1. Take one of them away")));
    }

    @Test
    void of_ours_all_stand_on_the_page_for_users_and_in_the_uri_factory() throws Exception {
      String page = Files.readString(Path.of("docs", "aws2-kinesis-batch.md"));

      assertThat(BatchKinesisOption.ALL)
          .allSatisfy(option -> assertThat(page).contains("| `" + option.name() + "` |"));
      assertThat(new BatchKinesisUriFactory().propertyNames())
          .contains("retryFor", "region", "clientSettings");
    }

    @Test
    void a_stream_name_that_cannot_be_is_refused() {
      assertThat(messages(catchThrowable(() -> camel.getEndpoint("aws2-kinesis-batch:a*b"))))
          .anyMatch(text -> text.contains("'a*b' is no name of a stream"));
    }

    @Test
    void the_arn_of_a_stream_is_told_its_name_and_region() {
      assertThat(
              messages(
                  catchThrowable(
                      () ->
                          camel.getEndpoint(
                              "aws2-kinesis-batch:arn:aws:kinesis:eu-west-1:111122223333:stream/events"))))
          .anyMatch(
              text ->
                  text.endsWith("not its name; write aws2-kinesis-batch:events?region=eu-west-1"));
    }

    @Test
    void without_a_region_anywhere_the_route_fails_with_one_clear_message() {
      Map<String, String> none =
          Map.of("aws.region", "", "aws.configFile", "/nowhere", "aws.disableEc2Metadata", "true");
      withSystemProperties(
          none,
          () ->
              assertThat(
                      messages(
                          catchThrowable(
                              () -> route("a", "aws2-kinesis-batch:s?accessKey=a&secretKey=b"))))
                  .anyMatch(text -> text.startsWith("no AWS region: none is set")));
    }
  }

  @Nested
  class Clients {

    @Test
    void each_endpoint_has_the_one_of_its_own_region() throws Exception {
      try (HttpKinesis server = HttpKinesis.start()) {
        route("a", uri("a", server, "eu-west-1", "AKA"));
        route("b", uri("b", server, "us-east-2", "AKB"));

        send("direct:a");
        send("direct:b");
        send("direct:a");

        assertThat(server.puts())
            .extracting(HttpKinesis.Request::region)
            .containsExactly("eu-west-1", "us-east-2", "eu-west-1");
        assertThat(server.puts())
            .extracting(HttpKinesis.Request::accessKey)
            .containsExactly("AKA", "AKB", "AKA");
      }
    }

    @Test
    void removing_a_route_closes_no_client_of_another() throws Exception {
      try (HttpKinesis server = HttpKinesis.start()) {
        route("a", uri("a", server, "eu-west-1", "AK"));
        route("b", uri("b", server, "eu-west-1", "AK"));
        send("direct:a");
        send("direct:b");

        remove("b");
        send("direct:a");
        route("b", uri("b", server, "eu-west-1", "AK"));
        send("direct:b");
        remove("a");
        send("direct:b");

        assertThat(server.puts()).hasSize(5);
      }
    }

    @Test
    void the_own_one_of_the_user_is_never_closed() throws Exception {
      bind("client", kinesis);
      route("a", "aws2-kinesis-batch:s?amazonKinesisClient=#client");
      route("b", "aws2-kinesis-batch:t?amazonKinesisClient=#client");
      send("direct:a");
      remove("a");
      send("direct:b");

      camel.stop();

      assertThat(kinesis.isClosed()).isFalse();
      assertThat(kinesis.stored()).hasSize(2);
    }

    @Test
    void the_only_one_in_the_registry_is_taken() throws Exception {
      bind("whatever", kinesis);
      route("a", "aws2-kinesis-batch:s?region=eu-west-1");

      send("direct:a");

      assertThat(kinesis.stored()).hasSize(1);
    }

    @Test
    void come_from_a_settings_bean_even_beside_an_own_one() throws Exception {
      bind("whatever", kinesis);
      try (HttpKinesis server = HttpKinesis.start()) {
        bind("settings", settings(server.endpoint(), "ap-south-1", "AKS"));
        route("a", "aws2-kinesis-batch:s?clientSettings=#settings");

        send("direct:a");

        assertThat(server.puts())
            .extracting(HttpKinesis.Request::region)
            .containsExactly("ap-south-1");
        assertThat(server.puts().get(0).contentType()).contains("json");
        assertThat(System.getProperty("aws.cborEnabled")).isNull();
      }
    }

    @Test
    void equal_endpoints_share_one_sender() throws Exception {
      bind("client", kinesis);
      BatchKinesisEndpoint one = endpoint("aws2-kinesis-batch:s?amazonKinesisClient=#client");
      BatchKinesisEndpoint same =
          endpoint("aws2-kinesis-batch:s?amazonKinesisClient=#client&maxAttempts=0");
      BatchKinesisEndpoint other =
          endpoint("aws2-kinesis-batch:s?amazonKinesisClient=#client&maxAttempts=1");

      try (var a = one.sender();
          var b = same.sender();
          var c = other.sender()) {
        assertThat(a.get()).isSameAs(b.get()).isNotSameAs(c.get());
      }
    }
  }

  @Nested
  class Skew {

    @Test
    void of_a_stream_is_told_by_each_endpoint_that_shares_its_sender() throws Exception {
      bind("client", kinesis);
      route("a", "aws2-kinesis-batch:s?amazonKinesisClient=#client");
      send("direct:a");

      SkewReport report =
          endpoint("aws2-kinesis-batch:s?amazonKinesisClient=#client&maxAttempts=0")
              .skew()
              .orElseThrow();

      assertThat(report.shards())
          .containsExactly(new ShardShare("shardId-000000000000", 1, 2, 0, 1.0));
      assertThat(report.bottlenecks()).isEmpty();
    }

    @Test
    void is_unknown_where_nothing_was_started_to_send() {
      bind("client", kinesis);

      assertThat(endpoint("aws2-kinesis-batch:s?amazonKinesisClient=#client").skew()).isEmpty();
    }
  }

  @Nested
  class Records_wait_in_vain {

    private final BatchKinesisComponent component = new BatchKinesisComponent(camel);

    @Test
    void when_every_stream_that_has_any_has_been_down_for_so_long() {
      ScriptedKinesis down = ScriptedKinesis.storingAll();
      down.before(
          call -> {
            throw ScriptedKinesis.error(503, "ServiceUnavailable", "busy");
          });

      try (var idle = sender("idle", kinesis);
          var stuck = sender("stuck", down)) {
        CompletionStage<Void> settled =
            stuck.get().send(List.of(StreamRecord.of("k", new byte[1])));

        await().until(() -> component.waitsInVain(Duration.ofMillis(50)));
        assertThat(component.waitsInVain(Duration.ofHours(1))).isFalse();
        assertThat(idle.get().openRecords()).isZero();
        down.before(call -> call);
        settled.toCompletableFuture().join();
        assertThat(component.waitsInVain(Duration.ZERO)).isFalse();
      }
    }

    @Test
    void but_not_while_another_stream_takes_them() {
      ScriptedKinesis down = ScriptedKinesis.storingAll();
      down.before(
          call -> {
            throw ScriptedKinesis.error(503, "ServiceUnavailable", "busy");
          });
      CountDownLatch answer = new CountDownLatch(1);
      kinesis.before(call -> after(answer, call));

      try (var busy = sender("busy", kinesis);
          var stuck = sender("stuck", down)) {
        CompletionStage<Void> settled = busy.get().send(List.of(StreamRecord.of("k", new byte[1])));
        stuck.get().send(List.of(StreamRecord.of("k", new byte[1])));

        await().until(() -> stuck.get().status().downFor().isPresent());
        assertThat(component.waitsInVain(Duration.ZERO)).isFalse();
        answer.countDown();
        settled.toCompletableFuture().join();
        assertThat(component.waitsInVain(Duration.ZERO)).isTrue();
      }
    }

    private Hold<KinesisSender> sender(String stream, ScriptedKinesis client) {
      return component
          .senders()
          .sender(
              new SenderKey(new ClientSource.OfTheUser(client), stream, SenderSettings.defaults()));
    }

    private static PutRecordsRequest after(CountDownLatch answer, PutRecordsRequest call) {
      try {
        answer.await();
        return call;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Nested
  class The_consumer {

    @Test
    void of_camel_can_be_made_on_the_client_of_its_endpoint() {
      bind("client", kinesis);
      BatchKinesisEndpoint endpoint = endpoint("aws2-kinesis-batch:s?amazonKinesisClient=#client");

      assertThatCode(() -> endpoint.createConsumer(exchange -> {})).doesNotThrowAnyException();
      assertThat(endpoint.getComponent().getConnection().getClient(endpoint)).isSameAs(kinesis);
    }

    @Test
    void needs_a_number_to_start_at_one() {
      BatchKinesisEndpoint endpoint =
          endpoint("aws2-kinesis-batch:s?region=eu-west-1&iteratorType=AT_SEQUENCE_NUMBER");

      assertThatThrownBy(() -> endpoint.createConsumer(exchange -> {}))
          .hasMessage("iteratorType=AT_SEQUENCE_NUMBER needs sequenceNumber");
    }
  }

  private BatchKinesisEndpoint endpoint(String uri) {
    return camel.getEndpoint(uri, BatchKinesisEndpoint.class);
  }

  private static String uri(String stream, HttpKinesis server, String region, String accessKey) {
    return "aws2-kinesis-batch:%s?region=%s&accessKey=%s&secretKey=RAW(s)&cborEnabled=false&overrideEndpoint=true&uriEndpointOverride=%s"
        .formatted(stream, region, accessKey, server.endpoint());
  }

  private static KinesisClientSettings settings(URI endpoint, String region, String accessKey) {
    return KinesisClientSettings.builder()
        .endpoint(endpoint)
        .region(region)
        .credentials(new StaticKeys(accessKey, "s", Optional.empty()))
        .wireFormat(WireFormat.JSON)
        .build();
  }

  private void bind(String name, Object bean) {
    camel
        .getRegistry()
        .bind(name, bean instanceof KinesisClient ? KinesisClient.class : bean.getClass(), bean);
  }

  private void route(String id, String to) throws Exception {
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("direct:" + id).routeId(id).to(to);
          }
        });
  }

  private void remove(String id) throws Exception {
    camel.getRouteController().stopRoute(id);
    assertThat(camel.removeRoute(id)).isTrue();
  }

  private void send(String uri) {
    Exchange answer =
        template.request(
            uri,
            exchange -> {
              exchange.getMessage().setBody("v");
              exchange.getMessage().setHeader(BatchKinesisConstants.PARTITION_KEY, "k");
            });
    assertThat(answer.getException()).isNull();
  }

  private void load(String yaml) throws Exception {
    PluginHelper.getRoutesLoader(camel)
        .loadRoutes(ResourceHelper.fromString("routes.camel.yaml", yaml));
  }

  private static List<String> messages(Throwable failure) {
    List<String> messages = new ArrayList<>();
    for (Throwable t = failure; t != null; t = t.getCause()) {
      messages.add(String.valueOf(t.getMessage()));
    }
    return messages;
  }

  private static void withSystemProperties(Map<String, String> properties, Runnable test) {
    properties.forEach(System::setProperty);
    try {
      test.run();
    } finally {
      properties.keySet().forEach(System::clearProperty);
    }
  }
}
