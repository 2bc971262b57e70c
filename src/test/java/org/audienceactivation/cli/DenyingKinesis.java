package org.audienceactivation.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A Kinesis with one ACTIVE stream {@code events}, which denies chosen actions as IAM does. In
 * JSON; the local Kinesis checks no permissions.
 */
final class DenyingKinesis implements AutoCloseable {
  private final HttpServer server;
  private final Set<String> denied;
  private final List<String> calls = new CopyOnWriteArrayList<>();

  private DenyingKinesis(HttpServer server, Set<String> denied) {
    this.server = server;
    this.denied = Set.copyOf(denied);
  }

  static DenyingKinesis thatDenies(Set<String> actions) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      DenyingKinesis kinesis = new DenyingKinesis(server, actions);
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

  /** The actions that were asked for, denied or not. */
  List<String> calls() {
    return calls;
  }

  private void answer(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    String action = target.substring(target.indexOf('.') + 1);
    calls.add(action);
    boolean isDenied = denied.contains(action);
    String body =
        isDenied
            ? "{\"__type\":\"AccessDeniedException\",\"message\":\"User: arn:aws:iam::1:user/u is"
                + " not authorized to perform: kinesis:"
                + action
                + "\"}"
            : allowed(action);
    exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
    exchange.sendResponseHeaders(isDenied ? 400 : 200, 0);
    exchange.getResponseBody().write(body.getBytes(StandardCharsets.UTF_8));
    exchange.close();
  }

  private static String allowed(String action) {
    return switch (action) {
      case "ListStreams" -> "{\"HasMoreStreams\":false,\"StreamNames\":[\"events\"]}";
      case "DescribeStreamSummary" ->
          "{\"StreamDescriptionSummary\":{\"StreamStatus\":\"ACTIVE\"}}";
      case "PutRecord" -> "{\"ShardId\":\"shardId-000000000000\",\"SequenceNumber\":\"1\"}";
      case "PutRecords" ->
          "{\"FailedRecordCount\":0,\"Records\":[{\"ShardId\":\"shardId-000000000000\",\"SequenceNumber\":\"2\"}]}";
      default -> throw new IllegalArgumentException(action);
    };
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
