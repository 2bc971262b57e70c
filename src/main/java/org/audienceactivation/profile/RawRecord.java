package org.audienceactivation.profile;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.audienceactivation.accounting.ReasonCode;

/**
 * One record as it came in: where it stood and its bytes, which stay at hand until it is settled.
 *
 * <p>The bytes are a slice of a buffer that the records of one batch share. They are either one
 * whole line of valid UTF-8, or, when {@link #rejection()} is present, what could be kept of an
 * unusable one (at most {@value #MAX_KEPT_BYTES} bytes of one that is too long). Immutable as long
 * as nobody writes to the shared buffer, which nobody may.
 */
public final class RawRecord {

  /** How much of a record that is too long is kept for the dead letter. */
  public static final int MAX_KEPT_BYTES = 64 * 1024;

  private final String source;
  private final long line;
  private final byte[] buffer;
  private final int offset;
  private final int length;
  private final long fullLength;
  private final Optional<Rejection> rejection;

  private RawRecord(
      String source,
      long line,
      byte[] buffer,
      int offset,
      int length,
      long fullLength,
      Optional<Rejection> rejection) {
    this.source = source;
    this.line = line;
    this.buffer = buffer;
    this.offset = offset;
    this.length = length;
    this.fullLength = fullLength;
    this.rejection = rejection;
  }

  /**
   * A record that did not come through {@link NdjsonReader}: a message, the body of a call.
   *
   * @param bytes one JSON document; not copied, so the caller must not change it afterwards
   * @return a record that is already rejected if the bytes are not valid UTF-8
   */
  public static RawRecord of(String source, long line, byte[] bytes) {
    return usableOrInvalid(source, line, bytes, 0, bytes.length);
  }

  static RawRecord usableOrInvalid(
      String source, long line, byte[] buffer, int offset, int length) {
    int invalidAt = Utf8.firstInvalid(buffer, offset, length);
    if (invalidAt < 0) {
      return new RawRecord(source, line, buffer, offset, length, length, Optional.empty());
    }
    Rejection rejection =
        Rejection.of(
            ReasonCode.INVALID_UTF8,
            "column " + (invalidAt - offset + 1) + ": not a UTF-8 sequence");
    return new RawRecord(source, line, buffer, offset, length, length, Optional.of(rejection));
  }

  static RawRecord unusable(
      String source,
      long line,
      byte[] buffer,
      int offset,
      int length,
      long fullLength,
      Rejection rejection) {
    return new RawRecord(source, line, buffer, offset, length, fullLength, Optional.of(rejection));
  }

  /** Where the record came from, as the source names itself: a file name, a topic. */
  public String source() {
    return source;
  }

  /** 1-based line (or position) within the source; empty lines count. */
  public long line() {
    return line;
  }

  /** The shared buffer; only {@link #offset()} and {@link #length()} of it are this record's. */
  public byte[] buffer() {
    return buffer;
  }

  /** Where this record begins in {@link #buffer()}. */
  public int offset() {
    return offset;
  }

  /** How many bytes of {@link #buffer()} are this record's, without the line break. */
  public int length() {
    return length;
  }

  /** The length that the record had in the source; more than {@link #length()} if it was cut. */
  public long fullLength() {
    return fullLength;
  }

  /** Present if the record cannot be read as a profile at all. */
  public Optional<Rejection> rejection() {
    return rejection;
  }

  /** A copy of this record's bytes. */
  public byte[] bytes() {
    return Arrays.copyOfRange(buffer, offset, offset + length);
  }

  /**
   * This record's bytes as text; what is not UTF-8 becomes U+FFFD. Personal data: for dead letters,
   * never for logs.
   */
  public String text() {
    return new String(buffer, offset, length, StandardCharsets.UTF_8);
  }

  /** Position and length only, so that a record may stand in a log line. */
  @Override
  public String toString() {
    return source + ":" + line + " (" + fullLength + " bytes)";
  }
}
