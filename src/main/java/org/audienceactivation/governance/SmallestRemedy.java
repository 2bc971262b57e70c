package org.audienceactivation.governance;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.audienceactivation.governance.Inventory.Item;

/**
 * Finds what to leave out of a destination so that one policy holds: the fewest parts. A choice
 * that leaves at least one audience and one kind of identity goes before one that does not; of
 * choices of the same size the one with fewer audiences, then with fewer identities, then the one
 * whose parts stand later in the configuration.
 *
 * <p>Each policy is judged by itself and what any of them takes away is away, so that one policy
 * more can never let more through.
 */
final class SmallestRemedy {

  /**
   * Each label doubles the choices; beyond this, all that carries any of the labels is left out.
   */
  private static final int MOST_LABELS = 10;

  private final Inventory inventory;
  private final Deny deny;
  private final Map<Part, Integer> ranks = new HashMap<>();
  private final Comparator<List<Part>> preference =
      Comparator.comparing(this::leavesNothing)
          .thenComparing(List::size)
          .thenComparing(SmallestRemedy::audiences)
          .thenComparing(SmallestRemedy::identities)
          .thenComparing(this::places, SmallestRemedy::later);

  SmallestRemedy(Inventory inventory, Deny deny) {
    this.inventory = inventory;
    this.deny = deny;
    inventory.shared().forEach(item -> ranks.putIfAbsent(item.part(), ranks.size()));
    inventory.audiences().forEach(item -> ranks.putIfAbsent(item.part(), ranks.size()));
  }

  /** Empty if the policy holds as it is. */
  List<Part> parts() {
    List<String> labels = labelsThatCanBeLeftOut();
    if (labels.size() > MOST_LABELS) {
      return without(new LinkedHashSet<>(labels));
    }
    List<Part> best = without(Set.of());
    for (int choice = 1; choice < 1 << labels.size(); choice++) {
      List<Part> other = without(chosen(labels, choice));
      if (preference.compare(other, best) < 0) {
        best = other;
      }
    }
    return best;
  }

  private List<String> labelsThatCanBeLeftOut() {
    Set<String> onParts = new LinkedHashSet<>();
    inventory.shared().forEach(item -> onParts.addAll(item.labels()));
    return deny.labels().stream().filter(onParts::contains).sorted().toList();
  }

  private static Set<String> chosen(List<String> labels, int choice) {
    Set<String> chosen = new LinkedHashSet<>();
    for (int at = 0; at < labels.size(); at++) {
      if ((choice & (1 << at)) != 0) {
        chosen.add(labels.get(at));
      }
    }
    return chosen;
  }

  /** Every carrier of these labels, and the audiences for which the policy still does not hold. */
  private List<Part> without(Set<String> labels) {
    List<Part> carriers =
        Inventory.outermost(
            inventory.shared().stream()
                .filter(item -> labels.stream().anyMatch(item::carries))
                .map(Item::part)
                .toList());
    Set<String> beside = inventory.labelsBeside(carriers);
    Map<Set<String>, Boolean> judged = new HashMap<>();
    List<Part> parts = new ArrayList<>(carriers);
    for (Item audience : inventory.audiences()) {
      if (judged.computeIfAbsent(audience.labels(), own -> isDenied(own, beside))) {
        parts.add(audience.part());
      }
    }
    return parts;
  }

  private boolean isDenied(Set<String> own, Set<String> beside) {
    Set<String> together = new LinkedHashSet<>(beside);
    together.addAll(own);
    return deny.matches(together);
  }

  private boolean leavesNothing(List<Part> parts) {
    return audiences(parts) == inventory.audiences().size()
        || parts.contains(new Part.AllIdentities());
  }

  private static int audiences(List<Part> parts) {
    return (int)
        parts.stream()
            .filter(part -> part instanceof Part.Audience || part instanceof Part.OtherAudiences)
            .count();
  }

  private static int identities(List<Part> parts) {
    return (int)
        parts.stream()
            .filter(part -> part instanceof Part.Identities || part instanceof Part.AllIdentities)
            .count();
  }

  private List<Integer> places(List<Part> parts) {
    return parts.stream().map(ranks::get).sorted().toList();
  }

  private static int later(List<Integer> one, List<Integer> other) {
    for (int at = 0; at < Math.min(one.size(), other.size()); at++) {
      int compared = Integer.compare(other.get(at), one.get(at));
      if (compared != 0) {
        return compared;
      }
    }
    return 0;
  }
}
