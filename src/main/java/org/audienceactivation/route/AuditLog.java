package org.audienceactivation.route;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.audienceactivation.accounting.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what governance withheld, before the batch is settled: an acknowledged source has no
 * withheld record that is not in the log. What cannot be written is tried until it can, so a full
 * disk holds up the sources and loses nothing; a stop ends the waiting, and the batch stays with
 * its source. A batch that comes again is written again. Thread-safe.
 */
final class AuditLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .rootValueSeparator((String) null)
          .build();
  private static final Duration FIRST_WAIT = Duration.ofMillis(500);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  /** Lines are handed over in pieces of about this size. */
  private static final int PIECE_BYTES = 256 * 1024;

  private final Optional<AuditFile> file;
  private final String runId;
  private final byte[] key;
  private final Clock clock;
  private final StopSignal stop;

  AuditLog(Optional<AuditFile> file, String runId, byte[] key, Clock clock, StopSignal stop) {
    this.file = file;
    this.runId = runId;
    this.key = key.clone();
    this.clock = clock;
    this.stop = stop;
  }

  /** Writes nothing. */
  static AuditLog off() {
    return new AuditLog(
        Optional.empty(), "", IdentityHash.randomKey(), Clock.systemUTC(), new StopSignal());
  }

  /**
   * As the settings say.
   *
   * @throws ConfigurationException if the file cannot be written
   */
  static AuditLog open(ApplicationProperties properties, String runId, StopSignal stop) {
    String name = properties.text(Setting.AUDIT_FILE);
    if (name.isEmpty()) {
      return off();
    }
    String text = properties.text(Setting.AUDIT_KEY);
    if (text.isEmpty()) {
      LOG.info(
          "audit log: {} is not set, so the hashes of this run can be compared with no other",
          Setting.AUDIT_KEY.key());
    }
    try {
      AuditFile file =
          AuditFile.open(
              Path.of(name),
              properties.number(Setting.AUDIT_MAX_BYTES),
              properties.number(Setting.AUDIT_MAX_FILES),
              properties.isOn(Setting.AUDIT_DURABLE));
      byte[] key = text.isEmpty() ? IdentityHash.randomKey() : IdentityHash.key(text);
      return new AuditLog(Optional.of(file), runId, key, Clock.systemUTC(), stop);
    } catch (InvalidPathException e) {
      throw problem(properties, "is no name of a file");
    } catch (IOException e) {
      throw problem(properties, "cannot be written: " + e.getMessage());
    }
  }

  private static ConfigurationException problem(ApplicationProperties properties, String message) {
    return new ConfigurationException(
        List.of(properties.problem(Setting.AUDIT_FILE.key(), message)));
  }

  boolean isOn() {
    return file.isPresent();
  }

  /**
   * Comes back when everything that was withheld of the batch is written.
   *
   * @throws UncheckedIOException if it could not be written before the application had to stop
   */
  void keep(DestinationBatch batch) {
    if (file.isEmpty()) {
      return;
    }
    List<DestinationRecord> withheld =
        batch.profiles().stream()
            .filter(record -> !record.withheld().isNothing() && !isReturned(record))
            .toList();
    if (!withheld.isEmpty()) {
      write(batch.destination(), withheld);
    }
  }

  private void write(String destination, List<DestinationRecord> withheld) {
    String now = Instant.now(clock).toString();
    IdentityHash hash = IdentityHash.with(key);
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(lines)) {
      for (DestinationRecord record : withheld) {
        new AuditLine(now, runId, destination, record.raw(), record.withheld()).write(json, hash);
        json.writeRaw('\n');
        json.flush();
        if (lines.size() >= PIECE_BYTES) {
          append(lines);
        }
      }
    } catch (IOException e) {
      throw new AssertionError("writing to memory does not fail", e);
    }
    append(lines);
  }

  /** Its source hands it in again, and then it is decided again. */
  private static boolean isReturned(DestinationRecord record) {
    return record.settlement().orElse(null) instanceof Settlement.NotDelivered failure
        && failure.reason().outcome() == Outcome.RETURNED;
  }

  private void append(ByteArrayOutputStream lines) {
    if (lines.size() == 0) {
      return;
    }
    Duration wait = FIRST_WAIT;
    while (true) {
      try {
        file.orElseThrow().append(lines.toByteArray());
        lines.reset();
        return;
      } catch (IOException e) {
        if (stop.isGiven() || Thread.currentThread().isInterrupted()) {
          throw new UncheckedIOException(
              "the audit log cannot be written, and the application stops", e);
        }
        LOG.warn(
            "audit log: cannot be written ({}); tried again in {} ms, until then no batch with"
                + " something withheld is settled",
            e.getMessage(),
            wait.toMillis());
      }
      stop.pause(wait);
      wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) < 0 ? wait.multipliedBy(2) : LONGEST_WAIT;
    }
  }

  @Override
  public void close() {
    if (file.isEmpty()) {
      return;
    }
    try {
      file.get().close();
    } catch (IOException e) {
      LOG.warn("audit log: the last lines may not be on the disk ({})", e.getMessage());
    }
  }
}
