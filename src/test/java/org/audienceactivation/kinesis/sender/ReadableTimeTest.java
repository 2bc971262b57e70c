package org.audienceactivation.kinesis.sender;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadableTimeTest {

  @ParameterizedTest
  @CsvSource({"PT0S,0", "PT3S,3s", "PT1H30M,1h30m", "PT1.5S,1s500ms", "PT8760H,365d", "PT-1S,-1s"})
  void a_time_is_written_as_in_an_option(Duration time, String text) {
    assertThat(ReadableTime.of(time)).isEqualTo(text);
  }
}
