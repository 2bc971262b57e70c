package org.audienceactivation.route;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.audienceactivation.config.Problem;

/** The folders that a run reads and writes: whether it may, before the first record is read. */
final class WorkingFolders {
  private WorkingFolders() {}

  static List<Problem> problems(ApplicationProperties properties) {
    List<Setting> settings = new ArrayList<>(List.of(Setting.DEAD_LETTER_DIRECTORY));
    if (properties.isOn(Setting.FILES_ENABLED)) {
      settings.add(Setting.FILES_INBOX);
      settings.add(Setting.FILES_DONE);
    }
    List<Problem> problems = new ArrayList<>();
    for (Setting setting : settings) {
      problem(folder(properties, setting))
          .ifPresent(message -> problems.add(properties.problem(setting.key(), message)));
    }
    String audit = properties.text(Setting.AUDIT_FILE);
    if (!audit.isEmpty()) {
      problem(Path.of(audit).toAbsolutePath().normalize().getParent())
          .ifPresent(
              message -> problems.add(properties.problem(Setting.AUDIT_FILE.key(), message)));
    }
    boolean sameFolder =
        properties.isOn(Setting.FILES_ENABLED)
            && folder(properties, Setting.FILES_DONE)
                .equals(folder(properties, Setting.FILES_INBOX));
    if (sameFolder) {
      problems.add(
          properties.problem(
              Setting.FILES_DONE.key(),
              "is the same folder as " + Setting.FILES_INBOX.key() + "; name another one"));
    }
    return problems;
  }

  private static Path folder(ApplicationProperties properties, Setting setting) {
    return Path.of(properties.text(setting)).toAbsolutePath().normalize();
  }

  /** A folder that is not there yet is made, so its nearest ancestor must allow that. */
  private static Optional<String> problem(Path folder) {
    Path existing = folder;
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    if (!Files.isDirectory(existing)) {
      return Optional.of(existing + " is no folder; name a folder that can be written");
    }
    if (!Files.isWritable(existing) || !Files.isReadable(existing)) {
      return Optional.of(existing + " cannot be read and written by this user");
    }
    return Optional.empty();
  }
}
