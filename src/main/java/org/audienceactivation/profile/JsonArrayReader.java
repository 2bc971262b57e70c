package org.audienceactivation.profile;

import java.util.Optional;
import org.audienceactivation.accounting.ReasonCode;

/**
 * A JSON array as records: each element is one, with exactly the bytes that it has, and its place
 * in the array counted from 1.
 *
 * <p>Only brackets and texts are followed, to find where an element ends; whether it is JSON is
 * found out when it is read as a profile, so a broken element whose brackets match costs itself
 * only. Where the end of an element cannot be found, the elements before go on, and the rest of the
 * message is one rejected record, or, if it is longer than one may be, as many as it takes. An
 * element that is too long, also because it never ends, is cut as any record is.
 */
final class JsonArrayReader extends RecordReader {

  private enum State {
    BEFORE_ARRAY,
    BEFORE_FIRST,
    BEFORE_ELEMENT,
    /** In an object, an array or a text. */
    IN_ELEMENT,
    /** In anything else: a number, a literal, nonsense. */
    IN_SCALAR,
    ELEMENT_COMPLETE,
    AFTER_ELEMENT,
    AFTER_ARRAY,
    BROKEN
  }

  private final BatchBuilder batch;
  private final int maxRecordBytes;
  private State state = State.BEFORE_ARRAY;
  private long element = 1;
  private int depth;
  private boolean inText;
  private boolean escaped;
  private Optional<Rejection> failure = Optional.empty();
  private boolean isFailureTold;

  /** The first byte of the input that is no white space must be a bracket. */
  JsonArrayReader(String source, MessageInput input, NdjsonReader.Limits limits) {
    super(input);
    this.batch = new BatchBuilder(source, limits);
    this.maxRecordBytes = limits.maxRecordBytes();
  }

  @Override
  BatchBuilder batch() {
    return batch;
  }

  @Override
  int read(byte[] bytes, int from, int to) {
    return switch (state) {
      case IN_ELEMENT -> append(bytes, from, endOfElement(bytes, from, to));
      case IN_SCALAR -> append(bytes, from, endOfScalar(bytes, from, to));
      case BROKEN -> keep(bytes, from, to);
      case ELEMENT_COMPLETE -> {
        endElement();
        yield from;
      }
      case BEFORE_ARRAY, BEFORE_FIRST, BEFORE_ELEMENT, AFTER_ELEMENT, AFTER_ARRAY ->
          readBetween(bytes, from, to);
    };
  }

  private int append(byte[] bytes, int from, int to) {
    batch.append(bytes, from, to);
    return to;
  }

  private int keep(byte[] bytes, int from, int to) {
    if (batch.unfinishedBytes() >= maxRecordBytes) { // an element of any length may have broken
      batch.breakOff(element, failure.orElseThrow());
      isFailureTold = true;
    }
    long room = maxRecordBytes - batch.unfinishedBytes();
    return append(bytes, from, (int) Math.min(to, from + room));
  }

  /** The index behind the last byte of the element, or {@code to}. */
  private int endOfElement(byte[] bytes, int from, int to) {
    for (int at = from; at < to; at++) {
      if (inText) {
        readText(bytes[at]);
      } else {
        readStructure(bytes[at]);
      }
      if (depth == 0 && !inText) {
        state = State.ELEMENT_COMPLETE;
        return at + 1;
      }
    }
    return to;
  }

  private void readText(byte value) {
    if (escaped) {
      escaped = false;
    } else if (value == '\\') {
      escaped = true;
    } else if (value == '"') {
      inText = false;
    }
  }

  private void readStructure(byte value) {
    switch (value) {
      case '{', '[' -> depth++;
      case '}', ']' -> depth--;
      case '"' -> inText = true;
      default -> {
        // of no account for where the element ends
      }
    }
  }

  private int endOfScalar(byte[] bytes, int from, int to) {
    for (int at = from; at < to; at++) {
      byte value = bytes[at];
      if (value == ',' || value == ']' || isSpace(value)) {
        state = State.ELEMENT_COMPLETE;
        return at;
      }
      if (value == '{' || value == '[' || value == '"' || value == '}' || value == ':') {
        broken("unexpected character");
        return at;
      }
    }
    return to;
  }

  private int readBetween(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && isSpace(bytes[at])) {
      at++;
    }
    return at == to ? to : readBetween(bytes[at], at);
  }

  /** Takes the byte if it stands between elements, and leaves it if it begins one. */
  private int readBetween(byte value, int at) {
    boolean closes = value == ']' && (state == State.BEFORE_FIRST || state == State.AFTER_ELEMENT);
    if (closes) {
      state = State.AFTER_ARRAY;
      return at + 1;
    }
    if (state == State.BEFORE_ARRAY && value == '[') {
      state = State.BEFORE_FIRST;
      return at + 1;
    }
    if (state == State.AFTER_ELEMENT && value == ',') {
      state = State.BEFORE_ELEMENT;
      return at + 1;
    }
    if (state == State.AFTER_ARRAY) {
      broken("more after the end of the array");
    } else if (state == State.AFTER_ELEMENT || ",]}:".indexOf(value) >= 0) {
      broken("unexpected character");
    } else {
      state = value == '{' || value == '[' || value == '"' ? State.IN_ELEMENT : State.IN_SCALAR;
    }
    return at;
  }

  private void broken(String detail) {
    state = State.BROKEN;
    failure = Optional.of(malformed(detail));
  }

  private Rejection malformed(String detail) {
    return Rejection.of(ReasonCode.MALFORMED_JSON, "element " + element + ": " + detail);
  }

  private void endElement() {
    batch.endRecord(element++);
    state = State.AFTER_ELEMENT;
  }

  @Override
  void end() {
    if (state == State.ELEMENT_COMPLETE) {
      endElement();
    }
    if (state != State.AFTER_ARRAY && failure.isEmpty()) {
      failure = Optional.of(malformed("the array is not closed"));
    }
  }

  @Override
  void breakOff(String detail) {
    if (state == State.ELEMENT_COMPLETE) {
      endElement();
    }
    failure = Optional.of(Rejection.of(ReasonCode.UNREADABLE_INPUT, detail));
  }

  @Override
  void readLast() {
    if (failure.isPresent() && !(isFailureTold && batch.unfinishedBytes() == 0)) {
      batch.breakOff(element, failure.get());
    }
    failure = Optional.empty();
  }

  private static boolean isSpace(byte value) {
    return value == ' ' || value == '\n' || value == '\r' || value == '\t';
  }
}
