package org.audienceactivation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.audienceactivation.route.Home;

/** A home in a temporary folder with the shipped routes and properties, for a test to change. */
public final class TestHome {
  private static final Path SHIPPED = Path.of("").toAbsolutePath();

  private final Path directory;

  private TestHome(Path directory) {
    this.directory = directory;
  }

  /** Everything that is shipped, but nothing is known of what was delivered before. */
  public static TestHome shippedIn(Path directory) {
    return rememberingIn(directory).setting("state.store", "none");
  }

  /** Everything that is shipped. */
  public static TestHome rememberingIn(Path directory) {
    TestHome home = new TestHome(directory);
    for (String name : List.of("application.properties", "audiences.yaml")) {
      home.write(name, read(SHIPPED.resolve(name)));
    }
    for (String folder : List.of("routes", "destinations")) {
      try (Stream<Path> files = Files.list(SHIPPED.resolve(folder))) {
        files.forEach(file -> home.write(folder + "/" + file.getFileName(), read(file)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    home.setting("files.settleMillis", "1");
    home.setting("files.pollMillis", "50");
    home.create("inbox");
    return home;
  }

  public Home home() {
    return new Home(directory);
  }

  public Path path(String name) {
    return directory.resolve(name);
  }

  public TestHome write(String name, String text) {
    return write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  public TestHome write(String name, byte[] bytes) {
    try {
      Path file = path(name);
      Files.createDirectories(file.getParent());
      Files.write(file, bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Puts an export into the inbox; one argument is one line. It is whole as soon as it is there, as
   * one that is still written to while it is read is read again.
   */
  public TestHome export(String name, String... lines) {
    write("inbox/" + name + ".part", String.join("\n", lines) + "\n");
    try {
      Files.move(
          path("inbox/" + name + ".part"), path("inbox/" + name), StandardCopyOption.ATOMIC_MOVE);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public TestHome destination(String name, String yaml) {
    return write("destinations/" + name + ".yaml", yaml);
  }

  /** Makes a link, which may lead nowhere. */
  public TestHome link(String name, String target) {
    try {
      Files.createSymbolicLink(path(name), Path.of(target));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public TestHome without(String name) {
    try {
      Files.delete(path(name));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Overrides a property of application.properties. */
  public TestHome setting(String key, String value) {
    String text =
        Files.exists(path("application.properties")) ? read("application.properties") : "";
    return write("application.properties", text + "\n" + key + " = " + value + "\n");
  }

  /** The shipped destination shares with others, under this enforcement. */
  public TestHome enforcement(String enforcement) {
    return edit(
        "destinations/prospects.yaml",
        "consent:",
        "marketingActions: [exportToThirdParty]\nenforcement: " + enforcement + "\nconsent:");
  }

  /** Replaces a text that must be in the file. */
  public TestHome edit(String name, String from, String to) {
    String text = read(name);
    if (!text.contains(from)) {
      throw new IllegalArgumentException(name + " does not contain " + from);
    }
    return write(name, text.replace(from, to));
  }

  public String read(String name) {
    return read(path(name));
  }

  /** The names in a folder, sorted; none if there is no such folder. */
  public List<String> list(String folder) {
    if (!Files.isDirectory(path(folder))) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(path(folder))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines of all files of a folder. */
  public List<String> lines(String folder) {
    return list(folder).stream().flatMap(name -> read(folder + "/" + name).lines()).toList();
  }

  private void create(String folder) {
    try {
      Files.createDirectories(path(folder));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
