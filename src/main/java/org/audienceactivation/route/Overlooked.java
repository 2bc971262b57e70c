package org.audienceactivation.route;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What looks like configuration of a home and is not read: a destination that is not fed, a policy
 * that is not enforced, a route that does not run. Hidden folders are not looked into, since those
 * who mount a configuration keep its versions there.
 */
final class Overlooked {
  private static final List<String> FOLDERS =
      List.of("routes", "destinations", "governance", "governance/consent");
  private static final int DEEPEST = 8;

  private final Home home;
  private final Set<Path> read;
  private final NavigableMap<String, String> reasons = new TreeMap<>();

  private Overlooked(Home home, Set<Path> read) {
    this.home = home;
    this.read = read;
  }

  /**
   * Why it is not read, by the name that messages use.
   *
   * @param read the files that are
   */
  static NavigableMap<String, String> in(Home home, List<Path> read) {
    Overlooked overlooked = new Overlooked(home, new HashSet<>(read));
    FOLDERS.forEach(folder -> overlooked.lookInto(home.directory().resolve(folder), DEEPEST));
    overlooked.lookAt(home.audiences(), 0);
    return Collections.unmodifiableNavigableMap(overlooked.reasons);
  }

  private void lookInto(Path folder, int depth) {
    if (!isThere(folder)) {
      return;
    }
    if (!Files.isDirectory(folder)) {
      note(folder, "is no folder that can be read");
      return;
    }
    try (Stream<Path> entries = Files.list(folder)) {
      entries.forEach(entry -> lookAt(entry, depth));
    } catch (IOException | UncheckedIOException e) {
      note(folder, "cannot be listed (" + e.getClass().getSimpleName() + ")");
    }
  }

  private void lookAt(Path entry, int depth) {
    String name = entry.getFileName().toString();
    // an editor's mark that somebody is editing the file of that name
    if (!isThere(entry) || read.contains(entry) || name.startsWith(".#")) {
      return;
    }
    if (looksLikeConfiguration(name)) {
      note(entry, why(entry));
    }
    boolean isOfOthers = name.startsWith(".") || isFolder(entry);
    if (Files.isDirectory(entry) && !isOfOthers && depth > 0) {
      lookInto(entry, depth - 1);
    }
  }

  /** Also a link that leads nowhere. */
  private static boolean isThere(Path entry) {
    return Files.exists(entry, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean looksLikeConfiguration(String name) {
    String small = name.toLowerCase(Locale.ROOT);
    return Stream.of(".yaml", ".yml", ".json").anyMatch(small::endsWith);
  }

  /** Whether it is looked into for itself. */
  private boolean isFolder(Path entry) {
    return FOLDERS.contains(home.nameOf(entry));
  }

  private String why(Path entry) {
    if (!Files.isRegularFile(entry)) {
      return "is no file that can be read, but a folder, or a link that leads nowhere";
    }
    if (!isFolder(entry.getParent())) {
      return "is not read: what lies in a folder within routes/, destinations/ or governance/ is"
          + " not, but for governance/consent/";
    }
    return "is not read: names must end in .camel.yaml in routes/, in .yaml elsewhere, and policies"
        + " in governance/ may end in .json";
  }

  private void note(Path entry, String why) {
    reasons.put(home.nameOf(entry), why);
  }
}
