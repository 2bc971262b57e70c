package org.audienceactivation.governance;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.audienceactivation.profile.AudienceRef;

/**
 * Which labels people have put on what, in the order of the files.
 *
 * @param namespaces codes in lower case
 */
record Labels(
    List<Labelled<LabelPath>> fields,
    List<LabelledAudience> audiences,
    List<Labelled<String>> namespaces,
    List<Labelled<Part>> everyIdentityOrAudience,
    List<Labelled<String>> datasets) {

  /** Labels on one thing. */
  record Labelled<T>(T thing, Set<String> labels, Place place) {
    Labelled {
      labels = new LinkedHashSet<>(labels);
    }
  }

  /**
   * Labels of an audience.
   *
   * @param builtOn the fields that its definition reads, whose labels it has too
   */
  record LabelledAudience(
      AudienceRef ref, Set<String> labels, List<LabelPath> builtOn, Place place) {
    LabelledAudience {
      labels = new LinkedHashSet<>(labels);
      builtOn = List.copyOf(builtOn);
    }
  }

  static final Labels NONE = new Labels(List.of(), List.of(), List.of(), List.of(), List.of());

  Labels {
    fields = List.copyOf(fields);
    audiences = List.copyOf(audiences);
    namespaces = List.copyOf(namespaces);
    everyIdentityOrAudience = List.copyOf(everyIdentityOrAudience);
    datasets = List.copyOf(datasets);
  }
}
