package org.audienceactivation.governance;

import org.audienceactivation.profile.AudienceRef;

/** A part of what a destination sends, or of what it is made of, that can carry labels. */
public sealed interface Part {

  /** Where a profile has it, as configuration spells paths; of a dataset the name. */
  String path();

  /** The values of a mapped path, or of a path below one. */
  record Attribute(LabelPath fields) implements Part {
    @Override
    public String path() {
      return fields.toString();
    }

    @Override
    public String toString() {
      return "attribute " + fields;
    }
  }

  /**
   * The identities of a namespace.
   *
   * @param namespace its code in lower case
   */
  record Identities(String namespace) implements Part {
    @Override
    public String path() {
      return "identityMap." + namespace;
    }

    @Override
    public String toString() {
      return "identities " + namespace;
    }
  }

  /** Every identity there is. */
  record AllIdentities() implements Part {
    @Override
    public String path() {
      return "identityMap";
    }

    @Override
    public String toString() {
      return "all identities";
    }
  }

  /** The memberships of an audience. */
  record Audience(AudienceRef ref) implements Part {
    @Override
    public String path() {
      return "segmentMembership." + ref.namespace() + "." + ref.id();
    }

    @Override
    public String toString() {
      return "audience " + ref;
    }
  }

  /** The memberships of every audience that has no label of its own. */
  record OtherAudiences() implements Part {
    @Override
    public String path() {
      return "segmentMembership";
    }

    @Override
    public String toString() {
      return "audiences without a label";
    }
  }

  /** A source as a whole; it cannot be left out, since all of an event may come from it. */
  record Dataset(String name) implements Part {
    @Override
    public String path() {
      return name;
    }

    @Override
    public String toString() {
      return "dataset " + name;
    }
  }

  /** Whether it is memberships of audiences. */
  default boolean isOfAudiences() {
    return this instanceof Audience || this instanceof OtherAudiences;
  }

  /** Whether leaving out the other part leaves this one out too. */
  default boolean liesWithin(Part other) {
    if (this instanceof Attribute mine && other instanceof Attribute theirs) {
      return theirs.fields.covers(mine.fields);
    }
    return equals(other) || (this instanceof Identities && other instanceof AllIdentities);
  }
}
