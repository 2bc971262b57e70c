package org.audienceactivation.kinesis;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.camel.Message;
import org.audienceactivation.kinesis.sender.StreamRecord;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

/** Reads the records of bodies that are not a batch of ours, with the keys from the headers. */
final class PlainRecords {

  /** What the sender refuses, for this record alone. */
  private static final String NO_KEY = "";

  private PlainRecords() {}

  /** True if the body stands for several records, even if it happens to hold one. */
  static boolean isSeveral(Object body) {
    return body instanceof Iterable && !isOneValue(body);
  }

  /**
   * What can be iterated and yet is one value: a path, and Jackson's trees, whose scalars have no
   * elements and so would be no record at all. By name, since Jackson may not be there.
   */
  private static boolean isOneValue(Object body) {
    for (Class<?> type = body.getClass(); type != null; type = type.getSuperclass()) {
      if (type.getSimpleName().equals("JsonNode")) {
        return true;
      }
    }
    return body instanceof Path;
  }

  /**
   * The records of the message's body.
   *
   * @throws IllegalArgumentException saying which element or key is missing or of which type
   */
  static List<StreamRecord> of(Message message) {
    return isSeveral(message.getBody())
        ? several((Iterable<?>) message.getBody(), message)
        : List.of(single(message));
  }

  private static List<StreamRecord> several(Iterable<?> elements, Message message) {
    List<Object> all = new ArrayList<>();
    elements.forEach(all::add);
    Keys keys = Keys.of(message);
    keys.requireOneFor(all);
    List<StreamRecord> records = new ArrayList<>(all.size());
    for (int i = 0; i < all.size(); i++) {
      records.add(record(all.get(i), i, keys));
    }
    return records;
  }

  private static StreamRecord record(Object element, int index, Keys keys) {
    if (element instanceof StreamRecord) {
      throw new IllegalArgumentException(
          "record #%d of the body is a StreamRecord; those are sent as a RecordBatch, which gives each its result: RecordBatch body = () -> records"
              .formatted(index));
    }
    if (element instanceof PutRecordsRequestEntry entry) {
      return record(entry, index);
    }
    byte[] data =
        bytes(element)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "record #%d of the body is %s; supported are PutRecordsRequestEntry, byte[], String, ByteBuffer and InputStream. A body that is one record must be marshalled to bytes first"
                            .formatted(index, typeOf(element))));
    return StreamRecord.of(keys.at(index), data);
  }

  private static StreamRecord single(Message message) {
    if (message.getBody() instanceof PutRecordsRequestEntry entry) {
      return record(entry, 0);
    }
    if (message.getBody() instanceof Object[]) {
      throw new IllegalArgumentException(
          "the body is %s, and an array is neither one record nor several; make it a List of records"
              .formatted(typeOf(message.getBody())));
    }
    Keys keys = Keys.of(message);
    keys.requireOneFor(Collections.singletonList(message.getBody()));
    byte[] data = message.getBody(byte[].class);
    if (data == null) {
      throw new IllegalArgumentException(
          "the body is %s, which cannot be made bytes; supported are a RecordBatch, an Iterable of records, and what Camel converts to byte[]. Marshal it to bytes first"
              .formatted(typeOf(message.getBody())));
    }
    return StreamRecord.of(keys.at(0), data);
  }

  private static StreamRecord record(PutRecordsRequestEntry entry, int index) {
    if (entry.data() == null) {
      throw new IllegalArgumentException(
          "record #%d of the body is a PutRecordsRequestEntry without data".formatted(index));
    }
    String key = Objects.requireNonNullElse(entry.partitionKey(), NO_KEY);
    StreamRecord record = StreamRecord.of(key, entry.data().asByteArrayUnsafe());
    return Optional.ofNullable(entry.explicitHashKey())
        .map(record::withExplicitHashKey)
        .orElse(record);
  }

  private static Optional<byte[]> bytes(Object element) {
    if (element instanceof byte[] bytes) {
      return Optional.of(bytes);
    }
    if (element instanceof String text) {
      return Optional.of(text.getBytes(StandardCharsets.UTF_8));
    }
    if (element instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return Optional.of(bytes);
    }
    if (element instanceof InputStream stream) {
      return Optional.of(read(stream));
    }
    return Optional.empty();
  }

  private static byte[] read(InputStream stream) {
    try (stream) {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new IllegalArgumentException("a record of the body could not be read", e);
    }
  }

  private static String typeOf(Object value) {
    return value == null ? "null" : "a " + value.getClass().getTypeName();
  }

  /** The partition keys that the headers give: one for each record, or one for all. */
  private record Keys(Optional<List<?>> each, Optional<String> all) {

    static Keys of(Message message) {
      return new Keys(
          Optional.ofNullable(message.getHeader(BatchKinesisConstants.PARTITION_KEYS))
              .map(Keys::list),
          Optional.ofNullable(message.getHeader(BatchKinesisConstants.PARTITION_KEY))
              .map(Object::toString));
    }

    private static List<?> list(Object header) {
      if (header instanceof Collection<?> keys) {
        return new ArrayList<>(keys);
      }
      if (header instanceof Object[] keys) {
        return Arrays.asList(keys);
      }
      throw new IllegalArgumentException(
          "header %s is %s; expected is a list with one key for each record"
              .formatted(BatchKinesisConstants.PARTITION_KEYS, typeOf(header)));
    }

    void requireOneFor(List<?> records) {
      if (each.isPresent() && each.get().size() != records.size()) {
        throw new IllegalArgumentException(
            "header %s has %d keys for %d records"
                .formatted(
                    BatchKinesisConstants.PARTITION_KEYS, each.get().size(), records.size()));
      }
    }

    String at(int index) {
      return each.<Object>map(keys -> keys.get(index))
          .map(Object::toString)
          .or(() -> all)
          .or(() -> each.map(keys -> NO_KEY))
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "no partition key for record #%d: set header %s, or %s with one key for each record"
                          .formatted(
                              index,
                              BatchKinesisConstants.PARTITION_KEY,
                              BatchKinesisConstants.PARTITION_KEYS)));
    }
  }
}
