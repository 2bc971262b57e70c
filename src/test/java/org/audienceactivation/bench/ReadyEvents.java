package org.audienceactivation.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.audienceactivation.destination.ActivationEvent;
import org.audienceactivation.profile.Compression;
import org.audienceactivation.profile.NdjsonReader;
import org.audienceactivation.profile.RawRecord;

/**
 * Events that were mapped beforehand, from the very profiles that the pipeline maps: a file with a
 * partition key, a tab and an event in each line.
 */
final class ReadyEvents {

  /** Kept in memory and sent again and again by those who do not read the file. */
  private static final int IN_MEMORY = 50_000;

  /** One of them. */
  static final class Event {
    private final String partitionKey;
    private final byte[] data;

    Event(String partitionKey, byte[] data) {
      this.partitionKey = partitionKey;
      this.data = data;
    }

    /** Reads a line of the file. */
    static Event of(String line) {
      int tab = line.indexOf('\t');
      return new Event(line.substring(0, tab), line.substring(tab + 1).getBytes(UTF_8));
    }

    String partitionKey() {
      return partitionKey;
    }

    /** Not copied. */
    byte[] data() {
      return data;
    }
  }

  private ReadyEvents() {}

  /**
   * Writes the events of the profiles that are delivered.
   *
   * @return how many there are
   */
  static int write(Load load) throws IOException {
    EventMapping mapping = EventMapping.of(BenchProfiles.destination(load));
    int written = 0;
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(load.events()));
        NdjsonReader batches =
            NdjsonReader.open(
                "profiles",
                new BufferedInputStream(Files.newInputStream(load.profiles())),
                Compression.of(load.profiles().getFileName().toString()))) {
      while (batches.hasNext()) {
        for (RawRecord record : batches.next()) {
          Optional<ActivationEvent> event = mapping.event(record);
          if (event.isPresent()) {
            write(event.get(), out);
            written++;
          }
        }
      }
    }
    return written;
  }

  private static void write(ActivationEvent event, OutputStream out) throws IOException {
    out.write(event.partitionKey().getBytes(UTF_8));
    out.write('\t');
    out.write(event.data());
    out.write('\n');
  }

  /** The first of them, as many as fit into a small heap. */
  static List<Event> load(Path file) throws IOException {
    List<Event> events = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine();
          line != null && events.size() < IN_MEMORY;
          line = lines.readLine()) {
        events.add(Event.of(line));
      }
    }
    return events;
  }
}
