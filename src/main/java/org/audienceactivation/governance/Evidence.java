package org.audienceactivation.governance;

/**
 * That a part of what leaves carries a label, and why.
 *
 * @param inherited from where the label comes, if it does not stand on the part itself; else empty
 * @param place where somebody put it
 */
public record Evidence(Part part, String label, String inherited, Place place) {

  @Override
  public String toString() {
    String from = inherited.isEmpty() ? "" : "inherited from " + inherited + ", ";
    return part + " carries " + label + " (" + from + place + ")";
  }
}
