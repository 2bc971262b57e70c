package org.audienceactivation.cli;

import java.nio.file.Path;
import org.audienceactivation.route.Broker;
import org.audienceactivation.route.TestQueue;

/** The packaged program at a queue of a broker that speaks AMQP 1.0. */
class AmqpProgramIT extends QueueProgram {
  @Override
  TestQueue start(Path empty) throws Exception {
    return Broker.startIn(empty, Broker.Protocol.AMQP);
  }

  @Override
  int messages() {
    return 2_500;
  }
}
