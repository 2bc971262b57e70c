package org.audienceactivation.route;

import java.util.List;
import org.audienceactivation.TestHome;

/** A queue of a real broker in this JVM, with a dead-letter queue of its own. */
public interface TestQueue extends AutoCloseable {

  /** Makes a home take its profiles from this queue, and from nowhere else. */
  void feed(TestHome home);

  /** Options of a JVM without which it may not read the queue. */
  List<String> jvmOptions();

  /** Sends each text as a message. */
  void send(List<String> bodies) throws Exception;

  /** Messages that are not acknowledged. */
  long left();

  /** Messages that the broker has taken for poison. */
  long poison();

  @Override
  void close();
}
