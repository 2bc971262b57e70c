package org.audienceactivation.route;

import java.util.Collection;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/**
 * What may be the matter when a consumer of Kafka gets nothing, with the settings to look at.
 *
 * @param brokers those that the consumer was given
 * @param group that of the consumer
 */
record KafkaReasons(String brokers, String group) {
  private static final String SECURITY =
      String.join(
          ", ",
          Setting.KAFKA_SECURITY_PROTOCOL.key(),
          Setting.KAFKA_SASL_MECHANISM.key(),
          Setting.KAFKA_SASL_JAAS_CONFIG.key(),
          Setting.KAFKA_CLIENT_CONFIG.key());

  static KafkaReasons of(Properties consumer) {
    return new KafkaReasons(
        String.valueOf(consumer.get(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG)),
        String.valueOf(consumer.get(ConsumerConfig.GROUP_ID_CONFIG)));
  }

  /** Why no consumer could be made. */
  String noConsumer(KafkaException failure) {
    Throwable root = SourceTrouble.root(failure);
    String settings = root instanceof ConfigException ? brokersSetting() : SECURITY;
    return "cannot connect: " + settings + ": " + SourceTrouble.oneLine(root);
  }

  String refused(KafkaException failure, Collection<String> topics) {
    if (failure instanceof TimeoutException) {
      return noAnswer();
    }
    return settingsOf(failure, topics) + ": " + SourceTrouble.oneLine(failure);
  }

  String noAnswer() {
    return brokersSetting()
        + ": no broker of Kafka answers there, or not with these settings: "
        + SECURITY;
  }

  static String noTopics(Collection<String> topics) {
    return Setting.KAFKA_TOPIC.key()
        + " "
        + String.join(",", topics)
        + ": the brokers have no such topic that we may read";
  }

  private String settingsOf(KafkaException failure, Collection<String> topics) {
    if (failure instanceof AuthenticationException) {
      return brokersSetting() + ", " + SECURITY;
    }
    if (failure instanceof GroupAuthorizationException) {
      return Setting.KAFKA_GROUP_ID.key() + " " + group;
    }
    boolean isAboutTopic =
        failure instanceof TopicAuthorizationException || failure instanceof InvalidTopicException;
    return isAboutTopic
        ? Setting.KAFKA_TOPIC.key() + " " + String.join(",", topics)
        : brokersSetting();
  }

  private String brokersSetting() {
    return Setting.KAFKA_BROKERS.key() + " " + brokers;
  }
}
