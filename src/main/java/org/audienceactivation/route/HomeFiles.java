package org.audienceactivation.route;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.audienceactivation.config.Checked;
import org.audienceactivation.config.Problem;
import org.audienceactivation.profile.Sha256;

/**
 * What lay in the files of a home's configuration at one look, by the names that messages use: all
 * of it is judged as one, and two looks are equal if they would be judged alike.
 *
 * @param folders those that are there, of the folders whose absence means that there are no rules
 * @param audiences the catalogue, if there is one
 * @param overlooked files that look as if they were read and are not
 */
record HomeFiles(
    NavigableSet<String> folders,
    NavigableMap<String, Checked<String>> audiences,
    NavigableMap<String, Checked<String>> governance,
    NavigableMap<String, Checked<String>> consentPolicies,
    NavigableMap<String, Checked<String>> destinations,
    NavigableSet<String> overlooked) {

  private static final List<String> FOLDERS_OF_RULES = List.of("governance", "governance/consent");
  private static final int VERSION_DIGITS = 12;

  HomeFiles {
    folders = Collections.unmodifiableNavigableSet(folders);
    audiences = Collections.unmodifiableNavigableMap(audiences);
    governance = Collections.unmodifiableNavigableMap(governance);
    consentPolicies = Collections.unmodifiableNavigableMap(consentPolicies);
    destinations = Collections.unmodifiableNavigableMap(destinations);
    overlooked = Collections.unmodifiableNavigableSet(overlooked);
  }

  /**
   * Reads every file once. One that is written meanwhile may be read half: whoever must not take it
   * for what its author meant looks again.
   */
  static HomeFiles read(Home home) {
    List<Path> audiences =
        Files.exists(home.audiences()) ? List.of(home.audiences()) : List.<Path>of();
    return new HomeFiles(
        FOLDERS_OF_RULES.stream()
            .filter(folder -> Files.isDirectory(home.directory().resolve(folder)))
            .collect(Collectors.toCollection(TreeSet::new)),
        texts(home, audiences),
        texts(home, home.governanceFiles()),
        texts(home, home.consentPolicyFiles()),
        texts(home, home.destinationFiles()),
        home.overlooked().stream()
            .map(home::nameOf)
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  private static NavigableMap<String, Checked<String>> texts(Home home, List<Path> files) {
    NavigableMap<String, Checked<String>> texts = new TreeMap<>();
    for (Path file : files) {
      String name = home.nameOf(file);
      texts.put(name, text(name, file));
    }
    return texts;
  }

  private static Checked<String> text(String name, Path file) {
    try {
      return new Checked.Valid<>(Files.readString(file));
    } catch (CharacterCodingException e) {
      return new Checked.Invalid<>(List.of(new Problem(name, 1, "is not UTF-8 text")));
    } catch (IOException e) {
      return new Checked.Invalid<>(List.of(new Problem(name, 1, "cannot be read")));
    }
  }

  /** The beginning of a digest of all names and contents. */
  String version() {
    StringBuilder all = new StringBuilder();
    all().forEach((name, text) -> all.append(name).append('\0').append(text).append('\0'));
    return Sha256.hex(all.toString()).substring(0, VERSION_DIGITS);
  }

  /** What has changed since another look: names only, the new and the missing as such. */
  List<String> changesSince(HomeFiles before) {
    Map<String, Object> old = before.all();
    Map<String, Object> now = all();
    List<String> changes = new ArrayList<>();
    for (String name : union(old, now)) {
      if (!old.containsKey(name)) {
        changes.add(name + " (new)");
      } else if (!now.containsKey(name)) {
        changes.add(name + " (gone)");
      } else if (!old.get(name).equals(now.get(name))) {
        changes.add(name);
      }
    }
    return changes;
  }

  private static NavigableSet<String> union(Map<String, Object> one, Map<String, Object> other) {
    NavigableSet<String> names = new TreeSet<>(one.keySet());
    names.addAll(other.keySet());
    return names;
  }

  /** Every file, and every folder that matters by being there. */
  private NavigableMap<String, Object> all() {
    NavigableMap<String, Object> all = new TreeMap<>();
    Stream.of(audiences, governance, consentPolicies, destinations).forEach(all::putAll);
    overlooked.forEach(name -> all.put(name, "overlooked"));
    folders.forEach(name -> all.put(name + "/", "folder"));
    return all;
  }

  /**
   * Why these must not follow those: rules that are gone together with their folder were hardly
   * taken away by somebody who meant that, more likely a disk is not there.
   */
  List<Problem> problemsAfter(HomeFiles before) {
    List<Problem> problems = new ArrayList<>();
    for (String folder : before.folders()) {
      long rules = before.all().keySet().stream().filter(name -> isIn(folder, name)).count();
      if (rules > 0 && !folders.contains(folder)) {
        problems.add(
            new Problem(
                folder,
                1,
                "the folder is gone, and with it what forbids; if that is meant, make it again,"
                    + " empty"));
      }
    }
    return problems;
  }

  private static boolean isIn(String folder, String name) {
    return name.startsWith(folder + "/") && !name.endsWith("/");
  }

  /** Names only: the texts may hold secrets. */
  @Override
  public String toString() {
    return "HomeFiles" + all().keySet();
  }
}
