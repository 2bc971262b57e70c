package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.audienceactivation.LogLines;
import org.audienceactivation.TestHome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Brokers that are not there, or say nothing: one line that says where to look, and a quick stop.
 */
@Timeout(180)
class BrokersOutOfReachTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** The clients themselves would wait for 10 to 30 seconds. */
  private static final Duration QUICK = Duration.ofSeconds(7);

  @TempDir Path folder;
  private TestHome home;
  private final LogLines log = LogLines.open();

  @BeforeEach
  void makeHome() {
    home = TestHome.shippedIn(folder);
    home.setting("files.enabled", "false").setting("sqs.region", "eu-west-1");
  }

  @AfterEach
  void close() {
    log.close();
  }

  /** In silence: connections are taken by the system, and nobody reads what comes over them. */
  private static ServerSocket silence() throws Exception {
    return new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
  }

  private Activation start(String source, String setting, String address) {
    home.setting(source + ".enabled", "true").setting(setting, address);
    return Activation.start(
        home.home(),
        ActivationOptions.of(new ActivationOptions.Sources.Watching())
            .withKinesisEndpoint(URI.create("http://127.0.0.1:1")));
  }

  private List<String> troubles() {
    return Stream.of("WARN", "ERROR").flatMap(level -> log.with(level).stream()).toList();
  }

  private static Duration timeOf(Runnable task) {
    long begin = System.nanoTime();
    task.run();
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  @ParameterizedTest
  @CsvSource({
    "jms, jms.brokerUrl, tcp://",
    "amqp, amqp.brokerUrl, amqp://",
    "kafka, kafka.brokers, ''",
    "sqs, sqs.endpoint, http://"
  })
  void one_that_says_nothing_is_named_and_does_not_hold_up_a_stop(
      String source, String setting, String scheme) throws Exception {
    try (ServerSocket silence = silence()) {
      String address = scheme + "127.0.0.1:" + silence.getLocalPort();
      Activation activation = start(source, setting, address);

      await()
          .atMost(PATIENCE)
          .until(() -> log.with(address).stream().anyMatch(line -> line.contains(setting)));
      assertThat(timeOf(activation::stop)).isLessThan(QUICK);
      assertThat(troubles()).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "jms, jms.brokerUrl, tcp://127.0.0.1:1",
    "amqp, amqp.brokerUrl, amqp://127.0.0.1:1",
    "kafka, kafka.brokers, 127.0.0.1:1",
    "kafka, kafka.brokers, no.such.invalid:9092"
  })
  void one_that_is_not_there_is_named_once(String source, String setting, String address) {
    Activation activation = start(source, setting, address);

    await().atMost(PATIENCE).until(() -> !troubles().isEmpty());
    await()
        .during(Duration.ofSeconds(4))
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(troubles())
                    .singleElement()
                    .asString()
                    .contains(setting + " " + address + ": "));
    assertThat(timeOf(activation::stop)).isLessThan(QUICK);
    assertThat(troubles()).hasSize(1);
  }
}
