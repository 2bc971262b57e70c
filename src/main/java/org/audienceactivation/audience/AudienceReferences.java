package org.audienceactivation.audience;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.audienceactivation.config.ConfigNode;
import org.audienceactivation.config.Problem;
import org.audienceactivation.profile.AudienceRef;

/** How configuration speaks of one audience: by id and namespace, or by its catalogue name. */
public final class AudienceReferences {

  private static final int MOST_NAMES = 10;

  private final AudienceCatalogue catalogue;
  private final Consumer<Problem> problems;

  /**
   * A reader of references.
   *
   * @param problems is told what stands in the way of a reference
   */
  public AudienceReferences(AudienceCatalogue catalogue, Consumer<Problem> problems) {
    this.catalogue = catalogue;
    this.problems = problems;
  }

  /** The audience that a mapping with {@code id} or {@code name} means; empty after a problem. */
  public Optional<AudienceRef> read(ConfigNode node) {
    Optional<String> id = node.text("id");
    Optional<String> name = node.text("name");
    if (id.isPresent() == name.isPresent()) {
      problems.accept(node.problem("needs either id or name"));
      return Optional.empty();
    }
    if (id.isPresent()) {
      String namespace = node.text("namespace").orElse(AudienceRef.DEFAULT_NAMESPACE);
      return Optional.of(new AudienceRef(namespace, id.get()));
    }
    if (node.get("namespace").isPresent()) {
      problems.accept(node.problem("namespace goes with id, not with name"));
    }
    return named(node.get("name").orElse(node), name.get());
  }

  private Optional<AudienceRef> named(ConfigNode where, String name) {
    List<AudienceRef> found = catalogue.named(name).stream().map(Audience::ref).toList();
    if (found.size() == 1) {
      return Optional.of(found.get(0));
    }
    if (found.isEmpty()) {
      problems.accept(
          where.problem("audiences.yaml has no audience named \"" + name + "\"" + knownNames()));
      return Optional.empty();
    }
    String ids = found.stream().map(AudienceRef::toString).collect(Collectors.joining(", "));
    problems.accept(
        where.problem("several audiences are named \"" + name + "\"; use one of the ids " + ids));
    return Optional.empty();
  }

  private String knownNames() {
    String names =
        catalogue.audiences().stream()
            .map(Audience::name)
            .distinct()
            .limit(MOST_NAMES)
            .collect(Collectors.joining(", "));
    boolean hasMore = catalogue.audiences().size() > MOST_NAMES;
    return names.isEmpty() ? "; it has none" : "; it has " + names + (hasMore ? ", …" : "");
  }
}
