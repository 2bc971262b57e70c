package org.audienceactivation.bench;

import java.io.BufferedReader;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.audienceactivation.route.KafkaBroker;

/**
 * A Kafka broker in a process of its own, with a topic that has each line of a file as a message.
 * Prints where it listens as soon as all of them are there, and ends when its standard input does.
 * Arguments: a folder for what it keeps; the file.
 */
final class KafkaMain {

  static final String TOPIC = "profiles";

  private static final int PARTITIONS = 8;
  private static final int AT_ONCE = 10_000;

  private KafkaMain() {}

  public static void main(String[] args) throws Exception {
    Path folder = Files.createDirectories(Path.of(args[0]));
    try (KafkaBroker broker = KafkaBroker.startIn(folder)) {
      broker.createTopic(TOPIC, PARTITIONS);
      fill(broker, Path.of(args[1]));
      System.out.println(broker.address());
      System.out.flush();
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }

  private static void fill(KafkaBroker broker, Path profiles) throws Exception {
    List<ProducerRecord<byte[], byte[]>> messages = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(profiles)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        messages.add(KafkaBroker.message(TOPIC, Integer.toString(line.hashCode()), line));
        if (messages.size() == AT_ONCE) {
          broker.send(messages);
          messages.clear();
        }
      }
    }
    broker.send(messages);
  }
}
