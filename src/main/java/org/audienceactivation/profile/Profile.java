package org.audienceactivation.profile;

import java.util.List;
import java.util.Objects;

/**
 * What was asked for of one customer profile: attributes and consents in the tree of the XDM
 * schema, memberships and identities. Immutable.
 *
 * <p>Its {@code toString} shows no values: they are personal data.
 */
public final class Profile implements Reading {

  /** The attributes in which a platform leaves what it found of consent policies; two names. */
  public static final List<String> CONSENT_RESULTS =
      List.of("consentPoliciesResultMap", "consentPoliciesIDMapV2");

  private final JsonValue.Obj attributes;
  private final List<Membership> memberships;
  private final IdentityMap identities;

  public Profile(JsonValue.Obj attributes, List<Membership> memberships, IdentityMap identities) {
    this.attributes = Objects.requireNonNull(attributes);
    this.memberships = List.copyOf(memberships);
    this.identities = Objects.requireNonNull(identities);
  }

  /** The projected part of the tree, consents included; keys are without {@code xdm:}. */
  public JsonValue.Obj attributes() {
    return attributes;
  }

  /** The wanted memberships in the order of the export, at most one an audience. */
  public List<Membership> memberships() {
    return memberships;
  }

  public IdentityMap identities() {
    return identities;
  }

  /**
   * Whether the profile can be sent at all: without an identity it names nobody and has no
   * partition key, and is rejected with {@link Rejection#noIdentity()}.
   */
  public boolean hasIdentity() {
    return !identities.isEmpty();
  }

  public Profile withIdentities(IdentityMap other) {
    return new Profile(attributes, memberships, other);
  }

  public Profile withAttributes(JsonValue.Obj other) {
    return new Profile(other, memberships, identities);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Profile that
        && attributes.equals(that.attributes)
        && memberships.equals(that.memberships)
        && identities.equals(that.identities);
  }

  @Override
  public int hashCode() {
    return Objects.hash(attributes, memberships, identities);
  }

  @Override
  public String toString() {
    return "Profile[memberships=" + memberships.size() + ", identities=" + identities + "]";
  }
}
