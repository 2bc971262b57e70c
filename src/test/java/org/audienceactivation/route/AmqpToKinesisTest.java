package org.audienceactivation.route;

/** From a queue of a broker that speaks AMQP 1.0 to a stream. */
class AmqpToKinesisTest extends BrokerToKinesis {
  AmqpToKinesisTest() {
    super(Broker.Protocol.AMQP);
  }
}
