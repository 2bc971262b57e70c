package org.audienceactivation.route;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.ExceptionListener;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Connections to a broker of JMS or AMQP that nobody waits for long: one that takes a connection
 * and then says nothing would hold up the start, and a stop, for half a minute. What goes wrong is
 * said with the settings that it may come from, once a minute for all consumers.
 *
 * <p>An attempt goes on behind the one who asked for it, and the next who asks is given what it
 * brings. Thread-safe.
 */
final class WatchedConnections implements ConnectionFactory, ExceptionListener {
  private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(3);
  private static final Duration TICK = Duration.ofMillis(50);

  /** Qpid decodes what it takes for text before anybody else can see it. */
  private static final String NO_TEXT =
      "a message cannot be received: its content type says that it is text, and its bytes are none;"
          + " its sender must send UTF-8, or application/octet-stream. The broker keeps it";

  private final ConnectionFactory factory;
  private final Broker broker;
  private final StopSignal stop;
  private final SourceTrouble connecting;
  private final SourceTrouble receiving;
  private Optional<CompletableFuture<Connection>> attempt = Optional.empty();
  private volatile Optional<JMSException> said = Optional.empty();

  /**
   * Where it is.
   *
   * @param source what messages begin with
   * @param address the setting and its value
   * @param login the settings of user and password
   */
  record Broker(String source, String address, String login) {
    static Broker of(
        String source,
        ApplicationProperties properties,
        Setting url,
        Setting user,
        Setting password) {
      return new Broker(
          source,
          url.key() + " " + SourceTrouble.withoutSecrets(properties.text(url)),
          user.key() + ", " + password.key());
    }
  }

  WatchedConnections(ConnectionFactory factory, Broker broker, StopSignal stop) {
    this.factory = factory;
    this.broker = broker;
    this.stop = stop;
    this.connecting = new SourceTrouble(broker.source());
    this.receiving = new SourceTrouble(broker.source());
  }

  /**
   * A connection, if the broker answers within some seconds and before the application stops.
   *
   * @throws JMSException if not; the caller should try again
   */
  @Override
  public synchronized Connection createConnection() throws JMSException {
    CompletableFuture<Connection> underWay = attempt.orElseGet(this::begin);
    attempt = Optional.of(underWay);
    try {
      if (!isDone(underWay)) {
        throw said(new JMSException("the broker does not answer"));
      }
      attempt = Optional.empty();
      Connection connection = underWay.get();
      connecting.isOver();
      return connection;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof JMSException failure ? said(failure) : said(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JMSException("interrupted");
    }
  }

  private CompletableFuture<Connection> begin() {
    CompletableFuture<Connection> made = new CompletableFuture<>();
    Thread thread = new Thread(() -> connect(made), broker.source() + "-connect");
    thread.setDaemon(true);
    thread.start();
    return made;
  }

  private void connect(CompletableFuture<Connection> made) {
    try {
      Connection connection = factory.createConnection();
      if (stop.isGiven()) {
        connection.close();
      }
      made.complete(connection);
    } catch (JMSException | RuntimeException | Error e) {
      made.completeExceptionally(e);
    }
  }

  private boolean isDone(CompletableFuture<Connection> underWay) throws InterruptedException {
    long end = System.nanoTime() + ANSWERS_WITHIN.toNanos();
    while (!stop.isGiven() && System.nanoTime() - end < 0) {
      try {
        Connection unused = underWay.get(TICK.toMillis(), TimeUnit.MILLISECONDS);
        return true;
      } catch (ExecutionException e) {
        return true;
      } catch (TimeoutException e) {
        // looks for a stop
      }
    }
    return false;
  }

  private JMSException said(Throwable failure) {
    JMSException wrapped = new JMSException(String.valueOf(failure.getMessage()));
    wrapped.initCause(failure);
    return said(wrapped);
  }

  private JMSException said(JMSException failure) {
    say(connecting, failure);
    said = Optional.of(failure);
    return failure;
  }

  /** What else a consumer meets: a queue that it may not read, a connection that is lost. */
  @Override
  public void onException(JMSException failure) {
    if (said.filter(failure::equals).isEmpty()) {
      say(receiving, failure);
    }
  }

  private void say(SourceTrouble trouble, JMSException failure) {
    if (stop.isGiven()) {
      return;
    }
    if (SourceTrouble.root(failure) instanceof CharacterCodingException) {
      trouble.is(NO_TEXT);
      return;
    }
    boolean isLogin = failure instanceof JMSSecurityException;
    trouble.is(
        "nothing can be received: "
            + broker.address()
            + (isLogin ? ", " + broker.login() : "")
            + ": "
            + SourceTrouble.oneLine(SourceTrouble.root(failure)));
  }

  @Override
  public Connection createConnection(String user, String password) throws JMSException {
    return factory.createConnection(user, password);
  }

  @Override
  public JMSContext createContext() {
    return factory.createContext();
  }

  @Override
  public JMSContext createContext(String user, String password) {
    return factory.createContext(user, password);
  }

  @Override
  public JMSContext createContext(String user, String password, int sessionMode) {
    return factory.createContext(user, password, sessionMode);
  }

  @Override
  public JMSContext createContext(int sessionMode) {
    return factory.createContext(sessionMode);
  }
}
