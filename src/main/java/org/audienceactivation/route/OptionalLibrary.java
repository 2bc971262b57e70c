package org.audienceactivation.route;

import java.util.List;

/** A source's library, which an embedder may have left out. */
enum OptionalLibrary {
  JMS(Setting.JMS_ENABLED, "org.apache.camel.component.jms.JmsComponent", "camel-jms"),
  ARTEMIS(
      Setting.JMS_ENABLED,
      "org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory",
      "artemis-jakarta-client"),
  AMQP(Setting.AMQP_ENABLED, "org.apache.camel.component.amqp.AMQPComponent", "camel-amqp"),
  QPID(Setting.AMQP_ENABLED, "org.apache.qpid.jms.JmsConnectionFactory", "qpid-jms-client"),
  SQS(Setting.SQS_ENABLED, "org.apache.camel.component.aws2.sqs.Sqs2Component", "camel-aws2-sqs"),
  SQS_CLIENT(Setting.SQS_ENABLED, "software.amazon.awssdk.services.sqs.SqsClient", "sqs"),
  KAFKA(Setting.KAFKA_ENABLED, "org.apache.camel.component.kafka.KafkaComponent", "camel-kafka"),
  KAFKA_CLIENT(
      Setting.KAFKA_ENABLED, "org.apache.kafka.clients.consumer.KafkaConsumer", "kafka-clients"),
  POSTGRESQL(Setting.STATE_STORE, "org.postgresql.Driver", "postgresql"),
  HIKARI(Setting.STATE_STORE, "com.zaxxer.hikari.HikariDataSource", "HikariCP"),
  REST(
      Setting.REST_ENABLED,
      "org.apache.camel.component.platform.http.PlatformHttpComponent",
      "camel-platform-http");

  private final Setting setting;
  private final String proof;
  private final String artifact;

  /**
   * One of them.
   *
   * @param setting what is on that needs it
   * @param proof a class that only it has
   */
  OptionalLibrary(Setting setting, String proof, String artifact) {
    this.setting = setting;
    this.proof = proof;
    this.artifact = artifact;
  }

  /**
   * Makes sure that it is there.
   *
   * @throws ConfigurationException if it is not
   */
  void require(ApplicationProperties properties) {
    if (getClass().getResource("/" + proof.replace('.', '/') + ".class") == null) {
      throw new ConfigurationException(
          List.of(
              properties.problem(
                  setting.key(),
                  "the library "
                      + artifact
                      + " is not on the class path; put it there, or switch off what needs it")));
    }
  }
}
