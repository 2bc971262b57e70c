package org.audienceactivation.localkinesis;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The sockets: HTTP/1.1 and cleartext HTTP/2 with prior knowledge, which is what the default
 * asynchronous client of the AWS SDK for Java speaks. One event loop per core.
 */
final class HttpFront implements AutoCloseable {

  private static final int MAX_HEADER_BYTES = 16 << 10;
  private static final int WINDOW_BYTES = 1 << 20;
  // longer than the SDKs keep idle connections, so that it is they who close them
  private static final int IDLE_SECONDS = 120;

  private final Vertx vertx;
  private final int port;

  private HttpFront(Vertx vertx, int port) {
    this.vertx = vertx;
    this.port = port;
  }

  /**
   * @throws IllegalStateException if the address cannot be listened on, saying which and why
   */
  static HttpFront open(String host, int port, CallHandler handler) {
    int loops = Math.max(2, Runtime.getRuntime().availableProcessors());
    Vertx vertx = Vertx.vertx(vertxOptions(loops));
    AtomicInteger boundPort = new AtomicInteger();
    DeploymentOptions instances = new DeploymentOptions().setInstances(loops);
    try {
      vertx
          .deployVerticle(() -> new Listener(host, port, handler, boundPort), instances)
          .toCompletionStage()
          .toCompletableFuture()
          .join();
    } catch (CompletionException e) {
      awaitClosed(vertx);
      throw new IllegalStateException(
          "Local Kinesis cannot listen on " + host + ":" + port + ": " + e.getCause().getMessage(),
          e.getCause());
    }
    return new HttpFront(vertx, boundPort.get());
  }

  int port() {
    return port;
  }

  /** Stops listening, drops all connections and awaits the calls in progress. */
  @Override
  public void close() {
    awaitClosed(vertx);
  }

  private static void awaitClosed(Vertx vertx) {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private static VertxOptions vertxOptions(int loops) {
    return new VertxOptions()
        .setEventLoopPoolSize(loops)
        .setWorkerPoolSize(2)
        .setInternalBlockingPoolSize(2)
        .setUseDaemonThread(true)
        .setFileSystemOptions(
            new FileSystemOptions()
                .setFileCachingEnabled(false)
                .setClassPathResolvingEnabled(false));
  }

  private static HttpServerOptions serverOptions() {
    return new HttpServerOptions()
        .setMaxHeaderSize(MAX_HEADER_BYTES)
        .setIdleTimeout(IDLE_SECONDS)
        .setIdleTimeoutUnit(TimeUnit.SECONDS)
        .setTcpNoDelay(true)
        .setHttp2ClearTextEnabled(true)
        .setHttp2ConnectionWindowSize(4 * WINDOW_BYTES)
        .setInitialSettings(
            new Http2Settings().setInitialWindowSize(WINDOW_BYTES).setMaxConcurrentStreams(100));
  }

  /** One event loop's share of the connections. */
  private static final class Listener extends AbstractVerticle {
    private final String host;
    private final int port;
    private final CallHandler handler;
    private final AtomicInteger boundPort;

    Listener(String host, int port, CallHandler handler, AtomicInteger boundPort) {
      this.host = host;
      this.port = port;
      this.handler = handler;
      this.boundPort = boundPort;
    }

    @Override
    public void start(Promise<Void> started) {
      // a negative port is a free one that all listeners share
      vertx
          .createHttpServer(serverOptions())
          .requestHandler((HttpServerRequest request) -> handler.handle(request, vertx))
          .listen(port == 0 ? -1 : port, host)
          .onSuccess((HttpServer server) -> boundPort.set(server.actualPort()))
          .<Void>mapEmpty()
          .onComplete(started);
    }
  }
}
