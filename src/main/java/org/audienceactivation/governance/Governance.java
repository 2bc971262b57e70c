package org.audienceactivation.governance;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.audienceactivation.profile.Identity;
import org.audienceactivation.profile.IdentityMap;
import org.audienceactivation.profile.JsonValue;
import org.audienceactivation.profile.Profile;
import org.audienceactivation.profile.Projection;
import org.audienceactivation.profile.XdmPath;

/**
 * Decides for one destination whether a profile may go there, and what of it. It fails closed: a
 * consent whose value it does not know excludes the profile, and what consents or policies forbid
 * is taken out of the profile itself, so that whatever is made of it later cannot show it.
 * Thread-safe.
 *
 * <p>Which rules there are for the destination is decided here once. What is left for a profile is
 * to look at the places that they name; it is asked once a record, so it is written in loops.
 */
public final class Governance {

  private final List<ConsentCheck> checks;
  private final List<ConsentPolicy> others;
  private final IdentityConsents identities;
  private final Restrictions enforced;
  private final Restrictions watched;
  private final Verdict verdict;

  /** Without any policy. */
  public Governance(ConsentRules consent) {
    this(consent, List.of(), Set.of(), Set.of());
  }

  /**
   * With the consent policies that apply to the destination.
   *
   * @param policies all that there are
   * @param marketingActions what the destination does
   * @param labels what is carried by anything that it sends
   */
  public Governance(
      ConsentRules consent,
      List<ConsentPolicy> policies,
      Set<String> marketingActions,
      Set<String> labels) {
    this.checks = new ArrayList<>();
    this.others = new ArrayList<>();
    this.enforced = Restrictions.NONE;
    this.watched = Restrictions.NONE;
    this.verdict = Verdict.NOTHING;
    PolicyRef block = PolicyRef.of(PolicyRef.CONSENT_BLOCK, consent.toString());
    for (Consent required : consent.require()) {
      checks.add(ChoiceQuestion.consent(required, consent.missing(), block));
    }
    for (ConsentRules.Subscription one : consent.subscriptions()) {
      // who refused the channel gets nothing through it; who says nothing of it may be subscribed
      if (!consent.require().contains(one.channel())) {
        checks.add(ChoiceQuestion.consent(one.channel(), MissingConsent.ALLOW, block));
      }
      checks.add(new SubscriptionCheck(one, block));
    }
    consent
        .preferredChannel()
        .ifPresent(channel -> checks.add(new PreferredChannel(channel, consent.missing(), block)));
    for (String id : consent.results()) {
      checks.add(ChoiceQuestion.result(id, consent.missing(), block));
    }
    for (ConsentPolicy policy : policies) {
      if (policy.isEnabled() && policy.appliesTo(marketingActions, labels)) {
        checks.add(new PolicyCheck(policy));
      } else {
        others.add(policy);
      }
    }
    this.identities = new IdentityConsents(consent, block);
  }

  private Governance(
      Governance consent, Restrictions enforced, Restrictions watched, Verdict verdict) {
    this.checks = consent.checks;
    this.others = consent.others;
    this.identities = consent.identities;
    this.enforced = enforced;
    this.watched = watched;
    this.verdict = verdict;
  }

  /**
   * The same consents, and these restrictions in the place of any before.
   *
   * @param leftOut of every profile
   * @param onlyCounted what is sent nevertheless
   */
  public Governance with(Restrictions leftOut, Restrictions onlyCounted) {
    return new Governance(this, leftOut, onlyCounted, verdict);
  }

  /** The same, which {@link #explain} shows to come from this verdict. */
  public Governance explainedBy(Verdict origin) {
    return new Governance(this, enforced, watched, origin);
  }

  /** What must be read of a profile for {@link #decide} to see it. */
  public Projection needs() {
    Set<XdmPath> needs = new HashSet<>(identities.needs());
    checks.forEach(check -> needs.addAll(check.needs()));
    return Projection.ofPaths(needs);
  }

  public Decision decide(Profile profile) {
    JsonValue.Obj attributes = profile.attributes();
    for (int i = 0; i < checks.size(); i++) {
      Finding finding = checks.get(i).ask(attributes);
      if (finding.refuses()) {
        return new Decision.Denied(finding);
      }
    }
    Optional<Finding> unreadable = identities.unreadable(attributes);
    if (unreadable.isPresent()) {
      return new Decision.Denied(unreadable.get());
    }
    return withoutRefusing(profile, identities.withheld(profile));
  }

  /**
   * What may be told of the end of memberships of a profile that {@link #decide} does not let
   * through, or that is gone: memberships and identities that were delivered before, without what
   * is withheld from everybody and without identities that refuse; no attributes. The receiver
   * knows all of it already.
   *
   * @param last the memberships and identities that were delivered; with the profile's consents as
   *     they are now, if it is there
   * @return empty if no audience or no identity is left
   */
  public Optional<GovernedProfile> farewell(Profile last) {
    // where nobody can tell who refuses, all of them are told: each is one that is known
    boolean isReadable = identities.unreadable(last.attributes()).isEmpty();
    List<WithheldIdentity> refusing = isReadable ? identities.withheld(last) : List.of();
    Profile left =
        new Profile(
            JsonValue.Obj.EMPTY, last.memberships(), remaining(last.identities(), refusing));
    Restrictions.Remainder remainder = enforced.of(left);
    boolean isNothing =
        remainder.leavesNothing().isPresent() || remainder.profile().identities().isEmpty();
    return isNothing
        ? Optional.empty()
        : Optional.of(
            new GovernedProfile(
                remainder.profile(), refusing, remainder.withheld(), List.of(), Optional.empty()));
  }

  private Decision withoutRefusing(Profile profile, List<WithheldIdentity> withheld) {
    if (withheld.isEmpty()) {
      return restricted(profile, withheld);
    }
    IdentityMap remaining = remaining(profile.identities(), withheld);
    return remaining.isEmpty()
        ? new Decision.Denied(withheld.get(0).why())
        : restricted(profile.withIdentities(remaining), withheld);
  }

  private Decision restricted(Profile profile, List<WithheldIdentity> withheldIdentities) {
    if (enforced.isNone() && watched.isNone()) {
      return new Decision.Allowed(
          new GovernedProfile(profile, withheldIdentities, List.of(), List.of(), Optional.empty()));
    }
    Restrictions.Remainder remainder = enforced.of(profile);
    if (remainder.leavesNothing().isPresent()) {
      return new Decision.Denied(remainder.leavesNothing().get());
    }
    if (watched.isNone()) {
      return allowed(remainder, withheldIdentities, List.of(), Optional.empty());
    }
    Restrictions.Remainder would = watched.of(remainder.profile());
    // as where policies are enforced: who is excluded has no parts that are left out
    return allowed(
        remainder,
        withheldIdentities,
        would.leavesNothing().isPresent() ? List.of() : would.withheld(),
        would.leavesNothing());
  }

  private static Decision allowed(
      Restrictions.Remainder remainder,
      List<WithheldIdentity> withheldIdentities,
      List<Withheld> audited,
      Optional<Finding> wouldExclude) {
    return new Decision.Allowed(
        new GovernedProfile(
            remainder.profile(), withheldIdentities, remainder.withheld(), audited, wouldExclude));
  }

  /** The withheld come in the order of the profile, so both are gone through side by side. */
  private static IdentityMap remaining(IdentityMap all, List<WithheldIdentity> withheld) {
    IdentityMap.Builder remaining = new IdentityMap.Builder();
    int next = 0;
    for (String namespace : all.namespaces()) {
      for (Identity identity : all.of(namespace)) {
        if (next < withheld.size() && isSame(withheld.get(next), namespace, identity)) {
          next++;
        } else {
          remaining.add(namespace, identity);
        }
      }
    }
    return remaining.build();
  }

  private static boolean isSame(WithheldIdentity one, String namespace, Identity identity) {
    return one.namespace().equals(namespace) && one.identity().equals(identity);
  }

  /** Why {@link #decide} decides as it does: one node for each rule, in the order of asking. */
  public List<Explanation> explain(Profile profile) {
    List<Explanation> rules = new ArrayList<>();
    for (ConsentCheck check : checks) {
      rules.add(check.explain(profile.attributes()));
    }
    rules.add(explainIdentities(profile));
    rules.addAll(explainParts(profile));
    for (ConsentPolicy policy : others) {
      String why =
          policy.isEnabled()
              ? "is for " + policy.applicability()
              : "its status is " + policy.status();
      rules.add(
          Explanation.of("consent policy " + policy.ref(), Explanation.Result.DOES_NOT_APPLY, why));
    }
    return rules;
  }

  private Explanation explainIdentities(Profile profile) {
    String what = "consents of single identities";
    Optional<Finding> unreadable = identities.unreadable(profile.attributes());
    if (unreadable.isPresent()) {
      return Explanation.of(what, unreadable.get(), "");
    }
    List<WithheldIdentity> withheld = identities.withheld(profile);
    if (withheld.isEmpty()) {
      return Explanation.of(what, Explanation.Result.PASSES, "none refuses");
    }
    boolean isLast = remaining(profile.identities(), withheld).isEmpty();
    return new Explanation(
        what,
        isLast ? Explanation.Result.WITHHOLDS : Explanation.Result.WITHHOLDS_A_PART,
        isLast ? "no identity is left" : "the others are sent",
        withheld.stream().map(one -> explain(profile.identities(), one)).toList());
  }

  /** What labels do to what consents have left; where they have left nobody, to everything. */
  private List<Explanation> explainParts(Profile profile) {
    if (identities.unreadable(profile.attributes()).isPresent()) {
      return LabelExplanation.of(verdict, enforced, watched, profile);
    }
    IdentityMap left = remaining(profile.identities(), identities.withheld(profile));
    return LabelExplanation.of(
        verdict, enforced, watched, left.isEmpty() ? profile : profile.withIdentities(left));
  }

  private static Explanation explain(IdentityMap all, WithheldIdentity withheld) {
    int place = all.of(withheld.namespace()).indexOf(withheld.identity());
    return Explanation.of(
        "identityMap." + withheld.namespace() + "[" + place + "]",
        withheld.why(),
        withheld.why().answer() + ", for it or for the same address in another form");
  }
}
