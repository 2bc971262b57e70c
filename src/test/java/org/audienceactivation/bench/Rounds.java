package org.audienceactivation.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** What each competitor took in each round. Competitors are compared round by round. */
final class Rounds {

  private final Map<Competitor, List<Measurement>> measurements = new EnumMap<>(Competitor.class);

  /** A figure over the rounds. */
  record Spread(double median, double min, double max) {
    static Spread of(double[] values) {
      double[] sorted = values.clone();
      java.util.Arrays.sort(sorted);
      int middle = sorted.length / 2;
      double median =
          sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
      return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }
  }

  void add(Competitor competitor, Measurement measurement) {
    measurements.computeIfAbsent(competitor, one -> new ArrayList<>()).add(measurement);
  }

  boolean has(Competitor competitor) {
    return measurements.containsKey(competitor);
  }

  Spread spread(Competitor competitor, ToDoubleFunction<Measurement> figure) {
    return Spread.of(measurements.get(competitor).stream().mapToDouble(figure).toArray());
  }

  /** A figure of one round, if all who take part in it were measured. */
  interface OfRound {
    double of(Map<Competitor, Measurement> round);
  }

  /** The median over the rounds of what is computed in each of them. */
  OptionalDouble median(List<Competitor> takePart, OfRound figure) {
    if (!takePart.stream().allMatch(this::has)) {
      return OptionalDouble.empty();
    }
    int rounds = takePart.stream().mapToInt(one -> measurements.get(one).size()).min().orElse(0);
    double[] values =
        IntStream.range(0, rounds).mapToObj(this::round).mapToDouble(figure::of).toArray();
    return OptionalDouble.of(Spread.of(values).median());
  }

  private Map<Competitor, Measurement> round(int number) {
    Map<Competitor, Measurement> round = new EnumMap<>(Competitor.class);
    measurements.forEach(
        (competitor, all) -> {
          if (number < all.size()) {
            round.put(competitor, all.get(number));
          }
        });
    return round;
  }
}
