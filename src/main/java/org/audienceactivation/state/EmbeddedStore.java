package org.audienceactivation.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * A store in a folder of this machine, which needs nothing to be set up, for one process at a time.
 *
 * <p>What was written survives a kill of the process at any moment. After a power cut what the
 * operating system had not written yet is lost; that is found out, and those profiles are sent
 * again.
 */
public final class EmbeddedStore implements StateStore {

  /** Changes whenever older programs could not read the files. */
  private static final String FORMAT = "audience-activation state 1\n";

  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]*";
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private final Path directory;
  private final FileChannel lockFile;
  private final long boot;
  private final Map<String, HashLog> logs = new ConcurrentHashMap<>();
  private final Object documents = new Object();
  private boolean closed;

  private EmbeddedStore(Path directory, FileChannel lockFile) {
    this.directory = directory;
    this.lockFile = lockFile;
    this.boot = boot();
  }

  /**
   * Opens the store in a folder, or makes it.
   *
   * @throws StateStoreInUseException if another process has it open
   * @throws StateStoreException if the folder cannot be used, or is of another format
   */
  public static EmbeddedStore open(Path directory) {
    Path folder = directory.toAbsolutePath().normalize();
    try {
      createForOwner(folder);
      FileChannel channel =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      requireLock(folder, channel);
      requireFormat(folder);
      return new EmbeddedStore(folder, channel);
    } catch (IOException e) {
      throw cannot(folder, "be opened", e);
    }
  }

  /** Where identities are kept they are in clear: nobody else may read them. */
  private static void createForOwner(Path folder) throws IOException {
    boolean isNew = Files.notExists(folder);
    Files.createDirectories(folder);
    if (isNew && folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
  }

  private static void requireLock(Path folder, FileChannel channel) throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      channel.close();
      throw new StateStoreInUseException(
          "state store: "
              + folder
              + " is in use by another process; stop that one, give this one a folder of its own"
              + " (state.directory), or share a database (state.store = postgresql)");
    }
  }

  private static void requireFormat(Path folder) throws IOException {
    Path file = folder.resolve("FORMAT");
    if (Files.notExists(file)) {
      replace(file, FORMAT.getBytes(StandardCharsets.UTF_8));
      return;
    }
    String found = Files.readString(file);
    if (!found.equals(FORMAT)) {
      throw new StateStoreException(
          "state store: "
              + folder
              + " has the format \""
              + found.strip()
              + "\"; this version reads \""
              + FORMAT.strip()
              + "\". Use the version that wrote it, or give this one an empty folder"
              + " (state.directory): then every profile is sent once more");
    }
  }

  /** 0 where nobody can tell one start of the machine from another. */
  private static long boot() {
    try {
      String id = Files.readString(BOOT_ID).strip();
      return id.isEmpty() ? 0 : id.hashCode() * 31L + id.length();
    } catch (IOException e) {
      return 0;
    }
  }

  private static StateStoreException cannot(Path folder, String what, IOException e) {
    return new StateStoreException(
        "state store: "
            + folder
            + " cannot "
            + what
            + " ("
            + e.getClass().getSimpleName()
            + ": "
            + e.getMessage()
            + ")",
        e);
  }

  private HashLog log(String destination) {
    return logs.computeIfAbsent(destination, this::open);
  }

  private HashLog open(String destination) {
    Path folder = folder(destination);
    try {
      return HashLog.open(folder, boot);
    } catch (IOException e) {
      throw cannot(folder, "be opened", e);
    }
  }

  private Path folder(String destination) {
    if (!destination.matches(NAME)) {
      throw new IllegalArgumentException("no name of a destination");
    }
    return directory.resolve(destination);
  }

  @Override
  public List<byte[]> read(String destination, List<ProfileKey> profiles) {
    return log(destination).read(profiles);
  }

  @Override
  public void write(String destination, List<StateEntry> entries) {
    try {
      log(destination).write(entries);
    } catch (IOException e) {
      throw cannot(folder(destination), "be written", e);
    }
  }

  @Override
  public void mark(String destination, String snapshot, List<ProfileKey> seen) {
    log(destination).mark(snapshot, seen);
  }

  @Override
  public void unmarked(String destination, String snapshot, Consumer<List<StateEntry>> chunks) {
    log(destination).unmarked(snapshot, chunks);
  }

  @Override
  public void forget(String destination, String snapshot) {
    log(destination).forget(snapshot);
  }

  @Override
  public void all(String destination, Consumer<List<StateEntry>> chunks) {
    log(destination).all(chunks);
  }

  @Override
  public Optional<byte[]> document(String destination, String name) {
    synchronized (documents) {
      Path file = documentFile(destination, name);
      try {
        return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
      } catch (IOException e) {
        throw cannot(file, "be read", e);
      }
    }
  }

  @Override
  public boolean replaceDocument(
      String destination, String name, Optional<byte[]> seen, byte[] next) {
    synchronized (documents) {
      Optional<byte[]> found = document(destination, name);
      boolean isSame =
          found.isPresent() == seen.isPresent()
              && (found.isEmpty() || Arrays.equals(found.get(), seen.get()));
      if (!isSame) {
        return false;
      }
      Path file = documentFile(destination, name);
      try {
        Files.createDirectories(file.getParent());
        replace(file, next);
        return true;
      } catch (IOException e) {
        throw cannot(file, "be written", e);
      }
    }
  }

  private Path documentFile(String destination, String name) {
    if (!name.matches(NAME)) {
      throw new IllegalArgumentException("no name of a document");
    }
    return folder(destination).resolve(name + ".json");
  }

  private static void replace(Path file, byte[] next) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + ".next");
    try (FileChannel channel =
        FileChannel.open(
            unfinished,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(next));
      channel.force(true);
    }
    Files.move(
        unfinished, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (lockFile) {
      logs.values().forEach(HashLog::close);
    } catch (IOException e) {
      throw cannot(directory, "be closed", e);
    }
  }
}
