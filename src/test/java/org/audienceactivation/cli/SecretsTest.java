package org.audienceactivation.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.Property;
import org.audienceactivation.Profiles;
import org.audienceactivation.TestHome;
import org.audienceactivation.localkinesis.LocalKinesis;
import org.audienceactivation.localkinesis.LocalKinesisOptions;
import org.audienceactivation.route.Activation;
import org.audienceactivation.route.ActivationOptions;
import org.audienceactivation.route.Broker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No secret of a destination or a source shows in what the program prints or logs, at debug level
 * neither.
 */
class SecretsTest {
  private static final String SECRET = "sEcReT-of-the-user";
  private static final String TOKEN = "tOkEn-of-the-user";
  private static final String EXTERNAL_ID = "eXtErNaL-iD-of-the-role";
  private static final String ASSUMED_SECRET = "sEcReT-of-the-role";
  private static final String ASSUMED_TOKEN = "tOkEn-of-the-role";
  private static final String BROKER_PASSWORD = "pAsSwOrD-of-the-broker";
  private static final String API_KEY = "aPi-kEy-of-the-callers";
  private static final List<String> SECRETS =
      List.of(SECRET, TOKEN, EXTERNAL_ID, ASSUMED_SECRET, ASSUMED_TOKEN, BROKER_PASSWORD, API_KEY);
  private static final String STS = "aws.endpointUrlSts";

  @TempDir Path folder;
  private TestHome home;
  private LocalKinesis kinesis;
  private HttpServer sts;
  private final List<String> roles = new CopyOnWriteArrayList<>();
  private final Log log = new Log();

  @BeforeEach
  void start() throws Exception {
    kinesis = LocalKinesis.start(LocalKinesisOptions.defaults().withAutoCreateStreams(1));
    kinesis.createStream("eu-west-1", "events", 1);
    sts = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    sts.createContext(
        "/",
        exchange -> {
          roles.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.getResponseHeaders().set("Content-Type", "text/xml");
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(assumed().getBytes(StandardCharsets.UTF_8));
          exchange.close();
        });
    sts.start();
    System.setProperty(STS, "http://127.0.0.1:" + sts.getAddress().getPort());
    log.attach();
    home = TestHome.shippedIn(folder);
    home.without("destinations/prospects.yaml");
    home.export("p.ndjson", Profiles.prospect("a"), Profiles.refusing("b"), "nonsense");
  }

  @AfterEach
  void stop() {
    log.detach();
    System.clearProperty(STS);
    sts.stop(0);
    kinesis.close();
  }

  private static String assumed() {
    return """
        <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
        <AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role/r/s</Arn><AssumedRoleId>R:s</AssumedRoleId></AssumedRoleUser>
        <Credentials><AccessKeyId>ASSUMED</AccessKeyId><SecretAccessKey>%s</SecretAccessKey>
        <SessionToken>%s</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>
        </AssumeRoleResult></AssumeRoleResponse>
        """
        .formatted(ASSUMED_SECRET, ASSUMED_TOKEN);
  }

  private void destination(String extra) {
    home.destination(
        "secretive",
        """
        stream:
          name: events
          region: eu-west-1
          endpoint: %s
        credentials:
          type: role
          roleArn: arn:aws:iam::123456789012:role/r
          externalId: %s
          base:
            type: static
            accessKeyId: AKIDEXAMPLE
            secretAccessKey: %s
            sessionToken: %s
        audiences: all
        attributes: [person.email]
        %s
        """
            .formatted(kinesis.endpoint(), EXTERNAL_ID, SECRET, TOKEN, extra));
  }

  private InProcess.Ended run(String... arguments) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--home";
    all[arguments.length + 1] = folder.toString();
    return InProcess.run(all);
  }

  private void assertThatNothingShowsIn(InProcess.Ended ended) {
    assertThat(Stream.of(ended.out().lines(), ended.err().lines(), log.lines.stream()))
        .flatMap(Stream::toList)
        .filteredOn(line -> SECRETS.stream().anyMatch(line::contains))
        .isEmpty();
  }

  @Test
  void while_records_are_delivered_under_an_assumed_role() {
    destination("");

    InProcess.Ended ended = run("run", "--once", "--log", "debug");

    assertThat(ended.status()).as(ended.err()).isEqualTo(3);
    assertThat(kinesis.recordCount()).isEqualTo(1);
    assertThat(roles).isNotEmpty().allMatch(body -> body.contains(EXTERNAL_ID));
    assertThat(log.lines).as("the log is at debug level").hasSizeGreaterThan(50);
    assertThat(log.lines).as("profiles in the log").noneMatch(line -> line.contains("@example"));
    assertThatNothingShowsIn(ended);
  }

  @Test
  void while_calls_are_answered_that_bear_the_key() throws Exception {
    destination("");
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    home.setting("files.enabled", "false")
        .setting("rest.enabled", "true")
        .setting("rest.port", Integer.toString(port))
        .setting("rest.apiKey", API_KEY);
    HttpRequest call =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/profiles"))
            .header("Content-Type", "application/json")
            .header("X-API-Key", API_KEY)
            .POST(HttpRequest.BodyPublishers.ofString(Profiles.prospect("a")))
            .build();
    HttpRequest wrong =
        HttpRequest.newBuilder(call, (name, value) -> !name.equals("X-API-Key"))
            .header("X-API-Key", API_KEY.substring(1))
            .build();

    try (Activation activation =
        Activation.start(
            home.home(), ActivationOptions.of(new ActivationOptions.Sources.Watching()))) {
      HttpClient http = HttpClient.newHttpClient();
      HttpResponse<String> answer = http.send(call, HttpResponse.BodyHandlers.ofString());
      HttpResponse<String> refusal = http.send(wrong, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(refusal.statusCode()).isEqualTo(401);
      assertThat(answer.body() + answer.headers() + refusal.body() + refusal.headers())
          .doesNotContain(API_KEY, API_KEY.substring(1));
      activation.stop();
    }

    assertThat(log.lines).as("the log is at debug level").hasSizeGreaterThan(50);
    assertThat(log.lines).noneMatch(line -> line.contains(API_KEY.substring(1)));
  }

  @Test
  void in_validate_check_and_preview() {
    destination("");

    for (InProcess.Ended ended :
        List.of(
            run("validate"),
            run("check", "--write-probe"),
            run("preview", "--destination", "secretive", home.path("inbox/p.ndjson").toString()))) {
      assertThat(ended.status()).as(ended.err()).isZero();
      assertThatNothingShowsIn(ended);
    }
    assertThat(kinesis.recordCount()).isEqualTo(2);
  }

  @Test
  void in_the_messages_about_mistakes_beside_them() {
    destination("atributes: [x]");
    home.edit("destinations/secretive.yaml", "roleArn: arn:aws", "roleArn: nonsense");
    home.edit("destinations/secretive.yaml", "sessionToken:", "sesionToken:");

    for (String command : List.of("validate", "check")) {
      InProcess.Ended ended = run(command);
      assertThat(ended.status()).isEqualTo(2);
      assertThat(ended.err()).contains("sesionToken: unknown key");
      assertThatNothingShowsIn(ended);
    }
  }

  @Test
  void when_the_role_cannot_be_assumed() {
    destination("");
    sts.stop(0);

    InProcess.Ended ended = run("check");

    assertThat(ended.status()).isEqualTo(2);
    assertThatNothingShowsIn(ended);
  }

  @Test
  void of_a_kafka_source_whose_brokers_are_not_there() throws Exception {
    destination("");
    home.write("client.properties", "ssl.truststore.password=" + TOKEN + "\n");
    home.setting("files.enabled", "false")
        .setting("kafka.enabled", "true")
        .setting("kafka.brokers", "127.0.0.1:1")
        .setting("kafka.securityProtocol", "SASL_PLAINTEXT")
        .setting("kafka.saslMechanism", "PLAIN")
        .setting("kafka.clientConfig", "{{activation.home}}/client.properties")
        .setting(
            "kafka.saslJaasConfig",
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"u\""
                + " password=\""
                + SECRET
                + "\";");

    InProcess.Ended validated = run("validate");
    try (Activation activation =
        Activation.start(
            home.home(), ActivationOptions.of(new ActivationOptions.Sources.Watching()))) {
      await().until(() -> log.lines.stream().anyMatch(line -> line.contains("127.0.0.1:1")));
      assertThat(activation.report().addsUp()).isTrue();
    }

    assertThat(validated.status()).as(validated.err()).isZero();
    assertThatNothingShowsIn(validated);
  }

  @ParameterizedTest
  @EnumSource(Broker.Protocol.class)
  void while_messages_are_taken_from_a_broker_with_a_password(
      Broker.Protocol protocol, @TempDir Path brokerFolder) throws Exception {
    destination("");
    withPasswords();
    try (Broker broker = Broker.startIn(brokerFolder, protocol)) {
      broker.feed(home);
      broker.send(List.of(Profiles.prospect("a"), "nonsense"));
      try (Activation activation =
          Activation.start(
              home.home(), ActivationOptions.of(new ActivationOptions.Sources.Watching()))) {
        await().atMost(Duration.ofSeconds(60)).until(() -> broker.left() == 0);
        // and while the broker is away
        broker.stop();
        await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
        broker.start();
        activation.stop();
      }
    }

    assertThat(kinesis.recordCount()).isEqualTo(1);
    assertThat(log.lines).as("the log is at debug level").hasSizeGreaterThan(50);
    assertThatNothingShowsIn(new InProcess.Ended(0, "", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"jms", "amqp"})
  void in_the_message_about_a_brokers_address_that_is_none(String source) {
    destination("");
    withPasswords();
    home.setting(source + ".enabled", "true")
        .setting(source + ".brokerUrl", "://" + BROKER_PASSWORD + "@broker");

    for (String command : List.of("validate", "run")) {
      InProcess.Ended ended = run(command);
      assertThat(ended.status()).isEqualTo(2);
      assertThat(ended.err()).contains(source + ".brokerUrl: is no address of a broker");
      assertThatNothingShowsIn(ended);
    }
  }

  private void withPasswords() {
    for (String source : List.of("jms", "amqp")) {
      home.setting(source + ".user", "shop").setting(source + ".password", BROKER_PASSWORD);
    }
  }

  /** Everything that is logged, with exceptions in full, at debug level. */
  private static final class Log extends AbstractAppender {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private Level before = Level.INFO;

    Log() {
      super("secrets-test", null, null, true, Property.EMPTY_ARRAY);
    }

    void attach() {
      start();
      LoggerContext context = LoggerContext.getContext(false);
      Configuration configuration = context.getConfiguration();
      before = configuration.getRootLogger().getLevel();
      configuration.getRootLogger().addAppender(this, Level.DEBUG, null);
      configuration.getRootLogger().setLevel(Level.DEBUG);
      context.updateLoggers();
    }

    void detach() {
      LoggerContext context = LoggerContext.getContext(false);
      context.getConfiguration().getRootLogger().removeAppender(getName());
      context.getConfiguration().getRootLogger().setLevel(before);
      context.updateLoggers();
      stop();
    }

    @Override
    public void append(LogEvent event) {
      lines.add(event.getLoggerName() + " " + event.getMessage().getFormattedMessage());
      for (Throwable cause = event.getThrown(); cause != null; cause = cause.getCause()) {
        lines.add(cause.toString());
      }
    }
  }
}
