package org.audienceactivation.localkinesis;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/**
 * A request's bytes as they come in. It grows with what has come, not with what was announced, so a
 * caller that sends nothing costs nothing. Used by one thread at a time.
 */
final class RequestBody {

  private static final byte[] NONE = {};
  private static final int FIRST = 512 << 10;

  private final MemoryBudget budget;
  private final int limit;
  private final int announced;
  private byte[] bytes = NONE;
  private int length;

  /**
   * @param announced the request's Content-Length; negative if it has none
   */
  RequestBody(MemoryBudget budget, int limit, long announced) {
    this.budget = budget;
    this.limit = limit;
    this.announced = (int) Math.min(limit, announced < 0 ? limit : announced);
  }

  /**
   * Takes the next bytes.
   *
   * @throws ApiException if the body is longer than the limit, or the server holds too much already
   */
  void add(Buffer chunk) {
    int needed = length + chunk.length();
    if (needed > limit) {
      throw tooLarge(limit);
    }
    if (needed > bytes.length) {
      grow(needed);
    }
    chunk.getBytes(bytes, length);
    length = needed;
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** Gives the memory back; the bytes are gone. May be called more than once. */
  void release() {
    budget.release(bytes.length);
    bytes = NONE;
    length = 0;
  }

  static ApiException tooLarge(int limit) {
    return ApiException.tooLarge("The request is larger than " + limit + " bytes.");
  }

  private void grow(int needed) {
    int preferred = Math.min(announced, Math.max(FIRST, 2 * bytes.length));
    int capacity = Math.max(needed, preferred);
    if (!budget.take(capacity - bytes.length)) {
      throw ApiException.unavailable("The server holds as many requests as fit in its memory.");
    }
    bytes = Arrays.copyOf(bytes, capacity);
  }
}
