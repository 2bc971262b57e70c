package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextBytesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"", "a", "\u00e9", "\u20ac", "\ud83d\ude00", "\ud83d", "\ude00a", "a\ud83da"})
  void are_those_of_utf_8_wherever_a_block_ends(String piece) throws IOException {
    for (int before = 0; before < 4; before++) {
      String text = "x".repeat(before) + piece.repeat(40_000);

      assertThat(new TextBytes(text).readAllBytes())
          .isEqualTo(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ab\u20ac"})
  void can_be_read_one_by_one(String text) throws IOException {
    try (TextBytes bytes = new TextBytes(text)) {
      for (byte expected : text.getBytes(StandardCharsets.UTF_8)) {
        assertThat(bytes.read()).isEqualTo(expected & 0xFF);
      }
      assertThat(bytes.read()).isEqualTo(-1);
    }
  }
}
