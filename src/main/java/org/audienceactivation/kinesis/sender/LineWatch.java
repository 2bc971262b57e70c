package org.audienceactivation.kinesis.sender;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds the partition key whose records hold up all others: in line for a while, and in the end
 * most of what is open, as the others are through long before. How much is open is up to those who
 * send, so no number says it. A line that is soon gone is none: after a burst, or an outage, there
 * is always one. Not thread-safe.
 *
 * <p>Looks now and then, instead of counting each record: at those under way, since a line moves
 * when its first is.
 */
final class LineWatch {

  /** Fewer are through in a second or some. */
  private static final int LONG = 100;

  private static final double MOST = 0.5;
  private static final long A_WHILE = 30_000_000_000L;

  /** Between looks further apart than this nothing was sent: the line was not what held it up. */
  private static final long LOOKS_BELONG_TOGETHER = 5_000_000_000L;

  private static final double SECOND = 1e9;

  private final KeyLines lines;
  private Optional<Line> watched = Optional.empty();
  private Optional<LongLine> longest = Optional.empty();
  private long lookedAt;

  LineWatch(KeyLines lines) {
    this.lines = lines;
  }

  /**
   * A line that was long from the first look at it.
   *
   * @param firstPlace of the record that was its first then
   */
  private record Line(String key, int firstPlace, long since, int place) {
    Line at(int newPlace) {
      return new Line(key, firstPlace, since, newPlace);
    }
  }

  /** The line that holds up the others, and has been long for a while. */
  Optional<LongLine> look(List<Pending> underWay, int openRecords, long now) {
    if (now - lookedAt > LOOKS_BELONG_TOGETHER) {
      watched = Optional.empty();
    }
    lookedAt = now;
    watched =
        watched
            .map(line -> moved(line, underWay))
            .filter(line -> lines.waiting(line.key, line.place) >= LONG)
            .or(() -> longestOf(underWay, now));
    Optional<LongLine> found =
        watched
            .filter(line -> now - line.since >= A_WHILE)
            .map(line -> longLine(line, now))
            .filter(line -> line.waiting() >= MOST * openRecords);
    found.filter(this::isLongest).ifPresent(line -> longest = Optional.of(line));
    return found;
  }

  /** The longest that was found. */
  Optional<LongLine> longest() {
    return longest;
  }

  /** If its first is not under way just now, the line is where it was. */
  private static Line moved(Line line, List<Pending> underWay) {
    return underWay.stream()
        .filter(pending -> pending.record().partitionKey().equals(line.key))
        .findFirst()
        .map(first -> line.at(first.placeInLine()))
        .orElse(line);
  }

  private Optional<Line> longestOf(List<Pending> underWay, long now) {
    return underWay.stream()
        .filter(first -> waitingBehind(first) >= LONG)
        .max(Comparator.comparingInt(this::waitingBehind))
        .map(
            first ->
                new Line(
                    first.record().partitionKey(), first.placeInLine(), now, first.placeInLine()));
  }

  private int waitingBehind(Pending first) {
    return first.follower().isEmpty()
        ? 0
        : lines.waiting(first.record().partitionKey(), first.placeInLine());
  }

  private LongLine longLine(Line line, long now) {
    return new LongLine(
        HeavyKeys.shown(line.key),
        lines.waiting(line.key, line.place),
        (line.place - line.firstPlace) * SECOND / (now - line.since));
  }

  private boolean isLongest(LongLine line) {
    return line.waiting() > longest.map(LongLine::waiting).orElse(0);
  }
}
