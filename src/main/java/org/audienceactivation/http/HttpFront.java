package org.audienceactivation.http;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket and everything that is decided on the head of a call, before a byte of its body is
 * read. HTTP/1.1 only.
 */
final class HttpFront implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpFront.class);

  private static final int MAX_HEAD_BYTES = 16 * 1024;
  private static final int MAX_LINE_BYTES = 4 * 1024;
  private static final int LOOPS = 2;

  /** Connections beside those with a call in progress. */
  private static final int IDLE_CONNECTIONS = 1_000;

  /** Tokens that are checked at the same time. */
  private static final int CHECKS = 16;

  /** Calls that may wait for the check of a token; they hold their heads only. */
  private static final int WAITING_CHECKS = 200;

  /** How long calls in progress are awaited at the end. */
  private static final long CLOSE_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final HttpSettings settings;
  private final Access access;
  private final Map<String, byte[]> documents;
  private final Map<String, HttpConsumer> consumers;
  private final Vertx vertx;
  private final Connections connections;
  private final Semaphore calls;
  private final Semaphore largeBodies;
  private final ThreadPoolExecutor workers;
  private final ThreadPoolExecutor checkers;
  private final ScheduledThreadPoolExecutor timer;
  private int port;

  private HttpFront(
      HttpSettings settings,
      Access access,
      Map<String, byte[]> documents,
      Map<String, HttpConsumer> consumers) {
    this.settings = settings;
    this.access = access;
    this.documents = documents;
    this.consumers = consumers;
    this.vertx = Vertx.vertx(vertxOptions());
    this.connections = new Connections(settings, settings.concurrency() + IDLE_CONNECTIONS);
    this.calls = new Semaphore(settings.concurrency());
    this.largeBodies = new Semaphore(settings.largeBodies());
    this.workers =
        new ThreadPoolExecutor(
            0,
            // as many as there are calls, and those whose call has just ended
            Integer.MAX_VALUE,
            60,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            daemons("rest-call-"));
    this.checkers =
        new ThreadPoolExecutor(
            CHECKS,
            CHECKS,
            60,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING_CHECKS),
            daemons("rest-token-"));
    checkers.allowCoreThreadTimeOut(true);
    this.timer = new ScheduledThreadPoolExecutor(1, daemons("rest-timer-"));
    timer.setRemoveOnCancelPolicy(true); // most deadlines are never reached
  }

  /**
   * Listens.
   *
   * @throws IllegalStateException if the address cannot be listened on, saying which and why
   */
  static HttpFront open(
      HttpSettings settings,
      Access access,
      Map<String, byte[]> documents,
      Map<String, HttpConsumer> consumers) {
    HttpFront front = new HttpFront(settings, access, documents, consumers);
    try {
      front.listen();
      return front;
    } catch (CompletionException e) {
      front.release();
      throw new IllegalStateException(
          "cannot listen on %s:%d: %s"
              .formatted(settings.host(), settings.port(), e.getCause().getMessage()),
          e.getCause());
    }
  }

  private void listen() {
    HttpServerOptions options = serverOptions();
    HttpServer server =
        vertx
            .createHttpServer(options)
            .connectionHandler(
                connection -> {
                  StrictDecoder.decode(connection, options);
                  connections.opened(connection);
                })
            .requestHandler(this::handle)
            .listen(settings.port(), settings.host())
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    port = server.actualPort();
    long tickMillis = Math.max(20, Math.min(1_000, settings.quiet().toMillis() / 4));
    vertx.setPeriodic(tickMillis, id -> connections.endTheSlow());
    LOG.info("Listening for HTTP on {}:{}", settings.host(), port);
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    long deadline = System.nanoTime() + CLOSE_WITHIN_NANOS;
    while (connections.isBusy() && deadline - System.nanoTime() > 0 && pause()) {
      // look again
    }
    release();
  }

  /** False if whoever waits was interrupted, who then waits no longer. */
  private static boolean pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(20);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void release() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
    workers.shutdown();
    checkers.shutdownNow();
    timer.shutdownNow();
  }

  private static VertxOptions vertxOptions() {
    return new VertxOptions()
        .setEventLoopPoolSize(LOOPS)
        .setWorkerPoolSize(1)
        .setInternalBlockingPoolSize(2)
        .setUseDaemonThread(true)
        .setFileSystemOptions(
            new FileSystemOptions()
                .setFileCachingEnabled(false)
                .setClassPathResolvingEnabled(false));
  }

  private static HttpServerOptions serverOptions() {
    return new HttpServerOptions()
        .setMaxHeaderSize(MAX_HEAD_BYTES)
        .setMaxInitialLineLength(MAX_LINE_BYTES)
        .setHttp2ClearTextEnabled(false)
        .setTcpNoDelay(true);
  }

  private static ThreadFactory daemons(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  // ---- the head of a call ----

  private void handle(HttpServerRequest request) {
    Connections.Line line = connections.called(request);
    if (line.isCondemned()) {
      request.connection().close();
      return;
    }
    HttpCall call = new HttpCall(request, vertx, line);
    Optional<Problem> doubt = Framing.problem(request);
    if (doubt.isPresent()) {
      call.refuseLast(doubt.get());
      return;
    }
    String path = request.path() == null ? "" : request.path();
    if (documents.containsKey(path)) {
      handleDocument(call, documents.get(path));
      return;
    }
    HttpConsumer consumer = consumers.get(path);
    if (consumer == null) {
      call.refuse(Problem.of(404, "Not Found", "there is nothing under this path"));
      return;
    }
    Optional<Problem> refusal = refusal(request, consumer);
    if (refusal.isPresent()) {
      call.refuse(refusal.get());
      return;
    }
    if (access.needsTokenCheck(request.headers())) {
      checkToken(call, consumer);
    } else {
      receive(call, consumer);
    }
  }

  /** Nothing of the body is taken before its bearer is let in. */
  private void checkToken(HttpCall call, HttpConsumer consumer) {
    Runnable admit = call.holdBack(() -> receive(call, consumer));
    try {
      checkWithinTime(call, admit);
    } catch (RejectedExecutionException e) { // as many wait as may, or it stops
      call.refuse(Problem.tooMany());
    }
  }

  private void checkWithinTime(HttpCall call, Runnable admit) {
    Future<?> deadline =
        timer.schedule(
            () -> call.refuse(Problem.unchecked()),
            settings.timeout().toNanos(),
            TimeUnit.NANOSECONDS);
    try {
      checkers.execute(() -> check(call, admit, deadline));
    } catch (RejectedExecutionException e) {
      deadline.cancel(false); // who is turned away at once must not be remembered until then
      throw e;
    }
  }

  /** Not for callers who have their answer, or have gone. */
  private void check(HttpCall call, Runnable admit, Future<?> deadline) {
    if (call.isOver()) {
      deadline.cancel(false);
      return;
    }
    boolean isAccepted = access.acceptsToken(call.request().headers());
    deadline.cancel(false);
    try {
      if (isAccepted) {
        admit.run();
      } else {
        call.refuse(unauthorized());
      }
    } catch (RejectedExecutionException e) {
      LOG.debug("a token was checked too late: the server has stopped");
    }
  }

  private void receive(HttpCall call, HttpConsumer consumer) {
    HttpServerRequest request = call.request();
    if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
      request.response().writeContinue();
    }
    boolean minimal = prefersMinimal(request);
    call.receive(
        flow -> new Upload(settings.maxBytes(), minimal, flow, largeBodies),
        () -> begin(call, consumer));
  }

  private static void handleDocument(HttpCall call, byte[] document) {
    HttpMethod method = call.request().method();
    if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
      call.answer(200, "application/json", document);
    } else {
      call.refuse(notAllowed(List.of("GET", "HEAD")));
    }
  }

  private static Problem notAllowed(Iterable<String> methods) {
    String allowed = String.join(", ", methods);
    return Problem.of(405, "Method Not Allowed", "allowed: " + allowed).with("Allow", allowed);
  }

  private Optional<Problem> refusal(HttpServerRequest request, HttpConsumer consumer) {
    if (!consumer.methods().contains(request.method().name())) {
      return Optional.of(notAllowed(consumer.methods()));
    }
    if (access.refusesAtOnce(request.headers())) {
      return Optional.of(unauthorized());
    }
    if (consumer.isSuspendingOrSuspended() || !consumer.isRunAllowed()) {
      return Optional.of(Problem.stopping());
    }
    if (!takes(consumer.consumes(), request.getHeader("Content-Type"))) {
      String types = String.join(", ", consumer.consumes());
      return Optional.of(
          unsupported("Content-Type must be one of " + types + ", in UTF-8")
              .with("Accept-Post", types));
    }
    if (isEncoded(request)) {
      return Optional.of(
          unsupported("the body must not be compressed").with("Accept-Encoding", "identity"));
    }
    if (contentLength(request) > settings.maxBytes()) {
      return Optional.of(Problem.tooLarge(settings.maxBytes()));
    }
    return calls.availablePermits() == 0 ? Optional.of(Problem.tooMany()) : Optional.empty();
  }

  private Problem unauthorized() {
    return Problem.of(401, "Unauthorized", "the call bears no key or token that is accepted")
        .with("WWW-Authenticate", access.challenge());
  }

  private static Problem unsupported(String detail) {
    return Problem.of(415, "Unsupported Media Type", detail);
  }

  private static boolean takes(Set<String> types, String given) {
    if (types.isEmpty()) {
      return true;
    }
    if (given == null) {
      return false;
    }
    String[] parts = given.toLowerCase(Locale.ROOT).split(";", -1);
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].replaceAll("[\\s\"]", "");
      if (parameter.startsWith("charset=") && !parameter.equals("charset=utf-8")) {
        return false;
      }
    }
    return types.contains(parts[0].trim());
  }

  private static boolean isEncoded(HttpServerRequest request) {
    String encoding = request.getHeader("Content-Encoding");
    return encoding != null && !encoding.trim().equalsIgnoreCase("identity");
  }

  /** The greatest there is if it is none that can be read. */
  static long contentLength(HttpServerRequest request) {
    String length = request.getHeader("Content-Length");
    try {
      return length == null ? 0 : Long.parseLong(length.trim());
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }

  private static boolean prefersMinimal(HttpServerRequest request) {
    return request.headers().getAll("Prefer").stream()
        .map(preference -> preference.toLowerCase(Locale.ROOT).replaceAll("[\\s\"]", ""))
        .flatMap(preference -> List.of(preference.split("[,;]", -1)).stream())
        .anyMatch("return=minimal"::equals);
  }

  // ---- the call itself ----

  private void begin(HttpCall call, HttpConsumer consumer) {
    if (call.upload().cut().isPresent()) {
      call.answerCut(call.upload().cut().get());
      return;
    }
    if (consumer.isSuspendingOrSuspended()) {
      call.refuse(Problem.stopping());
      return;
    }
    if (!calls.tryAcquire()) {
      call.refuse(Problem.tooMany());
      return;
    }
    try {
      workers.execute(() -> run(call, consumer));
    } catch (RuntimeException | Error e) { // the JVM may be out of threads
      calls.release();
      call.refuse(Problem.tooMany());
    }
  }

  private void run(HttpCall call, HttpConsumer consumer) {
    long left = settings.timeout().toNanos() - call.nanos();
    Runnable noDeadline = call.endsWithin(timer, left);
    try {
      // whoever has his answer may call again at once, and must find a permit
      consumer.process(
          call,
          () -> {
            noDeadline.run();
            calls.release();
          });
    } catch (RuntimeException e) {
      LOG.warn("{}: a call could not be answered: {}", consumer.path(), e.getClass().getName());
      call.refuse(Problem.failed());
    } finally {
      call.upload().end();
    }
  }
}
