package org.audienceactivation.localkinesis;

import java.util.List;

/**
 * A place from which a caller reads on, good for five minutes.
 *
 * @param createdMillis when its stream was made: an iterator does not outlive its stream
 */
record ShardIterator(
    StreamKey stream, long createdMillis, String shardId, long place, long issuedMillis) {

  /** The life of an iterator, by the service's documentation. */
  static final long LIFE_MILLIS = 300_000;

  private static final String KIND = "iterator";

  String token() {
    return Token.seal(
        KIND, stream.region(), stream.name(), createdMillis, shardId, place, issuedMillis);
  }

  static ShardIterator of(String token, long nowMillis) {
    ShardIterator iterator = parse(token);
    if (nowMillis - iterator.issuedMillis > LIFE_MILLIS) {
      throw ApiException.expiredIterator(
          "Iterator expired. It was issued "
              + (nowMillis - iterator.issuedMillis)
              + " ms ago, and iterators live for "
              + LIFE_MILLIS
              + " ms.");
    }
    return iterator;
  }

  private static ShardIterator parse(String token) {
    List<String> parts = Token.open(KIND, 6, token).orElseThrow(ShardIterator::invalid);
    try {
      return new ShardIterator(
          new StreamKey(parts.get(0), parts.get(1)),
          Long.parseLong(parts.get(2)),
          parts.get(3),
          Long.parseLong(parts.get(4)),
          Long.parseLong(parts.get(5)));
    } catch (NumberFormatException e) {
      throw invalid();
    }
  }

  private static ApiException invalid() {
    return ApiException.invalidArgument("Invalid ShardIterator.");
  }
}
