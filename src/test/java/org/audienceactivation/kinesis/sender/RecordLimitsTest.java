package org.audienceactivation.kinesis.sender;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordLimitsTest {

  private static final byte[] DATA = new byte[10];

  private final RecordLimits limits =
      new RecordLimits(bytes -> Optional.of(1000).filter(limit -> bytes > limit));

  @Test
  void a_key_may_have_256_characters_however_many_bytes_they_take() {
    RecordLimits wide =
        new RecordLimits(bytes -> Optional.of(10_000).filter(limit -> bytes > limit));

    assertThat(wide.refusal(StreamRecord.of("😀".repeat(256), DATA))).isEmpty();
    assertThat(wide.refusal(StreamRecord.of("x".repeat(257), DATA)))
        .hasValueSatisfying(
            refused ->
                assertThat(refused.message())
                    .isEqualTo("the partition key has 257 characters; allowed is 1 to 256"));
    assertThat(wide.refusal(StreamRecord.of("", DATA))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ud83d", "a\ude00", "\ud83d\ud83d\ude00"})
  void half_a_surrogate_pair_is_no_key(String key) {
    assertThat(limits.refusal(StreamRecord.of(key, DATA))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "340282366920938463463374607431768211455"})
  void a_hash_key_is_a_decimal_number_below_2_to_the_128(String hash) {
    assertThat(limits.refusal(StreamRecord.of("k", DATA).withExplicitHashKey(hash))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-1",
        "01",
        "+1",
        "1.0",
        "ff",
        "٣",
        "340282366920938463463374607431768211456",
        "3402823669209384634633746074317682114550"
      })
  void anything_else_is_no_hash_key(String hash) {
    assertThat(limits.refusal(StreamRecord.of("k", DATA).withExplicitHashKey(hash))).isPresent();
  }

  @Test
  void key_and_data_share_the_bytes_of_a_record() {
    assertThat(limits.refusal(StreamRecord.of("€", new byte[997]))).isEmpty();
    assertThat(limits.refusal(StreamRecord.of("€", new byte[998]))).isPresent();
  }

  @Property
  void bytes_are_those_of_utf8(@ForAll @StringLength(max = 50) String key) {
    String wellFormed = new String(key.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);

    assertThat(RecordLimits.bytes(StreamRecord.of(wellFormed, DATA)))
        .isEqualTo(wellFormed.getBytes(StandardCharsets.UTF_8).length + 10L);
  }
}
