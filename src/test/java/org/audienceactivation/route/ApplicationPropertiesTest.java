package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.audienceactivation.TestHome;
import org.audienceactivation.config.Problem;
import org.audienceactivation.profile.XdmPath;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApplicationPropertiesTest {
  @TempDir Path folder;
  private TestHome home;
  private CamelContext camel;

  @BeforeEach
  void shipped() {
    home = TestHome.shippedIn(folder);
    camel = new DefaultCamelContext();
  }

  @AfterEach
  void stop() throws Exception {
    camel.close();
  }

  private ApplicationProperties read() {
    camel.getPropertiesComponent().setLocation("file:" + home.home().properties());
    camel.getPropertiesComponent().addOverrideProperty("activation.home", folder.toString());
    camel.getPropertiesComponent().addOverrideProperty("activation.run", "test");
    for (Setting setting : Setting.values()) {
      camel.getPropertiesComponent().addInitialProperty(setting.key(), setting.defaultValue());
    }
    return ApplicationProperties.read(home.home(), camel::resolvePropertyPlaceholders);
  }

  private int lines() {
    return (int) home.read("application.properties").lines().count();
  }

  @Test
  void what_is_shipped_is_in_order() {
    assertThat(read().problems()).isEmpty();
  }

  @Test
  void everything_has_a_default() {
    home.write("application.properties", "");

    assertThat(read().problems()).isEmpty();
    assertThat(read().text(Setting.FILES_INBOX)).isEqualTo(folder + "/inbox");
    assertThat(read().number(Setting.FILES_MAX_RECORD_BYTES)).isEqualTo(1 << 20);
    assertThat(read().isOn(Setting.EMAIL_SHA256)).isFalse();
  }

  @Test
  void paths_are_a_comma_list() {
    home.setting("enrichment.emailPaths", " personalEmail.address , workEmail.address,");

    assertThat(read().paths(Setting.EMAIL_PATHS))
        .containsExactly(XdmPath.of("personalEmail.address"), XdmPath.of("workEmail.address"));
  }

  @Test
  void a_home_without_the_file_says_where_to_start() {
    home.without("application.properties");

    assertThatThrownBy(() -> ApplicationProperties.read(home.home(), UnaryOperator.identity()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("application.properties:1: cannot be read in ")
        .hasMessageContaining("--home");
  }

  @Nested
  class Mistakes {
    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(
        delimiter = '|',
        value = {
          "files.enabled|yes|\"yes\" is not allowed; allowed: true or false",
          "files.pollMillis|0|\"0\" is not allowed; allowed: a whole number from 1 to 2147483647",
          "sqs.visibilitySeconds|2|\"2\" is not allowed; allowed: a whole number from 3 to 3600",
          "sqs.visibilitySeconds|3601|\"3601\" is not allowed; allowed: a whole number from 3 to"
              + " 3600",
          "files.pollMillis|5s|\"5s\" is not allowed; allowed: a whole number from 1 to 2147483647",
          "rest.concurrency|10001|\"10001\" is not allowed; allowed: a whole number from 1 to 10000",
          "files.maxRecordBytes|3000000000|allowed: a whole number from 1024 to 16777216",
          "enrichment.redeliveries|-1|allowed: a whole number from 0 to 2147483647",
          "enrichment.phoneRegion|XX|allowed: empty, or the ISO 3166 code of a region",
          "enrichment.emailPaths|a..b|a path needs a key between any two dots",
          "files.pollMilis|500|unknown key; allowed: files.input, files.enabled, files.inbox",
          "deadLetter.dir|x|unknown key; allowed: deadLetter.directory, deadLetter.file",
          "files.inbox|{{env:AA_TEST_IS_NOT_SET}}|has a placeholder that has no value",
        })
    void name_key_line_and_what_is_allowed(String key, String value, String message) {
      home.setting(key, value);

      List<Problem> problems = read().problems();

      assertThat(problems)
          .singleElement()
          .satisfies(
              problem -> {
                assertThat(problem.file()).isEqualTo("application.properties");
                assertThat(problem.line()).isEqualTo(lines());
                assertThat(problem.message()).startsWith(key + ": ").contains(message);
              });
    }

    @Test
    void are_all_found() {
      home.setting("files.enabled", "maybe");
      home.setting("enrichment.phoneSha256", "ja");
      home.setting("enrichment.phon", "x");

      assertThat(read().problems()).hasSize(3);
    }

    @Test
    void keys_that_are_not_ours_are_none() {
      home.setting("my.own.key", "anything");

      assertThat(read().problems()).isEmpty();
    }
  }
}
