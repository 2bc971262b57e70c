package org.audienceactivation.profile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class Utf8Test {

  private static boolean isValidForThePlatform(byte[] bytes) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  @Property(tries = 2000)
  void random_bytes_are_judged_as_the_platform_does(@ForAll @Size(max = 40) byte[] bytes) {
    assertThat(Utf8.firstInvalid(bytes, 0, bytes.length) < 0)
        .isEqualTo(isValidForThePlatform(bytes));
  }

  @Property(tries = 2000)
  void text_with_one_changed_byte_is_judged_as_the_platform_does(
      @ForAll String text, @ForAll byte changed, @ForAll @IntRange(max = 1000) int position) {
    byte[] bytes = (text + "é€😀").getBytes(UTF_8);
    bytes[position % bytes.length] = changed;

    assertThat(Utf8.firstInvalid(bytes, 0, bytes.length) < 0)
        .isEqualTo(isValidForThePlatform(bytes));
  }
}
