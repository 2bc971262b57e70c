package org.audienceactivation.route;

import java.util.ArrayList;
import java.util.List;
import org.audienceactivation.config.Problem;
import org.audienceactivation.governance.Evidence;
import org.audienceactivation.governance.Outgoing;
import org.audienceactivation.governance.Part;
import org.audienceactivation.governance.Rulebook;
import org.audienceactivation.profile.AudienceScope;
import org.audienceactivation.profile.EmailHash;
import org.audienceactivation.profile.PhoneHash;
import org.audienceactivation.profile.XdmPath;

/**
 * Whether an enrichment is told to hash an attribute that leaves no destination: its hash would. Of
 * identities nothing needs to be checked, since the namespace of their hashes carries C12 too.
 */
final class HashedSources {

  private HashedSources() {}

  static List<Problem> problems(ApplicationProperties properties, Rulebook rules) {
    List<Problem> problems = new ArrayList<>();
    if (properties.isOn(Setting.EMAIL_SHA256)) {
      problems.addAll(problems(properties, rules, Setting.EMAIL_PATHS, EmailHash.NAMESPACE));
    }
    if (properties.isOn(Setting.PHONE_SHA256)) {
      problems.addAll(problems(properties, rules, Setting.PHONE_PATHS, PhoneHash.NAMESPACE));
    }
    return problems;
  }

  private static List<Problem> problems(
      ApplicationProperties properties, Rulebook rules, Setting setting, String namespace) {
    List<XdmPath> paths = List.copyOf(properties.paths(setting));
    Outgoing hashed = new Outgoing(List.of(), paths, AudienceScope.none());
    List<Evidence> closed = rules.judge(hashed).neverLeaving();
    if (closed.stream().map(Evidence::part).anyMatch(part -> holds(part, namespace))) {
      return List.of();
    }
    return closed.stream()
        .filter(one -> one.part() instanceof Part.Attribute)
        .map(
            one ->
                properties.problem(
                    setting.key(),
                    "%s, and its hash would leave in %s; take the path away, or label that namespace C12 too"
                        .formatted(one, namespace)))
        .toList();
  }

  private static boolean holds(Part part, String namespace) {
    return part instanceof Part.AllIdentities
        || part instanceof Part.Dataset
        || part.equals(new Part.Identities(namespace));
  }
}
