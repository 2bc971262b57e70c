package org.audienceactivation.localkinesis;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The npm package kinesis-local, the engine inside LocalStack, run by Node on loopback. */
final class KinesisLocal implements AutoCloseable {

  private static final String PACKAGE = "kinesis-local@0.6.2";
  private static final Path HOME = Path.of("target", "kinesis-local").toAbsolutePath();
  private static final Path MODULE = HOME.resolve("node_modules/kinesis-local");
  private static final Path LOG = HOME.resolve("server.log");

  private final Process process;
  private final URI endpoint;

  private KinesisLocal(Process process, URI endpoint) {
    this.process = process;
    this.endpoint = endpoint;
  }

  /** Starts it, or ends the test as skipped with the reason why it cannot be. */
  static KinesisLocal start() throws Exception {
    assumeTrue(runs(List.of("node", "--version"), 10), "skipped: there is no node on the path");
    assumeTrue(runs(List.of("npm", "--version"), 10), "skipped: there is no npm on the path");
    assumeTrue(installed(), "skipped: npm could not install " + PACKAGE + ", see " + HOME);
    int plain = freePort();
    ProcessBuilder node =
        new ProcessBuilder(
            "node", "--require", bindScript().toString(), MODULE.resolve("main.js").toString());
    node.environment()
        .putAll(
            Map.ofEntries(
                Map.entry("KINESIS_MOCK_CERT_PATH", MODULE.resolve("server.json").toString()),
                Map.entry("KINESIS_MOCK_PLAIN_PORT", Integer.toString(plain)),
                Map.entry("KINESIS_MOCK_TLS_PORT", Integer.toString(freePort())),
                Map.entry("CREATE_STREAM_DURATION", "5ms"),
                Map.entry("DELETE_STREAM_DURATION", "5ms"),
                Map.entry("SPLIT_SHARD_DURATION", "5ms"),
                Map.entry("MERGE_SHARDS_DURATION", "5ms"),
                Map.entry("UPDATE_SHARD_COUNT_DURATION", "5ms"),
                Map.entry("UPDATE_MAX_RECORD_SIZE_DURATION", "5ms"),
                Map.entry("SHARD_LIMIT", "200"),
                Map.entry("LOG_LEVEL", "WARN")));
    Process process = node.redirectErrorStream(true).redirectOutput(LOG.toFile()).start();
    KinesisLocal server = new KinesisLocal(process, URI.create("http://127.0.0.1:" + plain));
    server.awaitReady();
    return server;
  }

  URI endpoint() {
    return endpoint;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private void awaitReady() {
    HttpClient http = HttpClient.newHttpClient();
    HttpRequest health = HttpRequest.newBuilder(endpoint.resolve("/healthcheck")).build();
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptionsInstanceOf(IOException.class)
        .failFast("it ended by itself, see " + LOG, () -> !process.isAlive())
        .until(() -> http.send(health, HttpResponse.BodyHandlers.discarding()).statusCode() == 200);
  }

  private static boolean installed() throws Exception {
    if (Files.exists(MODULE.resolve("main.js"))) {
      return true;
    }
    Files.createDirectories(HOME);
    return runs(
        List.of(
            "npm",
            "install",
            "--prefix",
            HOME.toString(),
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            PACKAGE),
        40);
  }

  private static boolean runs(List<String> command, int seconds) throws InterruptedException {
    try {
      Files.createDirectories(HOME);
      File log = HOME.resolve("npm.log").toFile();
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
              .start();
      boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
      process.destroyForcibly();
      return ended && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static Path bindScript() throws Exception {
    return Path.of(KinesisLocal.class.getResource("/localkinesis/bind-loopback.cjs").toURI());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
