package org.audienceactivation.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.audienceactivation.TestHome;
import org.audienceactivation.route.Validation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command on the page for those who come from the vendor, run as the page says. */
class ImportFlowTest {

  @TempDir Path folder;
  private TestHome home;
  private String page;

  @BeforeEach
  void start() throws Exception {
    home = TestHome.shippedIn(folder);
    page = Files.readString(Path.of("docs/migration.md"));
    Matcher example = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL).matcher(page);
    assertThat(example.find()).isTrue();
    home.write("flow.json", example.group(1));
  }

  private int importFlow(String... more) {
    String[] arguments = new String[4 + more.length];
    arguments[0] = "import-flow";
    arguments[1] = home.path("flow.json").toString();
    arguments[2] = "--home";
    arguments[3] = folder.toString();
    System.arraycopy(more, 0, arguments, 4, more.length);
    return AudienceActivation.execute(arguments);
  }

  @Test
  void the_example_makes_the_file_that_the_page_shows() throws Exception {
    assertThat(importFlow()).isZero();

    String made = Files.readString(home.path("destinations/lapsed-premium.yaml"));
    assertThat(page).contains(made);
    assertThat(Validation.of(home.home())).isEmpty();
  }

  @Test
  void a_file_that_is_there_is_left_as_it_is() throws Exception {
    home.write("destinations/lapsed-premium.yaml", "mine");

    assertThat(importFlow()).isEqualTo(2);
    assertThat(Files.readString(home.path("destinations/lapsed-premium.yaml"))).isEqualTo("mine");
    assertThat(importFlow("--name", "other")).isZero();
    assertThat(home.path("destinations/other.yaml")).exists();
  }

  @Test
  void what_is_no_flow_is_a_mistake_of_the_user() {
    home.write("flow.json", "{");

    assertThat(importFlow()).isEqualTo(2);
    assertThat(importFlow("--name", "../x")).isEqualTo(2);
  }
}
