package org.audienceactivation.localkinesis;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Draws at most one of several faults, each as often as its percentage says. Immutable; the random
 * numbers are the caller's.
 */
final class FaultDice {

  private final List<Fault> faults;
  private final double[] upTo;

  /** Of the faults of a scope, in the order of their declaration. */
  FaultDice(Map<Fault, Double> percents, Fault.Scope scope) {
    this.faults = percents.keySet().stream().filter(fault -> fault.scope() == scope).toList();
    this.upTo = new double[faults.size()];
    double sum = 0;
    for (int i = 0; i < upTo.length; i++) {
      sum += percents.get(faults.get(i));
      upTo[i] = sum;
    }
  }

  boolean isEmpty() {
    return faults.isEmpty();
  }

  Optional<Fault> draw(SplittableRandom random) {
    double number = random.nextDouble() * 100;
    for (int i = 0; i < upTo.length; i++) {
      if (number < upTo[i]) {
        return Optional.of(faults.get(i));
      }
    }
    return Optional.empty();
  }
}
