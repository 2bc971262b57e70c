package org.audienceactivation.localkinesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** A log gives back what it was given, from any place and from any time on. */
class DiskLogPropertiesTest {

  private static final byte[] KEY = {'k'};
  private static final HashKey ANYWHERE = new HashKey(0, 0);

  @Property(tries = 40)
  void a_log_is_read_from_any_place_and_time(
      @ForAll @Size(min = 1, max = 40) List<@IntRange(max = 90_000) Integer> sizes,
      @ForAll @IntRange(min = 1, max = 7) int perCall,
      @ForAll boolean sealed)
      throws IOException {
    Path directory = Files.createTempDirectory("disk-log-");
    DiskLog log = new DiskLog(directory.resolve("log"));
    for (int from = 0; from < sizes.size(); from += perCall) {
      int to = Math.min(sizes.size(), from + perCall);
      OptionalLong first = log.append(entries(sizes.subList(from, to), from), arrival(from));
      assertThat(first).hasValue(from + 1);
    }
    if (sealed) {
      log.seal();
      assertThat(log.append(entries(List.of(1), 0), arrival(0))).isEmpty();
      assertThat(log.sealedCount()).hasValue(sizes.size());
    }
    for (int place = 1; place <= sizes.size() + 1; place++) {
      assertThat(read(log, place)).isEqualTo(expected(sizes, place));
    }
    for (int call = 0; call < sizes.size(); call += perCall) {
      assertThat(log.firstPlaceSince(arrival(call))).isEqualTo(call + 1);
      assertThat(log.firstPlaceSince(arrival(call) - 1)).isEqualTo(call + 1);
    }
    assertThat(log.firstPlaceSince(arrival(sizes.size()))).isEqualTo(sizes.size() + 1);
    log.delete();
    Files.delete(directory);
  }

  @Property(tries = 5)
  void the_index_grows_with_bytes_and_not_with_records(
      @ForAll @IntRange(min = 1, max = 2_000) int recordBytes) {
    SparseIndex index = new SparseIndex();
    int records = 100_000;
    for (int i = 0; i < records; i++) {
      index.offer(i + 1, (long) i * recordBytes, i);
    }
    assertThat((long) index.size())
        .isLessThanOrEqualTo((long) records * recordBytes / SparseIndex.INTERVAL + 1);
  }

  private static long arrival(int index) {
    return 1_000_000L + 10L * index;
  }

  private static List<PutEntry> entries(List<Integer> sizes, int firstIndex) {
    List<PutEntry> entries = new ArrayList<>();
    for (int i = 0; i < sizes.size(); i++) {
      byte[] data = new byte[sizes.get(i) + 2];
      Arrays.fill(data, (byte) (firstIndex + i));
      entries.add(new PutEntry(KEY, ANYWHERE, data, 1, sizes.get(i)));
    }
    return entries;
  }

  private static List<String> expected(List<Integer> sizes, int place) {
    List<String> lines = new ArrayList<>();
    for (int i = place - 1; i < sizes.size(); i++) {
      lines.add((i + 1) + " " + sizes.get(i) + (sizes.get(i) == 0 ? "" : " " + (byte) i));
    }
    return lines;
  }

  private static List<String> read(DiskLog log, long place) throws IOException {
    List<String> lines = new ArrayList<>();
    try (LogReader reader = log.reader(place)) {
      while (reader.next()) {
        byte[] data = reader.data();
        lines.add(
            reader.place()
                + " "
                + data.length
                + (data.length == 0 ? "" : " " + data[data.length - 1]));
      }
    }
    return lines;
  }
}
