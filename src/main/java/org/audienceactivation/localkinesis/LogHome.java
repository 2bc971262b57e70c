package org.audienceactivation.localkinesis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where logs lie: {@code ROOT/REGION/STREAM.CREATED/SHARD.log}, CREATED in epoch milliseconds, so
 * that a stream that is made again, or in a later run, gets a folder of its own.
 */
final class LogHome implements AutoCloseable {

  private final Storage storage;
  private final Path root;
  private final boolean temporary;

  private LogHome(Storage storage, Path root, boolean temporary) {
    this.storage = storage;
    this.root = root;
    this.temporary = temporary;
  }

  static LogHome of(LocalKinesisOptions options) throws IOException {
    if (options.storage() == Storage.NONE) {
      return new LogHome(Storage.NONE, Path.of(""), false);
    }
    return options.directory().isPresent()
        ? new LogHome(Storage.DISK, Files.createDirectories(options.directory().get()), false)
        : new LogHome(Storage.DISK, Files.createTempDirectory("local-kinesis-"), true);
  }

  RecordLog newLog(StreamKey stream, long createdMillis, String shardId) {
    return switch (storage) {
      case NONE -> new CountingLog();
      case DISK -> new DiskLog(folder(stream, createdMillis).resolve(shardId + ".log"));
    };
  }

  /** Removes what a stream whose logs were deleted leaves. */
  void removeFolder(StreamKey stream, long createdMillis) throws IOException {
    if (storage == Storage.DISK) {
      Files.deleteIfExists(folder(stream, createdMillis));
    }
  }

  Path root() {
    return root;
  }

  boolean keepsRecords() {
    return storage == Storage.DISK;
  }

  /** Removes a temporary directory with all that is in it; leaves a given one alone. */
  @Override
  public void close() throws IOException {
    if (!temporary) {
      return;
    }
    for (Path path : deepestFirst()) {
      Files.deleteIfExists(path);
    }
  }

  private Path folder(StreamKey stream, long createdMillis) {
    return root.resolve(stream.region()).resolve(stream.name() + "." + createdMillis);
  }

  private List<Path> deepestFirst() throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths.sorted(Comparator.reverseOrder()).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
