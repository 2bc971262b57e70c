package org.audienceactivation.localkinesis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * From an HTTP request to a call, and from its answer to an HTTP response. Puts are carried out on
 * the event loop; GetRecords, which may wait for the disk, is not. Thread-safe.
 */
final class CallHandler {

  private static final System.Logger LOG = System.getLogger(CallHandler.class.getName());

  /** A request that is not complete after this time is dropped. */
  private static final long BODY_MILLIS = 60_000;

  private static final CharSequence TARGET = HttpHeaders.createOptimized("X-Amz-Target");
  private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-amzn-RequestId");
  private static final CharSequence ERROR_TYPE = HttpHeaders.createOptimized("x-amzn-ErrorType");

  private final Api api;
  private final Console console;
  private final FaultInjector faults;
  private final Tally tally;
  private final MemoryBudget budget;

  CallHandler(Api api, Console console, FaultInjector faults, Tally tally, MemoryBudget budget) {
    this.api = api;
    this.console = console;
    this.faults = faults;
    this.tally = tally;
    this.budget = budget;
  }

  void handle(HttpServerRequest request, Vertx vertx) {
    if (Console.isFor(request)) {
      console.handle(request);
      return;
    }
    if (faults.isDroppedByOutage()) {
      request.response().reset();
      return;
    }
    try {
      receive(request, Envelope.of(request), vertx);
    } catch (ApiException e) {
      refuse(request, e, WireFormat.JSON, vertx);
    }
  }

  /**
   * What a request's headers say.
   *
   * @param announced the length of the body; negative if it is not said
   */
  private record Envelope(Action action, WireFormat format, String region, long announced) {

    static Envelope of(HttpServerRequest request) {
      if (!request.method().equals(HttpMethod.POST)) {
        throw ApiException.methodNotAllowed("Kinesis is spoken by POST to /");
      }
      return new Envelope(
          Action.ofTarget(header(request, TARGET)),
          WireFormat.ofContentType(header(request, HttpHeaders.CONTENT_TYPE)),
          Region.ofAuthorization(header(request, HttpHeaders.AUTHORIZATION)),
          contentLength(request));
    }

    private static String header(HttpServerRequest request, CharSequence name) {
      String value = request.getHeader(name);
      return value == null ? "" : value;
    }

    private static long contentLength(HttpServerRequest request) {
      String length = header(request, HttpHeaders.CONTENT_LENGTH);
      return length.matches("\\d{1,18}") ? Long.parseLong(length) : -1;
    }
  }

  private void receive(HttpServerRequest request, Envelope envelope, Vertx vertx) {
    int limit = envelope.format().maxBodyBytes();
    if (envelope.announced() > limit) {
      refuse(request, RequestBody.tooLarge(limit), envelope.format(), vertx);
      return;
    }
    RequestBody body = new RequestBody(budget, limit, envelope.announced());
    long deadline = dropWhenLate(request, vertx);
    request.exceptionHandler(
        broken -> {
          vertx.cancelTimer(deadline);
          body.release();
        });
    request.handler(
        chunk -> {
          try {
            body.add(chunk);
          } catch (ApiException e) {
            vertx.cancelTimer(deadline);
            body.release();
            drainThenRefuse(request, e, envelope.format(), vertx);
          }
        });
    request.endHandler(
        end -> {
          vertx.cancelTimer(deadline);
          meetFate(request, envelope, body, vertx);
        });
    letTheBodyCome(request);
  }

  private void meetFate(
      HttpServerRequest request, Envelope envelope, RequestBody body, Vertx vertx) {
    tally.count(envelope.action());
    Fate fate = faults.fateOf(envelope.action());
    if (fate.delayMillis() == 0) {
      carryOut(request, envelope, body, fate, vertx);
      return;
    }
    // who hangs up now has lost the answer, not the call
    vertx.setTimer(fate.delayMillis(), due -> carryOut(request, envelope, body, fate, vertx));
  }

  private void carryOut(
      HttpServerRequest request, Envelope envelope, RequestBody body, Fate fate, Vertx vertx) {
    if (fate.isDroppedBefore()) {
      body.release();
      request.response().reset();
      return;
    }
    Call call =
        new Call(
            envelope.action(),
            envelope.format(),
            envelope.region(),
            body.bytes(),
            body.length(),
            fate);
    if (call.action() != Action.GET_RECORDS) {
      send(request, answer(call), call, body);
      return;
    }
    vertx
        .executeBlocking(() -> answer(call), false)
        .onComplete(done -> send(request, done.result(), call, body));
  }

  /** An answer before it is sent; {@code errorType} is empty if all is well. */
  private record Answer(int status, String errorType, Buffer content) {}

  // whatever goes wrong, the caller gets an answer and the event loop lives
  private Answer answer(Call call) {
    BufferOutput out = new BufferOutput();
    try {
      api.answer(call, out);
      return new Answer(200, "", out.buffer());
    } catch (ApiException e) {
      return refusal(e, call.format());
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, call.action() + " failed in " + call.region(), e);
      return refusal(
          ApiException.internalFailure("The server failed; its log says why."), call.format());
    }
  }

  private static Answer refusal(ApiException error, WireFormat format) {
    BufferOutput out = new BufferOutput();
    try {
      Api.writeError(error, format, out);
    } catch (IOException e) {
      throw new IllegalStateException("a buffer in memory cannot fail", e);
    }
    return new Answer(error.status(), error.type(), out.buffer());
  }

  private void send(HttpServerRequest request, Answer answer, Call call, RequestBody body) {
    body.release();
    if (call.fate().isDroppedAfter()) {
      request.response().reset();
      return;
    }
    WireFormat format = call.format();
    long size = answer.content().length();
    if (!budget.take(size)) {
      write(
          request,
          refusal(
              ApiException.unavailable("The server holds as many answers as fit in its memory."),
              format),
          format);
      return;
    }
    // slow readers hold their share until they have read
    write(request, answer, format).onComplete(sent -> budget.release(size));
  }

  private static Future<Void> write(HttpServerRequest request, Answer answer, WireFormat format) {
    HttpServerResponse response = request.response();
    if (response.closed() || response.ended()) {
      return Future.succeededFuture();
    }
    response
        .setStatusCode(answer.status())
        .putHeader(REQUEST_ID, requestId())
        .putHeader(HttpHeaders.CONTENT_TYPE, format.contentType());
    if (!answer.errorType().isEmpty()) {
      response.putHeader(ERROR_TYPE, answer.errorType());
    }
    return response.end(answer.content());
  }

  /** Refuses by the headers alone; who asks before sending a body need not send it. */
  private static void refuse(
      HttpServerRequest request, ApiException error, WireFormat format, Vertx vertx) {
    if (!expectsContinue(request)) {
      drainThenRefuse(request, error, format, vertx);
      return;
    }
    if (request.version() != HttpVersion.HTTP_2) {
      request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    write(request, refusal(error, format), format);
  }

  /**
   * Answers once the caller has finished speaking: most clients do not listen before, and to hang
   * up on them would lose the answer. What comes until then is dropped.
   */
  private static void drainThenRefuse(
      HttpServerRequest request, ApiException error, WireFormat format, Vertx vertx) {
    long deadline = dropWhenLate(request, vertx);
    request.handler(chunk -> {});
    request.exceptionHandler(broken -> vertx.cancelTimer(deadline));
    request.endHandler(
        end -> {
          vertx.cancelTimer(deadline);
          write(request, refusal(error, format), format);
        });
  }

  private static long dropWhenLate(HttpServerRequest request, Vertx vertx) {
    return vertx.setTimer(BODY_MILLIS, late -> request.response().reset());
  }

  private static boolean expectsContinue(HttpServerRequest request) {
    return request.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true);
  }

  private static void letTheBodyCome(HttpServerRequest request) {
    if (expectsContinue(request)) {
      request.response().writeContinue();
    }
  }

  // not a secret, so not worth a secure random number
  private static String requestId() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }
}
