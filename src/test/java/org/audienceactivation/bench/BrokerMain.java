package org.audienceactivation.bench;

import java.nio.file.Path;
import org.audienceactivation.route.Broker;

/**
 * An Artemis broker in a process of its own. Prints where it listens, and ends when its standard
 * input does. Argument: the folder of its journal.
 */
final class BrokerMain {
  private BrokerMain() {}

  public static void main(String[] args) throws Exception {
    try (Broker broker = Broker.startIn(Path.of(args[0]))) {
      System.out.println(broker.url());
      System.out.flush();
      System.in.transferTo(java.io.OutputStream.nullOutputStream());
    }
  }
}
