package org.audienceactivation.localkinesis;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is no part of Kinesis: {@code GET /stats}, and {@code GET}, {@code PUT} and {@code DELETE}
 * of {@code /faults}, in JSON, so that tests in any language can make the server misbehave and see
 * what it counted. For callers on this machine only. A call to Kinesis itself says its action in
 * {@value #TARGET}, so the two never meet.
 */
final class Console {

  private static final int MAX_BODY_BYTES = 64 << 10;
  private static final String TARGET = "X-Amz-Target";
  private static final String JSON = "application/json";
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final Engine engine;

  Console(Engine engine) {
    this.engine = engine;
  }

  /** Whether a request is for here and not for Kinesis. */
  static boolean isFor(HttpServerRequest request) {
    return (request.path().equals("/stats") || request.path().equals("/faults"))
        && !request.headers().contains(TARGET);
  }

  void handle(HttpServerRequest request) {
    if (!isLocal(request)) {
      mistake(request, 403, "only callers on the server's own machine are answered here");
    } else if (request.method().equals(HttpMethod.GET)) {
      answer(request, request.path().equals("/stats") ? this::writeStats : this::writeFaults);
    } else if (request.path().equals("/stats")) {
      mistake(request, 405, "/stats is for GET");
    } else if (request.method().equals(HttpMethod.DELETE)) {
      injectAndAnswer(request, Faults.none());
    } else if (request.method().equals(HttpMethod.PUT)) {
      put(request);
    } else {
      mistake(request, 405, "/faults is for GET, PUT and DELETE; use PUT to set faults");
    }
  }

  private void put(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (hasNoBody(request)) {
      put(request, Buffer.buffer());
    } else if (length == null || !length.matches("\\d{1,9}")) {
      mistake(request, 411, "the request must say its Content-Length");
    } else if (Integer.parseInt(length) > MAX_BODY_BYTES) {
      mistake(request, 413, "faults are written in at most " + MAX_BODY_BYTES + " bytes");
    } else {
      request.bodyHandler(body -> put(request, body));
    }
  }

  /** In HTTP/1 a request that says nothing of a body has none. */
  private static boolean hasNoBody(HttpServerRequest request) {
    return request.version() != HttpVersion.HTTP_2
        && !request.headers().contains(HttpHeaders.CONTENT_LENGTH)
        && !request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
  }

  private void put(HttpServerRequest request, Buffer body) {
    try {
      injectAndAnswer(request, read(body));
    } catch (IllegalArgumentException e) {
      mistake(request, 400, e.getMessage());
    }
  }

  private void injectAndAnswer(HttpServerRequest request, Faults newFaults) {
    engine.inject(newFaults);
    answer(request, this::writeFaults);
  }

  private static Faults read(Buffer body) {
    Faults faults = Faults.none();
    try (JsonParser parser = FACTORY.createParser(body.getBytes())) {
      require(parser.nextToken() == JsonToken.START_OBJECT);
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        faults = FaultsText.set(faults, name, value(parser));
      }
      require(parser.nextToken() == null);
      return faults;
    } catch (IOException e) {
      throw new IllegalArgumentException("the body is not JSON, or says a thing twice", e);
    }
  }

  /** As {@link FaultsText} has it. */
  private static String value(JsonParser parser) throws IOException {
    JsonToken token = parser.nextToken();
    if (token != JsonToken.START_ARRAY) {
      require(token.isScalarValue());
      return parser.getText();
    }
    List<String> values = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      require(parser.currentToken().isScalarValue());
      values.add(parser.getText());
    }
    return String.join("+", values);
  }

  private static void require(boolean isAsExpected) {
    if (!isAsExpected) {
      throw new IllegalArgumentException(
          "the body must be one JSON object such as {\"throttle\": 10, \"deny\": [\"PutRecords\"]}");
    }
  }

  private void writeFaults(JsonGenerator out) throws IOException {
    out.writeStartObject();
    for (Map.Entry<String, String> member :
        FaultsText.members(engine.injector().faults()).entrySet()) {
      out.writeFieldName(member.getKey());
      switch (member.getKey()) {
        case FaultsText.LATENCY, FaultsText.JITTER, FaultsText.STATUS ->
            out.writeString(member.getValue());
        case FaultsText.ON, FaultsText.DENY -> writeTexts(member.getValue().split("\\+", -1), out);
        case FaultsText.OUTAGE -> out.writeBoolean(true);
        default -> out.writeNumber(member.getValue());
      }
    }
    out.writeEndObject();
  }

  private static void writeTexts(String[] texts, JsonGenerator out) throws IOException {
    out.writeStartArray();
    for (String text : texts) {
      out.writeString(text);
    }
    out.writeEndArray();
  }

  private void writeStats(JsonGenerator out) throws IOException {
    Stats sums = engine.stats();
    out.writeStartObject();
    writeSums("calls", sums.calls(), out);
    out.writeNumberField("putRecords", sums.putRecords());
    out.writeNumberField("putBytes", sums.putBytes());
    out.writeNumberField("storedRecords", sums.storedRecords());
    out.writeNumberField("beyondLimits", sums.beyondLimits());
    out.writeNumberField("unanswered", sums.unanswered());
    writeSums("faults", sums.faults(), out);
    out.writeArrayFieldStart("streams");
    for (Stream stream : engine.streams().all()) {
      writeStream(stream, out);
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void writeSums(String name, Map<String, Long> sums, JsonGenerator out)
      throws IOException {
    out.writeObjectFieldStart(name);
    for (Map.Entry<String, Long> sum : new TreeMap<>(sums).entrySet()) {
      out.writeNumberField(sum.getKey(), sum.getValue());
    }
    out.writeEndObject();
  }

  private void writeStream(Stream stream, JsonGenerator out) throws IOException {
    Shards shards = stream.shards();
    out.writeStartObject();
    out.writeStringField("region", stream.key().region());
    out.writeStringField("name", stream.key().name());
    out.writeStringField("status", engine.streams().status(stream).name());
    out.writeArrayFieldStart("shards");
    for (Shard shard : shards.all()) {
      out.writeStartObject();
      out.writeStringField("id", shard.name());
      out.writeBooleanField("open", shards.isOpen(shard));
      out.writeNumberField("records", shard.log().count());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  @FunctionalInterface
  private interface Content {
    void write(JsonGenerator out) throws IOException;
  }

  private static void answer(HttpServerRequest request, Content content) {
    request
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
        .end(json(content).appendByte((byte) '\n'));
  }

  private static void mistake(HttpServerRequest request, int status, String message) {
    request.response().setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, JSON);
    Buffer body =
        json(
            out -> {
              out.writeStartObject();
              out.writeStringField("message", message);
              out.writeEndObject();
            });
    if (request.isEnded()) {
      request.response().end(body);
    } else {
      // what is still to come is not wanted, and most clients listen only when they have spoken
      request.handler(chunk -> {});
      request.endHandler(end -> request.response().end(body));
    }
  }

  private static Buffer json(Content content) {
    BufferOutput target = new BufferOutput();
    try (JsonGenerator out = FACTORY.createGenerator((OutputStream) target)) {
      content.write(out);
    } catch (IOException e) {
      throw new IllegalStateException("a buffer in memory cannot fail", e);
    }
    return target.buffer();
  }

  private static boolean isLocal(HttpServerRequest request) {
    try {
      // an address in digits is not looked up
      return InetAddress.getByName(request.remoteAddress().hostAddress()).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
