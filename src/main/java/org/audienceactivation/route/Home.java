package org.audienceactivation.route;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder with everything that a user edits: application.properties, routes/, destinations/,
 * governance/ and audiences.yaml.
 *
 * @param directory absolute
 */
public record Home(Path directory) {

  public Home {
    directory = directory.toAbsolutePath().normalize();
  }

  public Path properties() {
    return directory.resolve("application.properties");
  }

  public Path routes() {
    return directory.resolve("routes");
  }

  public Path audiences() {
    return directory.resolve("audiences.yaml");
  }

  /** The rules of enrichment, if there are any. */
  public Path enrichment() {
    return directory.resolve("enrichment.yaml");
  }

  /** The route files, sorted by name. */
  public List<Path> routeFiles() {
    return files(routes(), ".camel.yaml");
  }

  /** The destination files, sorted by name. */
  public List<Path> destinationFiles() {
    return files(directory.resolve("destinations"), ".yaml");
  }

  /** The governance files, sorted by name: ours in YAML, policies of the vendor's API in JSON. */
  public List<Path> governanceFiles() {
    return Stream.of(".yaml", ".json")
        .flatMap(ending -> files(directory.resolve("governance"), ending).stream())
        .sorted()
        .toList();
  }

  /** The files of consent policies, sorted by name. */
  public List<Path> consentPolicyFiles() {
    return files(directory.resolve("governance/consent"), ".yaml");
  }

  /** A file as messages name it: relative to this folder. */
  public String nameOf(Path file) {
    return directory.relativize(file).toString().replace('\\', '/');
  }

  private static List<Path> files(Path folder, String ending) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(ending))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
