package org.audienceactivation.http;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The open connections, and who on them is too slow: with the head of the next call, with its body,
 * or with taking the answer. Thread-safe.
 */
final class Connections {
  private final HttpSettings settings;
  private final int most;
  private final Map<HttpConnection, Line> open = new ConcurrentHashMap<>();

  Connections(HttpSettings settings, int most) {
    this.settings = settings;
    this.most = most;
  }

  /** One connection: at most one call is in progress on it. */
  final class Line {
    private final HttpConnection connection;
    private volatile Optional<HttpCall> call = Optional.empty();
    private volatile boolean answering;
    private volatile boolean condemned;
    private volatile long since = System.nanoTime();

    private Line(HttpConnection connection) {
      this.connection = connection;
    }

    void receiving(HttpCall next) {
      call = Optional.of(next);
      answering = false;
    }

    /** What comes after the present call is no call. */
    void condemn() {
      condemned = true;
    }

    boolean isCondemned() {
      return condemned;
    }

    void answering(HttpCall answered) {
      if (isCall(answered)) {
        answering = true;
        since = System.nanoTime();
      }
    }

    /** The next call may have come before it was known that the answer to this one was taken. */
    void idle(HttpCall ended) {
      if (isCall(ended)) {
        call = Optional.empty();
        answering = false;
        since = System.nanoTime();
      }
    }

    private boolean isCall(HttpCall asked) {
      return call.filter(current -> current.equals(asked)).isPresent();
    }

    private void endIfSlow() {
      long waited = System.nanoTime() - since;
      long quiet = settings.quiet().toNanos();
      if (answering) {
        if (waited > quiet + settings.timeout().toNanos()) {
          connection.close();
        }
        return;
      }
      if (call.isPresent()) {
        call.get().requireProgress(quiet, settings.timeout().toNanos());
      } else if (waited > quiet) {
        connection.close();
      }
    }
  }

  /** Closes it at once if there are too many. */
  void opened(HttpConnection connection) {
    if (open.size() >= most) {
      connection.close();
      return;
    }
    open.put(connection, new Line(connection));
    connection.closeHandler(nothing -> closed(connection));
  }

  private void closed(HttpConnection connection) {
    Line line = open.remove(connection);
    if (line != null) {
      line.call.ifPresent(HttpCall::hungUp);
    }
  }

  /** The connection on which a call came. */
  Line called(HttpServerRequest request) {
    return open.computeIfAbsent(request.connection(), Line::new);
  }

  boolean isBusy() {
    return open.values().stream().anyMatch(line -> line.call.isPresent() || line.answering);
  }

  void endTheSlow() {
    open.values().forEach(Line::endIfSlow);
  }
}
