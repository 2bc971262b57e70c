package org.audienceactivation.kinesis.sender;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/**
 * How large a record may be: as it is set, else as the stream says. A stream takes 1 MiB unless its
 * owner raised it (UpdateMaxRecordSize), so it is asked only when a record is larger than that. An
 * answer is good for ten minutes; but because the owner may raise the limit while we run, no record
 * is refused on an answer that is older than ten seconds. Thread-safe.
 */
final class RecordSize {

  private static final Logger LOG = LoggerFactory.getLogger(RecordSize.class);
  private static final long GOOD_FOR = 600_000_000_000L;
  private static final long REFUSES_FOR = 10_000_000_000L;

  /**
   * What asking brought.
   *
   * @param limit none if the stream could not be reached
   * @param refusesFor how long it may keep a record from being sent, in nanoseconds
   */
  private record Answer(Optional<Integer> limit, long refusesFor) {
    boolean isGoodFor(long bytes, long age) {
      boolean takes = limit.filter(most -> bytes <= most).isPresent();
      return age <= (takes ? GOOD_FOR : refusesFor);
    }
  }

  private final KinesisClient client;
  private final String stream;
  private final int configured;
  private final Surroundings surroundings;
  private Answer last;
  private long askedAt;

  /**
   * The limit of one stream.
   *
   * @param configured 0: the stream is asked
   */
  RecordSize(KinesisClient client, String stream, int configured, Surroundings surroundings) {
    this.client = client;
    this.stream = stream;
    this.configured = configured;
    this.surroundings = surroundings;
  }

  /**
   * The limit, if so many bytes are more. Empty as well if the limit cannot be known at present:
   * then Kinesis decides.
   */
  Optional<Integer> exceededBy(long bytes) {
    if (configured > 0) {
      return bytes > configured ? Optional.of(configured) : Optional.empty();
    }
    if (bytes <= SenderSettings.STREAM_RECORD_BYTES) {
      return Optional.empty();
    }
    if (bytes > SenderSettings.BYTES_LIMIT) {
      return Optional.of(SenderSettings.BYTES_LIMIT);
    }
    return ofStream(bytes).filter(limit -> bytes > limit);
  }

  private synchronized Optional<Integer> ofStream(long bytes) {
    long now = surroundings.nanoTime();
    if (last == null || !last.isGoodFor(bytes, now - askedAt)) {
      last = ask();
      askedAt = now;
    }
    return last.limit;
  }

  private Answer ask() {
    try {
      Integer kib =
          client
              .describeStreamSummary(request -> request.streamName(stream))
              .streamDescriptionSummary()
              .maxRecordSizeInKiB();
      return new Answer(
          Optional.of(kib == null ? SenderSettings.STREAM_RECORD_BYTES : kib * 1024), REFUSES_FOR);
    } catch (RuntimeException e) {
      Failure failure = Failure.of(e);
      if (passes(failure)) {
        return new Answer(Optional.empty(), REFUSES_FOR);
      }
      LOG.warn(
          "Stream {}: cannot ask how large a record may be ({}: {}); 1 MiB is assumed."
              + " Allow kinesis:DescribeStreamSummary, or set maxRecordBytes",
          stream,
          failure.code(),
          failure.message());
      // who may not ask is not told otherwise soon, and not told so every ten seconds
      return new Answer(Optional.of(SenderSettings.STREAM_RECORD_BYTES), GOOD_FOR);
    }
  }

  /** An outage says nothing of the limit; only who is not allowed to ask has to assume one. */
  private static boolean passes(Failure failure) {
    return switch (FailureClassifier.ofCall(failure)) {
      case RETRY -> true;
      case RETRY_AND_CALL_FOR_HELP -> !FailureClassifier.isDenied(failure);
      case BISECT, REFUSE, SURPRISE -> false;
    };
  }
}
