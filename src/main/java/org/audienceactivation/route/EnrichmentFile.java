package org.audienceactivation.route;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.function.UnaryOperator;
import org.audienceactivation.config.Checked;
import org.audienceactivation.config.Problem;
import org.audienceactivation.enrichment.EnrichmentRules;

/** The rules of enrichment of a home. */
final class EnrichmentFile {

  private EnrichmentFile() {}

  /** None if there is no such file. */
  static Checked<EnrichmentRules> read(Home home, UnaryOperator<String> placeholders) {
    if (Files.notExists(home.enrichment())) {
      return new Checked.Valid<>(EnrichmentRules.NONE);
    }
    String name = home.nameOf(home.enrichment());
    try {
      return EnrichmentRules.read(
          name, Files.readString(home.enrichment()), placeholders, home.directory());
    } catch (IOException e) {
      return new Checked.Invalid<>(List.of(new Problem(name, 1, "cannot be read as UTF-8 text")));
    }
  }
}
