package org.audienceactivation.kinesis.sender;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/**
 * How large a record may be: as it is set, else as the stream says. A stream takes 1 MiB unless its
 * owner raised it (UpdateMaxRecordSize), so it is asked only when a record is larger than that, and
 * again from time to time, because the owner may raise it while we run. Thread-safe.
 */
final class RecordSize {

  private static final Logger LOG = LoggerFactory.getLogger(RecordSize.class);
  private static final long GOOD_FOR = 600_000_000_000L;
  private static final long UNKNOWN_FOR = 10_000_000_000L;

  /** What asking brought: a limit, or none if the stream could not be reached. */
  private record Answer(Optional<Integer> limit, long at) {}

  private final KinesisClient client;
  private final String stream;
  private final int configured;
  private final Surroundings surroundings;
  private Answer last;

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
    return ofStream().filter(limit -> bytes > limit);
  }

  private synchronized Optional<Integer> ofStream() {
    long now = surroundings.nanoTime();
    if (last == null || now - last.at > (last.limit.isPresent() ? GOOD_FOR : UNKNOWN_FOR)) {
      last = new Answer(ask(), now);
    }
    return last.limit;
  }

  private Optional<Integer> ask() {
    try {
      Integer kib =
          client
              .describeStreamSummary(request -> request.streamName(stream))
              .streamDescriptionSummary()
              .maxRecordSizeInKiB();
      return Optional.of(kib == null ? SenderSettings.STREAM_RECORD_BYTES : kib * 1024);
    } catch (RuntimeException e) {
      Failure failure = Failure.of(e);
      if (passes(failure)) {
        return Optional.empty();
      }
      LOG.warn(
          "Stream {}: cannot ask how large a record may be ({}: {}); 1 MiB is assumed."
              + " Allow kinesis:DescribeStreamSummary, or set maxRecordBytes",
          stream,
          failure.code(),
          failure.message());
      return Optional.of(SenderSettings.STREAM_RECORD_BYTES);
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
