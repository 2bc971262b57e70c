package org.audienceactivation.route;

import java.util.List;
import java.util.Set;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.apache.qpid.jms.policy.JmsDefaultDeserializationPolicy;
import org.apache.qpid.jms.policy.JmsDefaultPrefetchPolicy;

/**
 * Connections to a broker that speaks AMQP 1.0 for {@code amqp.camel.yaml}. A class of its own,
 * because the client is an optional library.
 */
final class AmqpConnections {
  static final String BEAN = "amqpConnections";

  private static final Set<String> SCHEMES =
      Set.of("amqp", "amqps", "amqpws", "amqpwss", "failover", "discovery");

  private AmqpConnections() {}

  /**
   * Does not connect yet.
   *
   * @throws ConfigurationException if the address is none
   */
  static WatchedConnections to(ApplicationProperties properties, StopSignal stop) {
    JmsConnectionFactory factory = factory(properties);
    String user = properties.text(Setting.AMQP_USER);
    if (!user.isEmpty()) {
      factory.setUsername(user);
      factory.setPassword(properties.text(Setting.AMQP_PASSWORD));
    }
    return new WatchedConnections(
        factory,
        WatchedConnections.Broker.of(
            "AMQP", properties, Setting.AMQP_BROKER_URL, Setting.AMQP_USER, Setting.AMQP_PASSWORD),
        stop);
  }

  /**
   * Nothing is fetched in advance, unless the address asks for it: what one consumer holds in store
   * others could send. Objects of Java are never unpacked, whatever the address says.
   */
  private static JmsConnectionFactory factory(ApplicationProperties properties) {
    String url = properties.text(Setting.AMQP_BROKER_URL);
    try {
      if (!SCHEMES.contains(url.replaceFirst(":.*", ""))) {
        throw new IllegalArgumentException("no scheme of AMQP");
      }
      JmsConnectionFactory factory = new JmsConnectionFactory(url);
      if (!url.contains("prefetchPolicy")) {
        JmsDefaultPrefetchPolicy nothing = new JmsDefaultPrefetchPolicy();
        nothing.setAll(0);
        factory.setPrefetchPolicy(nothing);
      }
      JmsDefaultDeserializationPolicy never = new JmsDefaultDeserializationPolicy();
      never.setDenyList(JmsDefaultDeserializationPolicy.CATCH_ALL_WILDCARD);
      factory.setDeserializationPolicy(never);
      return factory;
    } catch (RuntimeException e) {
      throw new ConfigurationException(
          List.of(
              properties.problem(
                  Setting.AMQP_BROKER_URL.key(),
                  "is no address of a broker; write it like amqp://HOST:5672")));
    }
  }
}
