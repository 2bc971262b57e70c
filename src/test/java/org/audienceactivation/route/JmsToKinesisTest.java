package org.audienceactivation.route;

/** From a queue of an Artemis broker to a stream. */
class JmsToKinesisTest extends BrokerToKinesis {
  JmsToKinesisTest() {
    super(Broker.Protocol.ARTEMIS);
  }
}
