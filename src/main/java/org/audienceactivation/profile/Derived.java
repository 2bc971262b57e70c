package org.audienceactivation.profile;

import java.util.Set;

/**
 * That an attribute is made of others, so that whatever protects them must protect it.
 *
 * @param path what is made
 * @param sources what it is made of
 */
public record Derived(XdmPath path, Set<XdmPath> sources) {
  public Derived {
    sources = Set.copyOf(sources);
  }
}
