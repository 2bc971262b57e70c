package org.audienceactivation.state;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The states of one destination: a log of entries in {@link Segment}s, and a {@link HashIndex} of
 * where the last one of each profile stands. A look costs one place in the index and one in the
 * log, whatever the number of profiles; both are mapped files, so the memory is the operating
 * system's to give and take. Room of entries that were written anew is won back segment by segment.
 * Thread-safe.
 */
final class HashLog implements AutoCloseable {

  private static final int OFFSET_BITS = 24;
  private static final int OFFSET = (1 << OFFSET_BITS) - 1;
  private static final int CHUNK = 500;
  private static final int LARGEST_FRAME = 1 << 22;

  /** So many segments are kept whatever is in them. */
  private static final int SPARE = 2;

  private static final byte[] NOTHING = new byte[0];

  private final Path folder;
  private final Map<Integer, Segment> segments = new HashMap<>();
  private final BitSet ids = new BitSet();
  private final Map<String, Integer> snapshots = new HashMap<>();
  private HashIndex index;
  private Segment head;

  private HashLog(Path folder) {
    this.folder = folder;
  }

  /**
   * Opens the states of a destination, or makes them.
   *
   * @param boot tells one start of the machine from another; 0 if nobody can tell
   */
  static HashLog open(Path folder, long boot) throws IOException {
    HashLog log = new HashLog(folder);
    Files.createDirectories(folder);
    log.openSegments();
    Optional<HashIndex> index = HashIndex.open(folder.resolve("index"), boot);
    log.index = index.isPresent() ? index.get() : HashIndex.create(folder.resolve("index"));
    log.recover(index.isPresent());
    log.index.begin(boot);
    return log;
  }

  private void openSegments() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.matches("[0-9]{5}\\.log")) {
          int id = Integer.parseInt(name.substring(0, 5));
          segments.put(id, Segment.map(id, file));
          ids.set(id);
        } else if (name.endsWith(".new")) {
          Files.delete(file);
        }
      }
    }
  }

  /** What the log has and the index has not is taken into the index. */
  private void recover(boolean isIndexed) throws IOException {
    List<Segment> ordered = inOrder();
    for (Segment segment : ordered) {
      boolean isNew = !isIndexed || segment.sequence() >= index.loggedSequence();
      segment.recover(isNew);
      if (!isNew) {
        continue;
      }
      boolean isFirst = isIndexed && segment.sequence() == index.loggedSequence();
      replay(segment, isFirst ? index.loggedEnd() : Segment.HEADER);
    }
    head = ordered.isEmpty() ? newHead() : ordered.get(ordered.size() - 1);
    index.noteLog(head.sequence(), head.end());
    index.unmark((1 << HashIndex.MARKS) - 1);
  }

  private List<Segment> inOrder() {
    return segments.values().stream().sorted(Comparator.comparing(Segment::sequence)).toList();
  }

  private void replay(Segment segment, int from) throws IOException {
    for (int frame = from; frame < segment.end(); ) {
      int end = frame + Segment.FRAME_HEADER + segment.bytes().getInt(frame);
      int at = frame + Segment.FRAME_HEADER;
      while (at < end) {
        ProfileKey key = key(segment, at);
        int size = Segment.ENTRY_HEADER + length(segment, at);
        put(key, position(segment, at));
        at += size;
      }
      frame = end;
    }
  }

  private Segment newHead() throws IOException {
    int id = ids.nextClearBit(0);
    long sequence = segments.values().stream().mapToLong(Segment::sequence).max().orElse(0) + 1;
    Segment made = Segment.create(folder, id, sequence);
    ids.set(id);
    segments.put(id, made);
    return made;
  }

  private static ProfileKey key(Segment segment, int at) {
    return new ProfileKey(segment.bytes().getLong(at), segment.bytes().getLong(at + 8));
  }

  private static int length(Segment segment, int at) {
    return segment.bytes().getInt(at + 16);
  }

  private static long position(Segment segment, int at) {
    return ((long) segment.id() << OFFSET_BITS) | at;
  }

  private Segment segment(long position) {
    return segments.get((int) (position >>> OFFSET_BITS));
  }

  private static int offset(long position) {
    return (int) position & OFFSET;
  }

  /** The slot of a key, or of the place where it would be. */
  private int slot(ProfileKey key) {
    int slot = index.first(key);
    while (!index.isEmpty(slot) && !isOf(slot, key)) {
      slot = index.next(slot);
    }
    return slot;
  }

  private boolean isOf(int slot, ProfileKey key) {
    if (!index.mayBe(slot, key)) {
      return false;
    }
    long position = index.position(slot);
    return segment(position).bytes().getLong(offset(position)) == key.high();
  }

  /** One array a key; empty where nothing is kept. */
  synchronized List<byte[]> read(List<ProfileKey> keys) {
    List<byte[]> states = new ArrayList<>(keys.size());
    for (ProfileKey key : keys) {
      int slot = slot(key);
      states.add(index.isEmpty(slot) ? NOTHING : state(index.position(slot)));
    }
    return states;
  }

  private byte[] state(long position) {
    Segment segment = segment(position);
    int at = offset(position);
    byte[] state = new byte[length(segment, at)];
    segment.bytes().get(at + Segment.ENTRY_HEADER, state);
    return state;
  }

  /** Keeps all of these or none, unless they are more than any batch has. */
  synchronized void write(List<StateEntry> entries) throws IOException {
    int from = 0;
    while (from < entries.size()) {
      int size = 0;
      int to = from;
      while (to < entries.size() && (to == from || size + size(entries.get(to)) <= LARGEST_FRAME)) {
        size += size(entries.get(to++));
      }
      append(entries.subList(from, to), size);
      from = to;
    }
    reclaim();
  }

  private static int size(StateEntry entry) {
    return Segment.ENTRY_HEADER + entry.state().length;
  }

  private void append(List<StateEntry> entries, int size) throws IOException {
    if (size > Segment.SIZE - Segment.HEADER - Segment.FRAME_HEADER) {
      throw new StateStoreException("state store: the state of a profile is larger than 16 MiB");
    }
    ByteBuffer frame = ByteBuffer.allocate(size);
    for (StateEntry entry : entries) {
      frame.putLong(entry.profile().high()).putLong(entry.profile().low());
      frame.putInt(entry.state().length).put(entry.state());
    }
    if (!head.hasRoomFor(Segment.FRAME_HEADER + size)) {
      head.force();
      head = newHead();
    }
    int at = head.append(frame.array(), size) + Segment.FRAME_HEADER;
    for (StateEntry entry : entries) {
      put(entry.profile(), position(head, at));
      at += size(entry);
    }
    index.noteLog(head.sequence(), head.end());
  }

  private void put(ProfileKey key, long position) throws IOException {
    int slot = slot(key);
    segment(position).addLive(Segment.ENTRY_HEADER + length(segment(position), offset(position)));
    if (!index.isEmpty(slot)) {
      long before = index.position(slot);
      segment(before).addLive(-Segment.ENTRY_HEADER - length(segment(before), offset(before)));
      index.move(slot, position);
      return;
    }
    // who is written while a snapshot is read is not missing in it
    index.insert(slot, key, position, marksOfAll());
    if (index.isFull()) {
      index.grow();
    }
  }

  /** Where more than half of the log is of no use, moves what is left of its poorest segment. */
  private void reclaim() throws IOException {
    long live = segments.values().stream().mapToLong(Segment::live).sum();
    if (segments.size() < SPARE || (segments.size() - SPARE) * (long) Segment.SIZE < 2 * live) {
      return;
    }
    Optional<Segment> poorest =
        segments.values().stream()
            .filter(one -> one != head)
            .min(Comparator.comparing(Segment::live));
    if (poorest.isEmpty()) {
      return;
    }
    Segment old = poorest.get();
    List<StateEntry> left = new ArrayList<>();
    entries(old, Segment.HEADER, Integer.MAX_VALUE, slot -> true, left);
    for (int from = 0; from < left.size(); from += CHUNK) {
      List<StateEntry> chunk = left.subList(from, Math.min(from + CHUNK, left.size()));
      append(chunk, chunk.stream().mapToInt(HashLog::size).sum());
    }
    head.force();
    segments.remove(old.id());
    ids.clear(old.id());
    old.delete();
  }

  /**
   * The entries of a segment that nobody has written anew, from a frame on until there are enough.
   *
   * @return where the next frame begins
   */
  private int entries(
      Segment segment, int from, int enough, Predicate<Integer> wanted, List<StateEntry> found) {
    int frame = from;
    while (frame < segment.end() && found.size() < enough) {
      int end = frame + Segment.FRAME_HEADER + segment.bytes().getInt(frame);
      for (int at = frame + Segment.FRAME_HEADER; at < end; ) {
        ProfileKey key = key(segment, at);
        int slot = slot(key);
        boolean isLast = index.position(slot) == position(segment, at);
        if (isLast && wanted.test(slot)) {
          found.add(StateEntry.of(key, state(position(segment, at))));
        }
        at += Segment.ENTRY_HEADER + length(segment, at);
      }
      frame = end;
    }
    return frame;
  }

  private int marksOfAll() {
    int marks = 0;
    for (int bit : snapshots.values()) {
      marks |= bit;
    }
    return marks;
  }

  synchronized void mark(String snapshot, List<ProfileKey> seen) {
    int mark = snapshots.computeIfAbsent(snapshot, name -> freeMark());
    for (ProfileKey key : seen) {
      int slot = slot(key);
      if (!index.isEmpty(slot)) {
        index.mark(slot, mark);
      }
    }
  }

  private int freeMark() {
    for (int bit = 1; bit < 1 << HashIndex.MARKS; bit <<= 1) {
      if ((marksOfAll() & bit) == 0) {
        return bit;
      }
    }
    throw new StateStoreException(
        "state store: more than " + HashIndex.MARKS + " snapshots are read at the same time");
  }

  synchronized void forget(String snapshot) {
    Integer mark = snapshots.remove(snapshot);
    if (mark != null) {
      index.unmark(mark);
    }
  }

  void unmarked(String snapshot, Consumer<List<StateEntry>> chunks) {
    int mark = markOf(snapshot);
    scan(slot -> (index.marks(slot) & mark) == 0, chunks);
  }

  private synchronized int markOf(String snapshot) {
    return snapshots.getOrDefault(snapshot, 0);
  }

  void all(Consumer<List<StateEntry>> chunks) {
    scan(slot -> true, chunks);
  }

  /**
   * Piece by piece in the order of the log: what is moved or written meanwhile is behind. Nothing
   * is held while chunks are handed out.
   */
  private void scan(Predicate<Integer> wanted, Consumer<List<StateEntry>> chunks) {
    long sequence = 0;
    int frame = Segment.HEADER;
    List<StateEntry> found = new ArrayList<>();
    while (true) {
      synchronized (this) {
        Optional<Segment> next = from(sequence);
        if (next.isEmpty()) {
          break;
        }
        // one that was reclaimed meanwhile stands behind
        int begin = next.get().sequence() == sequence ? frame : Segment.HEADER;
        frame = entries(next.get(), begin, CHUNK, wanted, found);
        boolean isThrough = frame >= next.get().end();
        sequence = isThrough ? next.get().sequence() + 1 : next.get().sequence();
        frame = isThrough ? Segment.HEADER : frame;
        found.removeIf(entry -> entry.state().length == 0);
      }
      int from = 0;
      for (; found.size() - from >= CHUNK; from += CHUNK) {
        chunks.accept(List.copyOf(found.subList(from, from + CHUNK)));
      }
      found.subList(0, from).clear();
    }
    if (!found.isEmpty()) {
      chunks.accept(found);
    }
  }

  private Optional<Segment> from(long sequence) {
    return segments.values().stream()
        .filter(one -> one.sequence() >= sequence)
        .min(Comparator.comparing(Segment::sequence));
  }

  /** Forces everything to the disk, so that it is whole also after the machine was off. */
  @Override
  public synchronized void close() {
    try {
      segments.values().forEach(Segment::force);
      index.end();
    } catch (UncheckedIOException e) {
      throw new StateStoreException("state store: " + folder + " cannot be written", e);
    }
  }
}
