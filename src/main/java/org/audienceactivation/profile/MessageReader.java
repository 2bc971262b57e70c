package org.audienceactivation.profile;

import java.io.IOException;
import java.io.InputStream;
import org.audienceactivation.accounting.ReasonCode;

/**
 * Reads the body of a message, which may be one profile (on one line or on several), a JSON array
 * of profiles, or one profile a line. Its form is found out from its beginning, of as many bytes as
 * one record may have:
 *
 * <ul>
 *   <li>it begins with a bracket: an array; but lines, if the array ends with its line and one
 *       below is a JSON object;
 *   <li>it has one line only, or is one JSON object as a whole: one record;
 *   <li>one of its lines is a JSON object: lines;
 *   <li>anything else is one record, which cannot be read as a profile.
 * </ul>
 *
 * <p>Nothing comes to nothing: every message gives at least one record but for the empty array,
 * which says itself that there is none. A message without any content is one rejected record.
 */
public final class MessageReader {

  /**
   * How messages and records are bounded.
   *
   * @param batches how batches and their records are bounded
   * @param maxBytes bytes in one message; what stands behind them is not read, and counts as one
   *     rejected record
   */
  public record Limits(NdjsonReader.Limits batches, int maxBytes) {

    /** 16 MiB a message, and batches as of files. */
    public static final Limits DEFAULT = new Limits(NdjsonReader.Limits.DEFAULT, 16 * 1024 * 1024);

    public Limits {
      if (maxBytes < 1) {
        throw new IllegalArgumentException("limits must be positive");
      }
    }

    private int window() {
      return batches.maxRecordBytes() == Integer.MAX_VALUE
          ? Integer.MAX_VALUE
          : batches.maxRecordBytes() + 1;
    }
  }

  private final String source;
  private final MessageInput input;
  private final NdjsonReader.Limits limits;
  private final byte[] bytes;
  private final int start;
  private final int end;

  private MessageReader(String source, MessageInput input, NdjsonReader.Limits limits) {
    this.source = source;
    this.input = input;
    this.limits = limits;
    this.bytes = input.head();
    this.start = skipSpace(bytes, afterByteOrderMark(), bytes.length);
    this.end = beforeSpace(bytes, start, bytes.length);
  }

  /**
   * Reads a message in memory.
   *
   * @param source how the records name where they come from
   * @param body not copied, so nobody may change it afterwards
   */
  public static RecordReader open(String source, byte[] body, Limits limits) {
    MessageInput input = MessageInput.of(body, limits.window(), limits.maxBytes());
    return new MessageReader(source, input, limits.batches()).reader();
  }

  /**
   * Reads a message that is still being received: what is held of it is its beginning and the batch
   * that is being collected.
   *
   * @param source how the records name where they come from
   * @param body closed with the reader
   * @throws IOException if not even its beginning can be received
   */
  public static RecordReader open(String source, InputStream body, Limits limits)
      throws IOException {
    MessageInput input = MessageInput.of(body, limits.window(), limits.maxBytes());
    return new MessageReader(source, input, limits.batches()).reader();
  }

  /**
   * A message that is not read: something else came, such as an object of Java.
   *
   * @param source how the record names where it comes from
   * @param raw its bytes, for the dead letter; none if they cannot be had
   * @param detail what came
   */
  public static RecordReader unreadable(String source, byte[] raw, String detail) {
    return rejected(source, raw, Rejection.of(ReasonCode.UNREADABLE_INPUT, detail));
  }

  private static RecordReader rejected(String source, byte[] raw, Rejection rejection) {
    return new WholeMessage(
        RawRecord.unusable(source, 1, raw, 0, raw.length, raw.length, rejection));
  }

  private RecordReader reader() {
    if (start < end && bytes[start] == '[' && !isFirstLineOfLines()) {
      return new JsonArrayReader(source, input.from(start), limits);
    }
    if (input.isWhole()) {
      return readerOfWhole();
    }
    boolean isLines = start < end && (isOneLine() || hasLineThatIsAnObject());
    return isLines
        ? NdjsonReader.of(source, input, limits)
        : new WholeMessage(source, input, limits);
  }

  private RecordReader readerOfWhole() {
    if (start == end) {
      return rejected(
          source,
          new byte[0],
          Rejection.of(ReasonCode.MALFORMED_JSON, "the message has no content"));
    }
    boolean isLines =
        !isOneLine()
            && (bytes[start] == '['
                || isObject(start, endOfLine(start))
                || (!isObject(start, end) && hasLineThatIsAnObject()));
    return isLines
        ? NdjsonReader.of(source, input, limits)
        : new WholeMessage(RawRecord.usableOrInvalid(source, 1, bytes, start, end - start));
  }

  /** An array on a line of its own is one line that is no profile, among lines that are. */
  private boolean isFirstLineOfLines() {
    int endOfFirst = endOfLine(start);
    return endOfFirst < end
        && Json.isCompleteArray(bytes, start, endOfFirst - start)
        && hasLineThatIsAnObject();
  }

  private boolean isOneLine() {
    return endOfLine(start) == end;
  }

  /** Lines begin with their object; those of one object written over several are indented. */
  private boolean hasLineThatIsAnObject() {
    for (int at = start; at < end; at = endOfLine(at) + 1) {
      if (isObject(at, endOfLine(at))) {
        return true;
      }
    }
    return false;
  }

  private boolean isObject(int from, int to) {
    return from < to && bytes[from] == '{' && Json.isCompleteObject(bytes, from, to - from);
  }

  private int endOfLine(int from) {
    int at = from;
    while (at < end && bytes[at] != '\n') {
      at++;
    }
    return at;
  }

  private int afterByteOrderMark() {
    boolean isMarked =
        bytes.length >= 3
            && (bytes[0] & 0xFF) == 0xEF
            && (bytes[1] & 0xFF) == 0xBB
            && (bytes[2] & 0xFF) == 0xBF;
    return isMarked ? 3 : 0;
  }

  private static int skipSpace(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && isSpace(bytes[at])) {
      at++;
    }
    return at;
  }

  private static int beforeSpace(byte[] bytes, int from, int to) {
    int at = to;
    while (at > from && isSpace(bytes[at - 1])) {
      at--;
    }
    return at;
  }

  private static boolean isSpace(byte value) {
    return value == ' ' || value == '\n' || value == '\r' || value == '\t';
  }
}
