package org.audienceactivation.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many small inputs, few batches, and everything in its order. */
class JoinedReaderTest {
  private static final NdjsonReader.Limits LIMITS = NdjsonReader.Limits.DEFAULT;

  private static RecordReader message(String name, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return MessageReader.open(name, bytes, MessageReader.Limits.DEFAULT);
  }

  private static List<List<RawRecord>> batches(RawBatches reader) {
    List<List<RawRecord>> batches = new ArrayList<>();
    reader.forEachRemaining(batches::add);
    reader.close();
    return batches;
  }

  private static List<List<RawRecord>> batchesOf(List<String> bodies) {
    List<RecordReader> messages =
        IntStream.range(0, bodies.size()).mapToObj(i -> message("m@" + i, bodies.get(i))).toList();
    return batches(new JoinedReader(messages.iterator(), LIMITS));
  }

  private static List<String> positions(List<List<RawRecord>> batches) {
    return batches.stream()
        .flatMap(List::stream)
        .map(record -> record.source() + ":" + record.line())
        .toList();
  }

  @Test
  void messages_of_one_record_fill_batches_together() {
    List<List<RawRecord>> batches =
        batchesOf(IntStream.range(0, 1_200).mapToObj(i -> "{\"a\":" + i + "}").toList());

    assertThat(batches).extracting(List::size).containsExactly(500, 500, 200);
    assertThat(batches.get(1).get(0).text()).isEqualTo("{\"a\":500}");
    assertThat(batches.get(1).get(0).source()).isEqualTo("m@500");
  }

  @Test
  void a_message_of_many_records_goes_on_in_the_next_batch() {
    String many = String.join("\n", IntStream.range(0, 700).mapToObj(i -> "{}").toList());

    List<List<RawRecord>> batches = batchesOf(List.of("{}", many, "[]", "{}"));

    assertThat(batches).extracting(List::size).containsExactly(500, 202);
    assertThat(positions(batches))
        .startsWith("m@0:1", "m@1:1", "m@1:2")
        .endsWith("m@1:699", "m@1:700", "m@3:1");
  }

  @Test
  void large_records_make_batches_of_few() {
    String large = "{\"a\":\"" + "x".repeat(1_000_000) + "\"}";

    List<List<RawRecord>> batches = batchesOf(List.of(large, large, large, large, large, large));

    assertThat(batches).extracting(List::size).containsExactly(4, 2);
    assertThat(positions(batches))
        .containsExactly("m@0:1", "m@1:1", "m@2:1", "m@3:1", "m@4:1", "m@5:1");
  }

  @Test
  void nothing_is_begun_behind_an_input_that_was_cut_short() {
    InputStream good = new ByteArrayInputStream("{}\n".getBytes(StandardCharsets.UTF_8));
    RecordReader cut =
        NdjsonReader.open(
            "m@0", new SequenceInputStream(good, new ConnectionLost()), Compression.NONE);
    JoinedReader reader = new JoinedReader(List.of(cut, message("m@1", "{}")).iterator(), LIMITS);

    assertThat(positions(batches(reader))).containsExactly("m@0:1");
    assertThat(reader.isCutShort()).isTrue();
  }

  private static final class ConnectionLost extends InputStream {
    @Override
    public int read() throws IOException {
      throw new IOException("the connection was lost");
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return read();
    }
  }
}
