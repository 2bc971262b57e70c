package org.audienceactivation.route;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
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
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.audienceactivation.config.Checked;
import org.audienceactivation.config.Problem;
import org.audienceactivation.profile.Sha256;

/**
 * What lay in the files of a home's configuration at one look, by the names that messages use: all
 * of it is judged as one, and two looks are equal if they would be judged alike.
 *
 * @param audiences the catalogue, if there is one
 * @param overlooked why what looks like configuration is not read
 */
record HomeFiles(
    NavigableMap<String, Checked<String>> audiences,
    NavigableMap<String, Checked<String>> governance,
    NavigableMap<String, Checked<String>> consentPolicies,
    NavigableMap<String, Checked<String>> destinations,
    NavigableMap<String, String> overlooked) {

  private static final int VERSION_DIGITS = 12;

  /**
   * Far more than a person writes; what is larger got there by mistake, and may fill the memory.
   */
  private static final int MAX_BYTES = 16 * 1024 * 1024;

  HomeFiles {
    audiences = Collections.unmodifiableNavigableMap(audiences);
    governance = Collections.unmodifiableNavigableMap(governance);
    consentPolicies = Collections.unmodifiableNavigableMap(consentPolicies);
    destinations = Collections.unmodifiableNavigableMap(destinations);
    overlooked = Collections.unmodifiableNavigableMap(overlooked);
  }

  /**
   * Reads every file once. One that is written meanwhile may be read half: whoever must not take it
   * for what its author meant looks again.
   */
  static HomeFiles read(Home home) {
    List<Path> audiences =
        Files.isRegularFile(home.audiences()) ? List.of(home.audiences()) : List.<Path>of();
    List<Path> governance = listed(home::governanceFiles);
    List<Path> consentPolicies = listed(home::consentPolicyFiles);
    List<Path> destinations = listed(home::destinationFiles);
    List<Path> all = new ArrayList<>(listed(home::routeFiles));
    Stream.of(audiences, governance, consentPolicies, destinations).forEach(all::addAll);
    return new HomeFiles(
        texts(home, audiences),
        texts(home, governance),
        texts(home, consentPolicies),
        texts(home, destinations),
        Overlooked.in(home, all));
  }

  /** None of a folder that cannot be listed, which is overlooked then as a whole. */
  private static List<Path> listed(Supplier<List<Path>> files) {
    try {
      return files.get();
    } catch (UncheckedIOException e) {
      return List.of();
    }
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
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      return bytes.length > MAX_BYTES
          ? invalid(name, "is larger than 16 MiB, and not read")
          : new Checked.Valid<>(
              StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return invalid(name, "is not UTF-8 text");
    } catch (IOException e) {
      return invalid(name, "cannot be read");
    }
  }

  private static Checked<String> invalid(String name, String message) {
    return new Checked.Invalid<>(List.of(new Problem(name, 1, message)));
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

  /** Every file. */
  private NavigableMap<String, Object> all() {
    NavigableMap<String, Object> all = new TreeMap<>();
    Stream.of(audiences, governance, consentPolicies, destinations).forEach(all::putAll);
    all.putAll(overlooked);
    return all;
  }

  /**
   * Why these must not follow those: rules that are only gone were hardly taken away by somebody
   * who meant that, more likely a disk is not there or a copy is half done. Who renames files or
   * joins them changes another one with the same change.
   */
  List<Problem> problemsAfter(HomeFiles before) {
    List<Problem> problems = new ArrayList<>();
    problems.addAll(
        onlyGone(before.governance, governance, "governance", "one with \"policies: []\""));
    problems.addAll(
        onlyGone(
            before.consentPolicies,
            consentPolicies,
            "governance/consent",
            "a policy with \"status: DISABLED\""));
    return problems;
  }

  private static List<Problem> onlyGone(
      Map<String, ?> before, Map<String, ?> now, String folder, String instead) {
    List<String> gone = before.keySet().stream().filter(name -> !now.containsKey(name)).toList();
    boolean isOnlyGone = now.entrySet().stream().allMatch(file -> isSame(file, before));
    if (gone.isEmpty() || !isOnlyGone) {
      return List.of();
    }
    String left = now.isEmpty() ? "; no file of rules is left here" : "";
    return List.of(
        new Problem(
            folder,
            1,
            "%s %s gone, and with it what it forbids%s; if that is meant, leave a file: %s"
                .formatted(
                    String.join(", ", gone), gone.size() == 1 ? "is" : "are", left, instead)));
  }

  private static boolean isSame(Map.Entry<String, ?> file, Map<String, ?> before) {
    return file.getValue().equals(before.get(file.getKey()));
  }

  /** Names only: the texts may hold secrets. */
  @Override
  public String toString() {
    return "HomeFiles" + all().keySet();
  }
}
