package org.audienceactivation.governance;

import java.util.Arrays;
import java.util.List;

/**
 * The labels that need no definition, with what they say of the data that carries them. A label by
 * itself restricts nothing, with the exception of {@link #C12}; policies do.
 */
public enum CoreLabel {
  C1("C1", "leaves only aggregated, without identifiers of persons or devices"),
  C2("C2", "is not exported to third parties"),
  C3("C3", "is not combined with data that directly identifies a person"),
  C4("C4", "is not used to target advertisements or content at all"),
  C5("C5", "is not used to target advertisements across sites by interest"),
  C6("C6", "is not used to target advertisements on one's own sites"),
  C7("C7", "is not used to target content on one's own sites"),
  C8("C8", "is not used to measure sites and apps"),
  C9("C9", "is not used for data science"),
  C10("C10", "is not used to activate identities that were stitched together"),
  C11("C11", "is not shared with partners by matching segments"),
  C12("C12", "is not exported in any way, whatever the policies say"),
  I1("I1", "identifies a person directly"),
  I2("I2", "identifies a person together with other data"),
  S1("S1", "tells a precise place, by latitude and longitude"),
  S2("S2", "tells a wide place, such as a geofence"),
  PSPD("PSPD", "is sensitive personal data whose use is permitted"),
  RHD("RHD", "is regulated health data"),
  THIRD_PARTY("Third-Party", "comes from a partner");

  private final String label;
  private final String meaning;

  CoreLabel(String label, String meaning) {
    this.label = label;
    this.meaning = meaning;
  }

  /** As configuration spells it, case included. */
  public String label() {
    return label;
  }

  /** What it says, as the end of a sentence that begins with "the data". */
  public String meaning() {
    return meaning;
  }

  static List<String> labels() {
    return Arrays.stream(values()).map(CoreLabel::label).toList();
  }
}
