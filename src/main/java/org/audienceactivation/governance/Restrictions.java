package org.audienceactivation.governance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.audienceactivation.accounting.ReasonCode;
import org.audienceactivation.profile.AudienceRef;
import org.audienceactivation.profile.AudienceScope;
import org.audienceactivation.profile.Identity;
import org.audienceactivation.profile.IdentityMap;
import org.audienceactivation.profile.JsonValue;
import org.audienceactivation.profile.Membership;
import org.audienceactivation.profile.NamespaceCodes;
import org.audienceactivation.profile.Profile;
import org.audienceactivation.profile.XdmPath;

/**
 * What is left out of every profile of one destination, decided once from its {@link Verdict}.
 * Thread-safe; where nothing is left out it costs nothing.
 */
public final class Restrictions {

  /** Everything goes as it is. */
  public static final Restrictions NONE = new Restrictions(AudienceScope.none(), List.of());

  private final AudienceScope scope;
  private final Set<AudienceRef> listed;
  private final List<Cut> cuts;
  private final CutTree attributes;
  private final Map<AudienceRef, Cut> audiences = new HashMap<>();
  private final Map<String, Cut> namespaces = new LinkedHashMap<>();
  private Optional<Cut> otherAudiences = Optional.empty();
  private Optional<Cut> allIdentities = Optional.empty();

  private Restrictions(AudienceScope scope, List<Cut> cuts) {
    this.scope = scope;
    this.listed =
        scope instanceof AudienceScope.Listed some ? Set.copyOf(some.audiences()) : Set.of();
    this.cuts = List.copyOf(cuts);
    this.attributes = CutTree.of(cuts);
    for (Cut cut : cuts) {
      if (cut.part() instanceof Part.Audience audience) {
        audiences.put(audience.ref().inLowerCase(), cut);
      } else if (cut.part() instanceof Part.Identities identities) {
        namespaces.put(identities.namespace(), cut);
      } else if (cut.part() instanceof Part.OtherAudiences) {
        otherAudiences = Optional.of(cut);
      } else if (cut.part() instanceof Part.AllIdentities) {
        allIdentities = Optional.of(cut);
      }
    }
  }

  /**
   * What is left out whatever the enforcement: all that carries C12, and the identities that mapped
   * consents spell out, which no policy needs to forbid and nobody counts.
   */
  public static Restrictions always(Verdict verdict, Outgoing outgoing) {
    return of(cutsOfAlways(verdict, outgoing), outgoing, List.of());
  }

  /** That, and what the policies want left out. */
  public static Restrictions all(Verdict verdict, Outgoing outgoing) {
    return of(cutsOfAlways(verdict, outgoing), outgoing, verdict.violations());
  }

  /** What the policies want left out, for those who only watch; C12 has no part in it. */
  public static Restrictions ofPolicies(Verdict verdict, Outgoing outgoing) {
    return of(new LinkedHashMap<>(), outgoing, verdict.violations());
  }

  private static Map<Part, Cut> cutsOfAlways(Verdict verdict, Outgoing outgoing) {
    Map<Part, List<Evidence>> carriers = new LinkedHashMap<>();
    for (Evidence evidence : verdict.neverLeaving()) {
      // nobody can tell which part of a profile came from a dataset, so nothing of it leaves
      boolean isDataset = evidence.part() instanceof Part.Dataset;
      Part part = isDataset ? new Part.AllIdentities() : evidence.part();
      carriers.computeIfAbsent(part, key -> new ArrayList<>()).add(evidence);
    }
    Map<Part, Cut> cuts = new LinkedHashMap<>();
    carriers.forEach((part, all) -> cuts.put(part, Cut.of(Withheld.forC12(part, all))));
    for (XdmPath mapped : outgoing.attributes()) {
      for (LabelPath names : NamesInConsents.below(mapped)) {
        Part part = new Part.Attribute(names);
        cuts.putIfAbsent(part, new Cut(part, List.of()));
      }
    }
    return cuts;
  }

  private static Restrictions of(
      Map<Part, Cut> cuts, Outgoing outgoing, List<Violation> violations) {
    for (Violation violation : violations) {
      for (Part part : violation.leftOut()) {
        cuts.merge(part, Cut.of(Withheld.forPolicy(violation, part)), Cut::and);
      }
    }
    return cuts.isEmpty()
        ? NONE
        : new Restrictions(outgoing.audiences(), List.copyOf(cuts.values()));
  }

  /** What is left out, where a profile has it. */
  public List<Withheld> parts() {
    return cuts.stream().flatMap(cut -> cut.reasons().stream()).toList();
  }

  boolean isNone() {
    return cuts.isEmpty();
  }

  /**
   * What remains of a profile.
   *
   * @param withheld what the profile had and was left out, each once
   * @param leavesNothing why it cannot be sent at all, if no audience or no identity remains
   */
  record Remainder(Profile profile, List<Withheld> withheld, Optional<Finding> leavesNothing) {}

  Remainder of(Profile profile) {
    List<Cut> found = new ArrayList<>();
    JsonValue.Obj keptAttributes =
        attributes.isEmpty()
            ? profile.attributes()
            : attributes.pruned(profile.attributes(), cut -> addOnce(found, cut));
    IdentityMap keptIdentities = identities(profile.identities(), found);
    List<Membership> keptMemberships = memberships(profile.memberships(), found);
    Optional<Finding> nothing = leavesNothing(profile, keptIdentities, keptMemberships);
    List<Withheld> withheld = new ArrayList<>(found.size());
    found.forEach(cut -> withheld.addAll(cut.reasons()));
    return new Remainder(
        new Profile(keptAttributes, keptMemberships, keptIdentities), withheld, nothing);
  }

  private static void addOnce(List<Cut> found, Cut cut) {
    if (!found.contains(cut)) {
      found.add(cut);
    }
  }

  private IdentityMap identities(IdentityMap all, List<Cut> found) {
    if (namespaces.isEmpty() && allIdentities.isEmpty()) {
      return all;
    }
    boolean changed = false;
    IdentityMap.Builder kept = new IdentityMap.Builder();
    for (String namespace : all.namespaces()) {
      Optional<Cut> cut = cut(namespace);
      if (cut.isPresent()) {
        addOnce(found, cut.get());
        changed = true;
        continue;
      }
      for (Identity identity : all.of(namespace)) {
        kept.add(namespace, identity);
      }
    }
    return changed ? kept.build() : all;
  }

  private Optional<Cut> cut(String namespace) {
    if (allIdentities.isPresent()) {
      return allIdentities;
    }
    String code = NamespaceCodes.codeOf(namespace);
    Cut own = namespaces.get(code);
    boolean mayBeAny = own == null && NamespaceCodes.isUnknownId(code);
    return mayBeAny ? namespaces.values().stream().findFirst() : Optional.ofNullable(own);
  }

  private List<Membership> memberships(List<Membership> all, List<Cut> found) {
    if (audiences.isEmpty() && otherAudiences.isEmpty()) {
      return all;
    }
    List<Membership> kept = new ArrayList<>(all.size());
    for (Membership membership : all) {
      Optional<Cut> cut = cut(membership.audience());
      if (cut.isPresent()) {
        addOnce(found, cut.get());
      } else {
        kept.add(membership);
      }
    }
    return kept;
  }

  private Optional<Cut> cut(AudienceRef audience) {
    // what is forbidden without any label is forbidden with one
    Cut own = audiences.get(audience.inLowerCase());
    return own == null ? otherAudiences : Optional.of(own);
  }

  private Optional<Finding> leavesNothing(
      Profile before, IdentityMap identities, List<Membership> memberships) {
    if (identities.isEmpty() && !before.identities().isEmpty()) {
      return cut(before.identities().namespaces().get(0))
          .map(cut -> cut.leavesNothing(ReasonCode.NO_IDENTITY_ALLOWED));
    }
    if (memberships.size() == before.memberships().size()) {
      return Optional.empty();
    }
    for (Membership membership : memberships) {
      if (isMapped(membership)) {
        return Optional.empty();
      }
    }
    return before.memberships().stream()
        .filter(this::isMapped)
        .findFirst()
        .flatMap(membership -> cut(membership.audience()))
        .map(cut -> cut.leavesNothing(ReasonCode.NO_AUDIENCE_ALLOWED));
  }

  private boolean isMapped(Membership membership) {
    return scope instanceof AudienceScope.All || listed.contains(membership.audience());
  }
}
