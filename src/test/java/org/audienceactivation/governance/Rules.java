package org.audienceactivation.governance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.audienceactivation.audience.Audience;
import org.audienceactivation.audience.AudienceCatalogue;
import org.audienceactivation.config.Checked;
import org.audienceactivation.config.Problem;
import org.audienceactivation.profile.AudienceRef;

/** Rule books for tests, read as the program reads them. */
public final class Rules {

  private static final AudienceCatalogue CATALOGUE =
      AudienceCatalogue.of(
          List.of(
              new Audience(AudienceRef.ups("A"), "Prospects", Optional.empty()),
              new Audience(AudienceRef.ups("1"), "Twice", Optional.empty()),
              new Audience(AudienceRef.ups("2"), "Twice", Optional.empty())));

  private Rules() {}

  /** One file each: YAML in {@code g.yaml}, JSON in {@code g.json}. */
  private static Checked<Rulebook> read(String... texts) {
    List<Rulebook.Source> sources =
        Arrays.stream(texts)
            .map(
                text ->
                    new Rulebook.Source(text.strip().startsWith("{\"") ? "g.json" : "g.yaml", text))
            .toList();
    return Rulebook.read(sources, text -> text, CATALOGUE);
  }

  public static Rulebook of(String... texts) {
    Checked<Rulebook> read = read(texts);
    assertThat(read.problems()).isEmpty();
    return read.toOptional().orElseThrow();
  }

  static List<String> problems(String... texts) {
    return read(texts).problems().stream().map(Problem::toString).toList();
  }
}
