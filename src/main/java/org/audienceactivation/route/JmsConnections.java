package org.audienceactivation.route;

import java.util.List;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/**
 * Connections to an Artemis broker for {@code jms.camel.yaml}. A class of its own, because the
 * broker's client is an optional library.
 */
final class JmsConnections {
  static final String BEAN = "jmsConnections";

  private JmsConnections() {}

  /**
   * Does not connect yet.
   *
   * @throws ConfigurationException if the address is none
   */
  static WatchedConnections to(ApplicationProperties properties, StopSignal stop) {
    ActiveMQConnectionFactory factory = factory(properties);
    String user = properties.text(Setting.JMS_USER);
    if (!user.isEmpty()) {
      factory.setUser(user);
      factory.setPassword(properties.text(Setting.JMS_PASSWORD));
    }
    return new WatchedConnections(
        factory,
        WatchedConnections.Broker.of(
            "JMS", properties, Setting.JMS_BROKER_URL, Setting.JMS_USER, Setting.JMS_PASSWORD),
        stop);
  }

  /**
   * Nothing is fetched in advance, unless the address asks for it: what one consumer holds in store
   * others could send, and after a crash all of it would have used up an attempt.
   */
  private static ActiveMQConnectionFactory factory(ApplicationProperties properties) {
    String url = properties.text(Setting.JMS_BROKER_URL);
    try {
      ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(url);
      if (!url.contains("consumerWindowSize")) {
        factory.setConsumerWindowSize(0);
      }
      return factory;
    } catch (RuntimeException e) {
      throw new ConfigurationException(
          List.of(
              properties.problem(
                  Setting.JMS_BROKER_URL.key(),
                  "is no address of a broker; write it like tcp://HOST:61616")));
    }
  }
}
