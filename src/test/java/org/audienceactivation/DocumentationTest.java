package org.audienceactivation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.audienceactivation.audience.AudienceCatalogue;
import org.audienceactivation.config.Checked;
import org.audienceactivation.destination.Destination;
import org.audienceactivation.route.Validation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pages say is so. */
class DocumentationTest {
  private static final Pattern BLOCK = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)(?:#[^)]*)?\\)");

  static List<String> destinations() {
    return blocks("docs/destinations.md");
  }

  private static List<String> blocks(String page) {
    return BLOCK.matcher(read(Path.of(page))).results().map(block -> block.group(1)).toList();
  }

  @ParameterizedTest
  @MethodSource("destinations")
  void every_destination_on_the_page_is_valid(String yaml) {
    UnaryOperator<String> defaults = text -> text.replaceAll("\\{\\{env:\\w+:(.*?)}}", "$1");
    AudienceCatalogue catalogue =
        AudienceCatalogue.read("audiences.yaml", read(Path.of("audiences.yaml")), defaults)
            .toOptional()
            .orElseThrow();

    Checked<Destination> destination =
        Destination.read("destinations/example.yaml", yaml, defaults, catalogue);

    assertThat(destination.problems()).isEmpty();
  }

  static List<String> routes() {
    return blocks("docs/sources.md");
  }

  @ParameterizedTest
  @MethodSource("routes")
  void every_route_on_the_page_of_sources_is_valid(String yaml, @TempDir Path folder) {
    TestHome home = TestHome.shippedIn(folder).write("routes/example.camel.yaml", yaml);

    assertThat(Validation.of(home.home())).isEmpty();
  }

  @Test
  void every_link_to_a_file_leads_somewhere() throws IOException {
    for (Path page : pages()) {
      for (MatchResult found : LINK.matcher(read(page)).results().toList()) {
        String link = found.group(1);
        if (!link.startsWith("http")) {
          assertThat(page.resolveSibling(link).normalize()).as("%s in %s", link, page).exists();
        }
      }
    }
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(Path.of("README.md")));
    try (Stream<Path> docs = Files.list(Path.of("docs"))) {
      docs.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
    }
    return pages;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
