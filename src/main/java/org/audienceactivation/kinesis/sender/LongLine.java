package org.audienceactivation.kinesis.sender;

import java.util.Locale;

/**
 * Records that waited for some time behind one partition key, and others with them: what is kept in
 * order goes one at a time, so no other setting and no shard makes it faster.
 *
 * @param key the first 12 hexadecimal digits of the SHA-256 of the key, which may be personal
 * @param waiting how many records were in line
 * @param recordsPerSecond how many of them left in a second
 */
public record LongLine(String key, int waiting, double recordsPerSecond) implements Bottleneck {

  @Override
  public String description() {
    return String.format(
        Locale.ROOT,
        "one partition key (SHA-256 %s…) with %,d records in line: to stay in order they go one at a time, %s a second. Give the records keys of their own, or set order to none",
        key,
        waiting,
        recordsPerSecond < 1
            ? "less than one"
            : String.format(Locale.ROOT, "%.0f", recordsPerSecond));
  }
}
