package org.audienceactivation.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call: its body on the way in, and its one answer. Thread-safe once it is received. */
final class HttpCall {
  /** The form of RFC 9110, section 5.6.7. */
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final Logger LOG = LoggerFactory.getLogger(HttpCall.class);

  private static final long ASK_AGAIN_MILLIS = 50;

  /** How long a caller whose body is not wanted may go on sending before the line is cut. */
  private static final long LINGER_MILLIS = 1_000;

  private final HttpServerRequest request;
  private final Vertx vertx;
  private final Context context;
  private final Connections.Line line;
  private final long begin = System.nanoTime();
  private final AtomicBoolean begun = new AtomicBoolean();
  private final AtomicBoolean answered = new AtomicBoolean();
  private volatile boolean requestEnded;
  private volatile boolean gone;
  private volatile Runnable whenReadable = () -> {};
  private volatile Upload upload;

  /** On the thread of the connection. */
  HttpCall(HttpServerRequest request, Vertx vertx, Connections.Line line) {
    this.request = request;
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.line = line;
    request.endHandler(nothing -> requestEnded = true);
    request.exceptionHandler(broken -> {});
    request.response().exceptionHandler(broken -> {});
    line.receiving(this);
  }

  HttpServerRequest request() {
    return request;
  }

  Upload upload() {
    return upload;
  }

  /** Whether the caller has an answer, or has gone. */
  boolean isOver() {
    return gone || answered.get();
  }

  /** How long ago it came. */
  long nanos() {
    return System.nanoTime() - begin;
  }

  // ---- in ----

  /**
   * Takes the body in; a thread is asked for when it is worth one, so that callers who are slow to
   * say anything hold none.
   */
  void receive(Function<Upload.Flow, Upload> made, Runnable readable) {
    upload = made.apply(flow());
    whenReadable = readable;
    request.handler(
        (Buffer buffer) -> {
          upload.add(buffer.getBytes());
          beginIfReadable();
        });
    request.endHandler(
        nothing -> {
          requestEnded = true;
          upload.complete();
          beginIfReadable();
        });
    request.exceptionHandler(broken -> hungUp());
  }

  /**
   * Takes nothing of the body in for now.
   *
   * @return goes on with the call on the thread of the connection, unless it has ended
   */
  Runnable holdBack(Runnable onward) {
    request.pause();
    return () ->
        context.runOnContext(
            nothing -> {
              if (!gone && !answered.get()) {
                onward.run();
                request.resume();
              }
            });
  }

  private Upload.Flow flow() {
    return new Upload.Flow() {
      @Override
      public void pause() {
        request.pause();
      }

      @Override
      public void resume() {
        context.runOnContext(nothing -> request.resume());
      }
    };
  }

  private void beginIfReadable() {
    boolean isWorthIt = upload.isReadable() || upload.cut().isPresent();
    if (isWorthIt && begun.compareAndSet(false, true)) {
      whenReadable.run();
    }
  }

  /** The connection is gone. */
  void hungUp() {
    gone = true;
    if (upload != null) {
      upload.cut(Upload.Cut.HUNG_UP);
      context.runOnContext(nothing -> beginIfReadable());
    }
  }

  /** Cuts a body off of which nothing more comes, or too little within the time of the call. */
  void requireProgress(long quietNanos, long timeoutNanos) {
    if (upload == null) {
      return;
    }
    upload.requireProgress(quietNanos);
    if (nanos() > timeoutNanos && !begun.get()) {
      upload.cut(Upload.Cut.TIME_IS_UP); // the server may be what is slow, not the caller
    }
    if (upload.cut().isPresent()) {
      context.runOnContext(nothing -> beginIfReadable());
    }
  }

  // ---- the time it may take ----

  /**
   * Tells the route when the time is over, and answers in its place if it says so.
   *
   * @return to be run when the route has ended
   */
  Runnable endsWithin(ScheduledExecutorService timer, long nanos) {
    ScheduledFuture<?> due =
        timer.scheduleWithFixedDelay(
            this::timeIsUp,
            Math.max(0, nanos),
            TimeUnit.MILLISECONDS.toNanos(ASK_AGAIN_MILLIS),
            TimeUnit.NANOSECONDS);
    return () -> due.cancel(false);
  }

  private void timeIsUp() {
    try {
      Optional<HttpAnswer> already = upload.timeIsUp();
      if (!answered.get()) { // each time it is the same answer, whose file may be on its way
        already.ifPresent(this::answer);
      }
    } catch (RuntimeException e) {
      // thrown on, it would end the schedule, and the caller would wait for ever
      LOG.warn("What a call does when its time is over failed: {}", e.getClass().getName());
    }
  }

  // ---- out ----

  /** The answer to a body that could not be read, of which nothing is known to be taken. */
  void answerCut(Upload.Cut cut) {
    switch (cut) {
      case HUNG_UP -> answer(0, "", new byte[0]);
      case TOO_SLOW -> refuse(Problem.tooSlow());
      case TIME_IS_UP -> refuse(Problem.timeIsUp());
      case NO_PLACE -> refuse(Problem.busy());
      case TOO_LARGE -> refuse(Problem.tooLarge(upload.maxBytes()));
    }
  }

  /** Refuses it, and closes the connection whatever else has come on it. */
  void refuseLast(Problem problem) {
    line.condemn();
    refuse(problem);
  }

  void refuse(Problem problem) {
    if (answered.compareAndSet(false, true)) {
      onLine(
          response -> {
            response.headers().addAll(problem.headers());
            return send(response, problem.status(), Problem.CONTENT_TYPE, problem.toJson());
          },
          () -> {});
    }
  }

  void answer(int status, String contentType, byte[] body) {
    if (answered.compareAndSet(false, true)) {
      onLine(response -> send(response, status, contentType, body), () -> {});
    }
  }

  void answer(HttpAnswer answer) {
    if (!answered.compareAndSet(false, true)) {
      answer.body().discard();
      return;
    }
    onLine(
        response -> {
          response.headers().addAll(answer.headers());
          return send(response, answer);
        },
        answer.body()::discard);
  }

  private Future<Void> send(HttpServerResponse response, HttpAnswer answer) {
    if (answer.body().file().isEmpty()) {
      return send(response, answer.status(), answer.contentType(), answer.body().bytes());
    }
    setStatus(response, answer.status());
    response.putHeader("Content-Type", answer.contentType());
    return response.sendFile(answer.body().file().get().toString());
  }

  /** The server calls 413 as HTTP/1.1 called it before RFC 9110. */
  private static void setStatus(HttpServerResponse response, int status) {
    response.setStatusCode(status);
    if (status == 413) {
      response.setStatusMessage("Content Too Large");
    }
  }

  private Future<Void> send(
      HttpServerResponse response, int status, String contentType, byte[] body) {
    setStatus(response, status);
    if (!contentType.isEmpty()) {
      response.putHeader("Content-Type", contentType);
    }
    response.putHeader("Content-Length", Integer.toString(body.length));
    return HttpMethod.HEAD.equals(request.method())
        ? response.end()
        : response.end(Buffer.buffer(body));
  }

  private void onLine(Function<HttpServerResponse, Future<Void>> sending, Runnable afterwards) {
    context.runOnContext(
        nothing -> {
          Future<Void> sent = answerOnLine(sending);
          sent.onComplete(done -> afterwards.run());
          end(sent);
        });
  }

  private Future<Void> answerOnLine(Function<HttpServerResponse, Future<Void>> sending) {
    HttpServerResponse response = request.response();
    if (response.closed()) {
      return Future.failedFuture("the caller has hung up");
    }
    line.answering(this);
    response.putHeader("Date", DATE.format(Instant.now()));
    if (!requestEnded || line.isCondemned()) {
      response.putHeader("Connection", "close");
    }
    return sending.apply(response);
  }

  /** A body that was not wanted is let run out for a moment, so that the answer is not lost. */
  private void end(Future<Void> sent) {
    sent.onComplete(
        done -> {
          if (requestEnded && !line.isCondemned()) {
            line.idle(this);
            return;
          }
          if (requestEnded) {
            hangUp();
            return;
          }
          request.handler(rest -> {});
          request.endHandler(nothing -> hangUp());
          request.resume();
          vertx.setTimer(LINGER_MILLIS, id -> hangUp());
        });
  }

  private void hangUp() {
    line.idle(this);
    request.connection().close();
  }
}
