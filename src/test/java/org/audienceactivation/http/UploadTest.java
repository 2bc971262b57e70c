package org.audienceactivation.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How much of a body is kept before its reader asks for it. */
class UploadTest {
  private final AtomicInteger pauses = new AtomicInteger();
  private final AtomicInteger resumes = new AtomicInteger();
  private final Upload upload =
      new Upload(
          1_000_000,
          false,
          new Upload.Flow() {
            @Override
            public void pause() {
              pauses.incrementAndGet();
            }

            @Override
            public void resume() {
              resumes.incrementAndGet();
            }
          },
          new Semaphore(1));

  @Test
  void a_body_in_tiny_pieces_is_not_let_pile_up_for_its_bytes_are_few() throws Exception {
    int pieces = 0;
    while (pauses.get() == 0 && pieces < 60_000) {
      upload.add(new byte[1]);
      pieces++;
    }

    assertThat(pieces).isLessThan(2_000);
    assertThat(upload.isReadable()).isTrue();
    assertThat(upload.readNBytes(pieces)).hasSize(pieces);
    assertThat(resumes).hasValue(1);
  }
}
