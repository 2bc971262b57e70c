package org.audienceactivation.cli;

import java.nio.file.Path;
import org.audienceactivation.route.Broker;
import org.audienceactivation.route.TestQueue;

/** The packaged program at a queue of an Artemis broker. */
class JmsProgramIT extends QueueProgram {
  @Override
  TestQueue start(Path empty) throws Exception {
    return Broker.startIn(empty);
  }

  @Override
  int messages() {
    return 2_500;
  }
}
