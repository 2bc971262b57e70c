package org.audienceactivation.enrichment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.audienceactivation.config.Checked;
import org.audienceactivation.profile.Derived;
import org.audienceactivation.profile.JsonValue;
import org.audienceactivation.profile.Profile;
import org.audienceactivation.profile.Projection;
import org.audienceactivation.profile.XdmPath;

/**
 * The rules of {@code enrichment.yaml}, applied in their order to the attributes of profiles. They
 * touch neither memberships nor identities nor consents. What they have made they leave as it is,
 * so a batch may come again. Thread-safe.
 */
public final class EnrichmentRules implements AutoCloseable {

  /** No rule. */
  public static final EnrichmentRules NONE = new EnrichmentRules(List.of(), List.of());

  private final List<Rule> rules;
  private final List<JdbcTable> tables;

  EnrichmentRules(List<Rule> rules, List<JdbcTable> tables) {
    this.rules = List.copyOf(rules);
    this.tables = List.copyOf(tables);
  }

  /**
   * Reads the file, and the tables that lie in files.
   *
   * @param file how problems name it
   * @param placeholders resolves <code>{{…}}</code> in a text, or throws
   * @param home where the names of files begin
   */
  public static Checked<EnrichmentRules> read(
      String file, String yaml, UnaryOperator<String> placeholders, Path home) {
    return EnrichmentBinding.read(file, yaml, placeholders, home);
  }

  public boolean isEmpty() {
    return rules.isEmpty();
  }

  /** Whether a table of a database is looked up. */
  public boolean asksDatabases() {
    return !tables.isEmpty();
  }

  /** What must be read of a profile for the rules to see it. */
  public Projection needs() {
    Set<XdmPath> needs = new LinkedHashSet<>();
    rules.forEach(rule -> needs.addAll(rule.reads()));
    return Projection.ofPaths(needs);
  }

  /** What is made of what, in the order of the rules: what protects the one protects the other. */
  public List<Derived> derived() {
    return rules.stream().flatMap(rule -> rule.derives().stream()).toList();
  }

  /**
   * The profiles, enriched, in their order.
   *
   * @throws LookupException if a table cannot be asked now; nothing is enriched then
   */
  public List<Profile> enrich(List<Profile> profiles) {
    List<JsonValue.Obj> attributes =
        new ArrayList<>(profiles.stream().map(Profile::attributes).toList());
    for (Rule rule : rules) {
      rule.prepare(attributes);
      attributes.replaceAll(rule::apply);
    }
    List<Profile> enriched = new ArrayList<>(profiles.size());
    for (int i = 0; i < profiles.size(); i++) {
      enriched.add(profiles.get(i).withAttributes(attributes.get(i)));
    }
    return enriched;
  }

  @Override
  public void close() {
    tables.forEach(JdbcTable::close);
  }
}
