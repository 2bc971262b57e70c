package org.audienceactivation.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SampleExpectationTest {
  private static final SampleExpectation SOME =
      new SampleExpectation(
          10,
          6,
          1,
          3,
          new TreeMap<>(
              Map.of("malformed-json", 2L, "no-identity", 1L, "not-in-mapped-audience", 1L)));

  @Test
  void is_printed_in_the_shape_of_a_report() {
    assertThat(SOME.toJson())
        .isEqualTo(
            """
            {
              "destinations": {
                "prospects": {
                  "received": 10,
                  "delivered": 6,
                  "unchanged": 0,
                  "superseded": 0,
                  "excluded": 1,
                  "rejected": 3,
                  "deadLettered": 0,
                  "returned": 0,
                  "reasons": {
                    "malformed-json": 2,
                    "no-identity": 1,
                    "not-in-mapped-audience": 1
                  }
                }
              }
            }""");
  }

  @Test
  void adds_up_over_several_exports() {
    SampleExpectation other =
        new SampleExpectation(3, 1, 0, 2, new TreeMap<>(Map.of("malformed-json", 2L)));

    SampleExpectation sum = SOME.plus(other).plus(SampleExpectation.NONE);

    assertThat(sum)
        .isEqualTo(
            new SampleExpectation(
                13,
                7,
                1,
                5,
                new TreeMap<>(
                    Map.of(
                        "malformed-json", 4L, "no-identity", 1L, "not-in-mapped-audience", 1L))));
  }

  @Test
  void counts_that_do_not_add_up_are_refused() {
    assertThatThrownBy(() -> new SampleExpectation(2, 1, 0, 0, new TreeMap<>()))
        .hasMessageStartingWith("the counts do not add up: received 2, delivered 1");
  }

  @Test
  void an_outcome_without_a_reason_is_refused() {
    assertThatThrownBy(() -> new SampleExpectation(2, 1, 1, 0, new TreeMap<>()))
        .hasMessageStartingWith("the counts do not add up");
  }
}
