package org.audienceactivation.kinesis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * As much of Kinesis (in JSON) and STS over HTTP as it takes to see what a real client sends: who
 * signed, for which region, and what.
 */
final class HttpKinesis implements AutoCloseable {

  /** One request that came in. */
  record Request(
      String authorization, Optional<String> sessionToken, String contentType, String body) {
    /** From the scope of the signature: access key, date, region, service. */
    String accessKey() {
      return scope()[0];
    }

    String region() {
      return scope()[2];
    }

    private String[] scope() {
      return authorization.replaceAll(".*Credential=([^,]+),.*", "$1").split("/");
    }
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Request> puts = new CopyOnWriteArrayList<>();
  private final List<Request> roles = new CopyOnWriteArrayList<>();
  private volatile CountDownLatch underWay = new CountDownLatch(0);

  private HttpKinesis(HttpServer server) {
    this.server = server;
  }

  static HttpKinesis start() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      HttpKinesis kinesis = new HttpKinesis(server);
      server.setExecutor(kinesis.threads);
      server.createContext("/", kinesis::answer);
      server.start();
      return kinesis;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  List<Request> puts() {
    return puts;
  }

  List<Request> roles() {
    return roles;
  }

  /** Answers no PutRecords call before so many have come. */
  void answerOnlyWhenUnderWay(int calls) {
    underWay = new CountDownLatch(calls);
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    Request request =
        new Request(
            exchange.getRequestHeaders().getFirst("Authorization"),
            Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-Amz-Security-Token")),
            exchange.getRequestHeaders().getFirst("Content-Type"),
            new String(body, StandardCharsets.UTF_8));
    boolean put =
        "Kinesis_20131202.PutRecords".equals(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
    String answer = put ? answerPut(request) : answerAssumeRole(request);
    exchange
        .getResponseHeaders()
        .set("Content-Type", put ? "application/x-amz-json-1.1" : "text/xml");
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().write(answer.getBytes(StandardCharsets.UTF_8));
    exchange.close();
  }

  private String answerPut(Request request) throws IOException {
    puts.add(request);
    awaitTheOthers();
    JsonNode records = JSON.readTree(request.body()).get("Records");
    ObjectNode answer = JSON.createObjectNode().put("FailedRecordCount", 0);
    ArrayNode results = answer.putArray("Records");
    for (int i = 0; i < records.size(); i++) {
      results.addObject().put("ShardId", "shardId-000000000000").put("SequenceNumber", "4" + i);
    }
    return answer.toString();
  }

  private void awaitTheOthers() {
    underWay.countDown();
    try {
      underWay.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private String answerAssumeRole(Request request) {
    roles.add(request);
    return """
        <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
        <AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role/r/s</Arn><AssumedRoleId>R:s</AssumedRoleId></AssumedRoleUser>
        <Credentials><AccessKeyId>ASSUMED</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
        <SessionToken>the-token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>
        </AssumeRoleResult></AssumeRoleResponse>
        """;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
