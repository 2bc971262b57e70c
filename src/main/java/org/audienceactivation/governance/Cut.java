package org.audienceactivation.governance;

import java.util.ArrayList;
import java.util.List;

/** One part that is left out, with every policy that wants it so; the first is the reason. */
record Cut(Part part, List<Withheld> reasons) {

  Cut {
    reasons = List.copyOf(reasons);
  }

  Cut alsoFor(String policy) {
    if (reasons.stream().anyMatch(one -> one.policy().equals(policy))) {
      return this;
    }
    List<Withheld> more = new ArrayList<>(reasons);
    more.add(new Withheld(policy, part));
    return new Cut(part, more);
  }

  static Cut of(Part part, String policy) {
    return new Cut(part, List.of(new Withheld(policy, part)));
  }

  String firstPolicy() {
    return reasons.get(0).policy();
  }
}
