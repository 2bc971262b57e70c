package org.audienceactivation.bench;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.QueueConnection;
import jakarta.jms.QueueRequestor;
import jakarta.jms.QueueSession;
import jakarta.jms.Session;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.apache.activemq.artemis.api.jms.management.JMSManagementHelper;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.audienceactivation.TestHome;
import org.audienceactivation.accounting.Outcome;
import org.audienceactivation.accounting.Totals;
import org.audienceactivation.route.Activation;
import org.audienceactivation.route.ActivationOptions;
import org.audienceactivation.route.Broker;

/**
 * The whole program as it is shipped, but fed from a queue whose messages are one profile each. The
 * broker is a process of its own. While the queue is filled it hands out nothing; a pass begins
 * when it does, and ends when the last message's profile is settled.
 */
final class JmsPipeline implements Contestant {
  private static final int MESSAGES_PER_COMMIT = 1_000;

  private final Load load;
  private final BenchJvm broker;
  private final ActiveMQConnectionFactory factory;
  private final Connection connection;
  private final Activation activation;

  JmsPipeline(Load load) throws IOException, JMSException {
    this.load = load;
    this.broker =
        BenchJvm.start(
            BrokerMain.class,
            List.of("-Xmx512m"),
            load.work().resolve("broker.log"),
            load.work().resolve("broker").toString());
    String url = broker.readLine();
    this.factory = new ActiveMQConnectionFactory(url);
    this.connection = factory.createConnection();
    connection.start();
    TestHome home =
        Pipeline.home(load)
            .setting("files.enabled", "false")
            .setting("jms.enabled", "true")
            .setting("jms.brokerUrl", url);
    this.activation =
        Activation.start(
            home.home(),
            ActivationOptions.of(new ActivationOptions.Sources.Watching())
                .withKinesisEndpoint(load.endpoint()));
  }

  @Override
  public void pass(Watch watch) throws Exception {
    long settled = totals().settled();
    manage("pause");
    fill();
    watch.start();
    manage("resume");
    Polling.untilDone(() -> totals().settled() >= settled + load.records());
    watch.stop();
    long delivered = totals().of(Outcome.DELIVERED);
    if (!load.ownFile() && delivered != settled + load.records()) {
      throw new IllegalStateException("not all were delivered: " + totals());
    }
  }

  private void fill() throws JMSException, IOException {
    try (Session session = connection.createSession(true, Session.SESSION_TRANSACTED);
        MessageProducer producer = session.createProducer(session.createQueue(Broker.QUEUE));
        BufferedReader profiles = Files.newBufferedReader(load.profiles())) {
      for (int i = 1; i <= load.records(); i++) {
        BytesMessage message = session.createBytesMessage();
        message.writeBytes(profiles.readLine().getBytes(StandardCharsets.UTF_8));
        producer.send(message);
        if (i % MESSAGES_PER_COMMIT == 0) {
          session.commit();
        }
      }
      session.commit();
    }
  }

  private void manage(String operation) throws Exception {
    try (QueueConnection own = factory.createQueueConnection();
        QueueSession session = own.createQueueSession(false, Session.AUTO_ACKNOWLEDGE)) {
      own.start();
      QueueRequestor requestor =
          new QueueRequestor(session, session.createQueue("activemq.management"));
      Message message = session.createMessage();
      JMSManagementHelper.putOperationInvocation(message, "queue." + Broker.QUEUE, operation);
      Message answer = requestor.request(message);
      if (!JMSManagementHelper.hasOperationSucceeded(answer)) {
        throw new IllegalStateException("the broker does not " + operation + " its queue");
      }
    }
  }

  private Totals totals() {
    return activation.report().destinations().get(Pipeline.DESTINATION);
  }

  @Override
  public void close() {
    activation.close();
    factory.close();
    broker.close();
  }
}
