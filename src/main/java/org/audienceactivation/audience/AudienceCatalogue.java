package org.audienceactivation.audience;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.audienceactivation.config.Checked;
import org.audienceactivation.config.ConfigNode;
import org.audienceactivation.config.ConfigSchema;
import org.audienceactivation.config.Problem;
import org.audienceactivation.profile.AudienceRef;
import org.audienceactivation.profile.LenientTime;

/** The audiences that configuration may speak of by name. Immutable. */
public final class AudienceCatalogue {

  private static final ConfigSchema SCHEMA = ConfigSchema.named("audiences");

  private final Map<AudienceRef, Audience> byRef;

  private AudienceCatalogue(Map<AudienceRef, Audience> byRef) {
    this.byRef = byRef;
  }

  /** Knows no audience: for homes without a catalogue. */
  public static AudienceCatalogue empty() {
    return new AudienceCatalogue(Map.of());
  }

  /** Of two entries for one audience the first stays. */
  public static AudienceCatalogue of(Collection<Audience> audiences) {
    Map<AudienceRef, Audience> byRef = new LinkedHashMap<>();
    audiences.forEach(audience -> byRef.putIfAbsent(audience.ref(), audience));
    return new AudienceCatalogue(byRef);
  }

  /**
   * Reads {@code audiences.yaml}.
   *
   * @param file how problems name the file
   * @param placeholders resolves <code>{{…}}</code> in a text, or throws
   */
  public static Checked<AudienceCatalogue> read(
      String file, String yaml, UnaryOperator<String> placeholders) {
    return SCHEMA.read(file, yaml, placeholders).flatMap(AudienceCatalogue::bind);
  }

  private static Checked<AudienceCatalogue> bind(ConfigNode root) {
    Map<AudienceRef, Audience> byRef = new LinkedHashMap<>();
    Map<AudienceRef, ConfigNode> firsts = new LinkedHashMap<>();
    List<Problem> problems = new ArrayList<>();
    for (ConfigNode node : root.list("audiences")) {
      Audience audience = audience(node, problems);
      ConfigNode first = firsts.putIfAbsent(audience.ref(), node);
      if (first != null) {
        problems.add(
            node.problem(
                "the audience " + audience.ref() + " stands in line " + first.line() + " already"));
      }
      byRef.putIfAbsent(audience.ref(), audience);
    }
    return Checked.of(new AudienceCatalogue(byRef), problems);
  }

  private static Audience audience(ConfigNode node, List<Problem> problems) {
    AudienceRef ref =
        new AudienceRef(
            node.text("namespace").orElse(AudienceRef.DEFAULT_NAMESPACE), node.requiredText("id"));
    return new Audience(
        ref,
        node.requiredText("name"),
        node.text("description"),
        time(node, "createdAt", problems),
        time(node, "updatedAt", problems));
  }

  private static Optional<Instant> time(ConfigNode node, String key, List<Problem> problems) {
    Optional<Instant> time = node.text(key).flatMap(LenientTime::parse);
    if (time.isEmpty() && node.get(key).isPresent()) {
      problems.add(
          node.get(key).get().problem("must be a date and time such as 2025-11-03T08:14:55Z"));
    }
    return time;
  }

  /** All audiences in the order of the file. */
  public Collection<Audience> audiences() {
    return List.copyOf(byRef.values());
  }

  public Optional<Audience> find(AudienceRef ref) {
    return Optional.ofNullable(byRef.get(ref));
  }

  /** Every audience of exactly this name: none, one, or, if the name is ambiguous, several. */
  public List<Audience> named(String name) {
    return byRef.values().stream().filter(audience -> audience.name().equals(name)).toList();
  }
}
