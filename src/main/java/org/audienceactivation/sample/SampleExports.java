package org.audienceactivation.sample;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/**
 * Writes exports of invented customer profiles: NDJSON, one XDM profile a line, as varied as real
 * exports are. Nothing in them belongs to anybody: e-mail addresses are in the domains kept for
 * examples, telephone numbers in the ranges kept for fiction.
 *
 * <p>With the export comes what must become of it in the destination {@code prospects}, which maps
 * the audiences of {@link SampleAudience#MAPPED} and asks for {@code consents.share}. For each
 * record the first that holds decides:
 *
 * <ol>
 *   <li>the line cannot be read: rejected, {@code malformed-json}, {@code wrong-type} or {@code
 *       invalid-utf8};
 *   <li>it has no identity: rejected, {@code no-identity};
 *   <li>it is in none of the mapped audiences, whatever the status: excluded, {@code
 *       not-in-mapped-audience};
 *   <li>{@code consents.share.val} is {@code n} or {@code dn}: excluded, {@code
 *       consent-refused:consents.share};
 *   <li>otherwise it is delivered.
 * </ol>
 *
 * <p>Any size is written in constant memory. The same options give the same bytes on every
 * platform. Compressed bytes are only as repeatable as the platform's zlib: compare what they
 * contain.
 */
public final class SampleExports {
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
  private static final byte[] LF = {'\n'};
  private static final byte[] CRLF = {'\r', '\n'};
  private static final int BUFFER = 1 << 16;

  private final SampleOptions options;
  private final OutputStream out;
  private final Dice dice;
  private final ProfileWriter profiles;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(4096);
  private final Tally tally = new Tally();
  private int faults;

  private SampleExports(SampleOptions options, OutputStream out) {
    this.options = options;
    this.out = out;
    this.dice = new Dice(options.seed());
    this.profiles = new ProfileWriter(dice);
  }

  /** Writes an export to a stream, which is flushed and left open. */
  public static SampleExpectation write(OutputStream out, SampleOptions options)
      throws IOException {
    OutputStream buffered = new BufferedOutputStream(out, BUFFER);
    SampleExpectation expectation = new SampleExports(options, buffered).writeAll();
    buffered.flush();
    return expectation;
  }

  /**
   * Writes an export to a file, compressed if its name ends in {@code .gz}. The file appears under
   * its name, replacing what was there, only when it is whole, so it may be written into a watched
   * folder; until then it has the suffix {@code .part}. Missing folders are made. What is no
   * regular file, such as a pipe, is written to directly.
   */
  public static SampleExpectation write(Path file, SampleOptions options) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      return writeContent(file, isCompressed(file), options);
    }
    Path target = file.toAbsolutePath();
    Files.createDirectories(target.getParent());
    Path part = target.resolveSibling(target.getFileName() + ".part");
    try {
      SampleExpectation expectation = writeContent(part, isCompressed(file), options);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      return expectation;
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static boolean isCompressed(Path file) {
    return file.toString().endsWith(".gz");
  }

  private static SampleExpectation writeContent(
      Path file, boolean compressed, SampleOptions options) throws IOException {
    try (OutputStream raw = Files.newOutputStream(file);
        OutputStream content = compressed ? new GZIPOutputStream(raw, BUFFER) : raw) {
      return write(content, options);
    }
  }

  private SampleExpectation writeAll() throws IOException {
    if (options.start() == SampleOptions.Start.BYTE_ORDER_MARK) {
      out.write(BYTE_ORDER_MARK);
    }
    for (long i = 0; i < options.profiles(); i++) {
      writeRecord();
      if (dice.chance(options.fractions().emptyLines())) {
        out.write(lineEnd());
      }
    }
    return tally.total();
  }

  private void writeRecord() throws IOException {
    Draft draft = draft();
    if (dice.chance(options.fractions().unreadable())) {
      writeUnreadable(draft, Fault.ALL.get(faults++ % Fault.ALL.size()));
    } else {
      writeReadable(draft);
    }
    out.write(lineEnd());
  }

  private Draft draft() {
    SampleFractions fractions = options.fractions();
    return new Draft(
        dice.chance(fractions.withoutIdentity()) ? Draft.Identities.NONE : Draft.Identities.SOME,
        dice.chance(fractions.unmapped()) ? Draft.Memberships.UNMAPPED : Draft.Memberships.MAPPED,
        dice.chance(fractions.refused()) ? Draft.Sharing.REFUSED : Draft.Sharing.ALLOWED,
        Optional.empty());
  }

  private void writeReadable(Draft draft) throws IOException {
    account(draft);
    line.reset();
    profiles.write(draft, line);
    line.writeTo(out);
  }

  private void writeUnreadable(Draft draft, Fault fault) throws IOException {
    tally.rejected(fault.code());
    line.reset();
    profiles.write(fault instanceof Fault.WrongType type ? draft.with(type) : draft, line);
    out.write(fault.spoil(line.toByteArray(), dice));
  }

  private void account(Draft draft) {
    if (draft.identities() == Draft.Identities.NONE) {
      tally.rejected("no-identity");
    } else if (draft.memberships() == Draft.Memberships.UNMAPPED) {
      tally.excluded("not-in-mapped-audience");
    } else if (draft.sharing() == Draft.Sharing.REFUSED) {
      tally.excluded("consent-refused:consents.share");
    } else {
      tally.delivered();
    }
  }

  private byte[] lineEnd() {
    return switch (options.lineEnd()) {
      case LF -> LF;
      case CRLF -> CRLF;
      case MIXED -> dice.chance(0.02) ? CRLF : LF;
    };
  }
}
