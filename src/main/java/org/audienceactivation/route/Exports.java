package org.audienceactivation.route;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.audienceactivation.profile.Compression;
import org.audienceactivation.profile.NdjsonReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bean {@code exports} of {@code files.camel.yaml}: opens the file that the exchange carries
 * and hands out its records in batches.
 */
public final class Exports {
  private static final Logger LOG = LoggerFactory.getLogger(Exports.class);

  /** As the route files has it. */
  private static final Pattern EXPORT_NAME = Pattern.compile(".*\\.(ndjson|jsonl)(\\.gz)?");

  private static final int REMEMBERED_FILES = 1_000;
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);

  private final PlansInForce plans;
  private final NdjsonReader.Limits limits;
  private final Path doneDirectory;
  private final StopSignal stop;
  private final Clock clock;
  private final Map<String, Integer> failures = new ConcurrentHashMap<>();
  private final Set<ExportFile> open = ConcurrentHashMap.newKeySet();
  private final Map<String, FileStamp> settled =
      Collections.synchronizedMap(new Remembered<>(REMEMBERED_FILES));
  private final AtomicLong opened = new AtomicLong();
  private final LongAdder bytesOfClosed = new LongAdder();

  Exports(
      PlansInForce plans,
      NdjsonReader.Limits limits,
      Path doneDirectory,
      StopSignal stop,
      Clock clock) {
    this.plans = plans;
    this.limits = limits;
    this.doneDirectory = doneDirectory;
    this.stop = stop;
    this.clock = clock;
  }

  /**
   * The batches of the file in the exchange. A file whose last reading was not settled is read
   * again after a pause, which grows to a minute. A file that was settled and is still there could
   * not be moved: it has nothing more to hand out, and Camel tries to move it again.
   *
   * @throws UnsettledSourceException if the file cannot be opened; it stays where it is
   */
  public Iterator<ProfileBatch> batches(Exchange exchange) throws UnsettledSourceException {
    Path path = Path.of(exchange.getMessage().getHeader(Exchange.FILE_PATH, String.class));
    String name = exchange.getMessage().getHeader(Exchange.FILE_NAME, String.class);
    pauseAfterFailures(name);
    ExportFile export = open(name, path);
    open.add(export);
    export.giveTo(exchange);
    return export;
  }

  private ExportFile open(String name, Path path) throws UnsettledSourceException {
    try {
      FileStamp stamp = FileStamp.of(path);
      InputStream raw = Files.newInputStream(path);
      if (stamp.equals(settled.get(name))) {
        LOG.warn(
            "{}: all its records are settled, but it could not be moved to {}; nothing of it is"
                + " sent again. Mend that folder, or move the file by hand",
            name,
            doneDirectory);
        failures.merge(name, 1, Integer::sum);
        raw.close();
        raw = InputStream.nullInputStream();
      }
      NdjsonReader reader = NdjsonReader.open(name, raw, Compression.of(name), limits);
      String id = name + "#" + opened.incrementAndGet();
      return new ExportFile(
          new ExportFile.Source(name, id, path, stamp), reader, plans, stop, this::ended);
    } catch (IOException e) {
      failures.merge(name, 1, Integer::sum);
      String what = "cannot be opened (" + e.getClass().getSimpleName() + ")";
      LOG.warn("{}: {}; it stays where it is and will be tried again", name, what);
      throw new UnsettledSourceException(name + ": " + what);
    }
  }

  private void pauseAfterFailures(String name) {
    int count = failures.getOrDefault(name, 0);
    if (count > 0) {
      Duration pause = Duration.ofSeconds(1L << Math.min(count - 1, 6));
      stop.pause(pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause);
    }
  }

  /**
   * The name under which the file is kept when it is done: its own, or with the time in it if there
   * is one of that name already.
   */
  public String doneName(Exchange exchange) {
    String name = exchange.getMessage().getHeader(Exchange.FILE_NAME_ONLY, String.class);
    if (Files.notExists(doneDirectory.resolve(name))) {
      return name;
    }
    int dot = name.indexOf('.', 1);
    String time = "-" + TIME.format(Instant.now(clock));
    return dot < 0 ? name + time : name.substring(0, dot) + time + name.substring(dot);
  }

  private void ended(ExportFile export) {
    if (open.remove(export)) {
      bytesOfClosed.add(export.bytesRead());
    }
    if (!export.isSettled()) {
      failures.merge(export.name(), 1, Integer::sum);
      return;
    }
    if (!export.stamp().equals(settled.put(export.name(), export.stamp()))) {
      failures.remove(export.name());
    }
  }

  /** Counts what is still open as returned, when nothing works on it any more. */
  void giveBackOpen() {
    for (ExportFile export : List.copyOf(open)) {
      export.giveBackUnsettled();
      export.end();
    }
  }

  /** Bytes read so far of all exports of this run, as they lie on the disk. */
  long bytesRead() {
    return bytesOfClosed.sum() + open.stream().mapToLong(ExportFile::bytesRead).sum();
  }

  /** The exports in a folder, by name; none if it cannot be read. */
  static List<Path> exportsIn(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> EXPORT_NAME.matcher(file.getFileName().toString()).matches())
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Whether an export could not be settled and stays with its source. */
  boolean hasFailures() {
    return !failures.isEmpty();
  }
}
