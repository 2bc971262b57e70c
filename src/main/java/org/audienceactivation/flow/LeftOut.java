package org.audienceactivation.flow;

/**
 * Something of a flow description that a destination file does not say.
 *
 * @param place file and JSON Pointer
 * @param why for the one who imports; without secrets
 */
public record LeftOut(String place, String why) {

  @Override
  public String toString() {
    return place + ": " + why;
  }
}
