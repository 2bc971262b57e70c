package org.audienceactivation.cli;

import java.nio.file.Path;
import org.audienceactivation.route.ElasticMq;
import org.audienceactivation.route.TestQueue;

/** The packaged program at a queue of SQS. */
class SqsProgramIT extends QueueProgram {
  @Override
  TestQueue start(Path empty) throws Exception {
    return ElasticMq.start();
  }

  @Override
  int messages() {
    return 1_500;
  }
}
