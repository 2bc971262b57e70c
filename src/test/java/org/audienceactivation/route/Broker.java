package org.audienceactivation.route;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.activemq.artemis.protocol.amqp.broker.AMQPStandardMessage;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.messaging.Data;
import org.apache.qpid.proton.amqp.messaging.Header;
import org.apache.qpid.proton.amqp.messaging.Properties;
import org.audienceactivation.TestHome;

/**
 * An Artemis broker in this JVM that is reached over TCP and keeps its messages on the disk, with
 * one queue for profiles and one for what it takes for poison, after three attempts.
 */
public final class Broker implements TestQueue {
  public static final String QUEUE = "profiles";
  private static final String POISON = "DLQ";
  private static final int ATTEMPTS = 3;

  /** Makes a message of the session. */
  @FunctionalInterface
  public interface Written {
    Message in(Session session) throws JMSException;
  }

  /** What the program, and whoever sends, speaks with it. */
  public enum Protocol {
    ARTEMIS("jms", "tcp") {
      @Override
      ConnectionFactory factory(String url) {
        return new ActiveMQConnectionFactory(url);
      }
    },
    AMQP("amqp", "amqp") {
      @Override
      ConnectionFactory factory(String url) {
        return new JmsConnectionFactory(url);
      }
    };

    private final String source;
    private final String scheme;

    Protocol(String source, String scheme) {
      this.source = source;
      this.scheme = scheme;
    }

    abstract ConnectionFactory factory(String url);
  }

  private final Protocol protocol;
  private final Path folder;
  private final int port;
  private EmbeddedActiveMQ server;

  private Broker(Protocol protocol, Path folder, int port) {
    this.protocol = protocol;
    this.folder = folder;
    this.port = port;
  }

  public static Broker startIn(Path folder) throws Exception {
    return startIn(folder, Protocol.ARTEMIS);
  }

  public static Broker startIn(Path folder, Protocol protocol) throws Exception {
    Broker broker = new Broker(protocol, folder, FreePort.find());
    broker.start();
    return broker;
  }

  public String url() {
    return url(protocol);
  }

  private String url(Protocol spoken) {
    return spoken.scheme + "://127.0.0.1:" + port;
  }

  @Override
  public void feed(TestHome home) {
    home.setting("files.enabled", "false")
        .setting(protocol.source + ".enabled", "true")
        .setting(protocol.source + ".brokerUrl", url());
  }

  @Override
  public List<String> jvmOptions() {
    return List.of();
  }

  public void start() throws Exception {
    server = new EmbeddedActiveMQ();
    server.setConfiguration(configuration());
    server.start();
  }

  private Configuration configuration() throws Exception {
    AddressSettings settings =
        new AddressSettings()
            .setDeadLetterAddress(SimpleString.of(POISON))
            .setMaxDeliveryAttempts(ATTEMPTS);
    ConfigurationImpl configuration = new ConfigurationImpl();
    configuration.setBrokerInstance(folder.toFile());
    return configuration
        .setSecurityEnabled(false)
        .setJournalType(JournalType.NIO)
        .setJournalDatasync(false)
        .addAcceptorConfiguration("tcp", url(Protocol.ARTEMIS))
        .addAddressSetting("#", settings)
        .addQueueConfiguration(queue(QUEUE))
        .addQueueConfiguration(queue(POISON));
  }

  private static QueueConfiguration queue(String name) {
    return QueueConfiguration.of(name).setAddress(name).setRoutingType(RoutingType.ANYCAST);
  }

  /** As a broker that goes away in the middle of everything. */
  public void stop() throws Exception {
    server.stop();
  }

  /** Sends each text as a message of bytes. */
  @Override
  public void send(List<String> bodies) throws JMSException {
    sendAll(bodies.stream().<Written>map(body -> session -> bytes(session, body)).toList());
  }

  private static Message bytes(Session session, String body) throws JMSException {
    BytesMessage message = session.createBytesMessage();
    message.writeBytes(body.getBytes(StandardCharsets.UTF_8));
    return message;
  }

  public void sendAll(List<Written> messages) throws JMSException {
    try (Connection connection = protocol.factory(url()).createConnection();
        Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
      MessageProducer producer = session.createProducer(session.createQueue(QUEUE));
      for (Written message : messages) {
        producer.send(message.in(session));
      }
      session.commit();
    }
  }

  /** Sends bytes as who speaks AMQP and not JMS does: what they are, only the content type says. */
  public void sendAmqp(String contentType, byte[] data) throws Exception {
    Properties properties = new Properties();
    properties.setContentType(Symbol.valueOf(contentType));
    AMQPStandardMessage message =
        AMQPStandardMessage.createMessage(
            server.getActiveMQServer().getStorageManager().generateID(),
            0,
            SimpleString.of(QUEUE),
            new Header(),
            properties,
            null,
            null,
            null,
            null,
            new Data(new Binary(data)));
    message.setAddress(SimpleString.of(QUEUE));
    server.getActiveMQServer().getPostOffice().route(message, false);
  }

  @Override
  public long left() {
    return count(QUEUE);
  }

  @Override
  public long poison() {
    return count(POISON);
  }

  /** How often the message was handed out that was handed out most, of those that are left. */
  public int mostAttempts() throws JMSException {
    int most = 0;
    try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(url(Protocol.ARTEMIS));
        Connection connection = factory.createConnection();
        Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
      connection.start();
      var browser = session.createBrowser(session.createQueue(QUEUE));
      var found = browser.getEnumeration();
      while (found.hasMoreElements()) {
        most = Math.max(most, ((Message) found.nextElement()).getIntProperty("JMSXDeliveryCount"));
      }
    }
    return most;
  }

  private long count(String queue) {
    return server.getActiveMQServer().locateQueue(SimpleString.of(queue)).getMessageCount();
  }

  @Override
  public void close() {
    try {
      stop();
    } catch (Exception e) {
      throw new IllegalStateException("the broker does not stop", e);
    }
  }
}
