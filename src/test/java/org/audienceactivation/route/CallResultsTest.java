package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.audienceactivation.accounting.Ledger;
import org.audienceactivation.http.AnswerBody;
import org.audienceactivation.http.HttpAnswer;
import org.audienceactivation.profile.RawRecord;
import org.audienceactivation.profile.Rejection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the results of a call are kept until it is answered. */
class CallResultsTest {
  private static final int MANY = 2_000;
  private static final Plans PLANS = OneDestination.plans(new Ledger(List.of()));

  @TempDir Path folder;

  private CallResults results(Path in) {
    return new CallResults(List.of("one"), false, AnswerBody.in(in));
  }

  private static ProfileBatch rejected(int count) {
    List<RawRecord> records =
        IntStream.rangeClosed(1, count)
            .mapToObj(line -> RawRecord.of("f", line, "{".getBytes(StandardCharsets.UTF_8)))
            .toList();
    ProfileBatch batch = new ProfileBatch("f:1", records, PLANS, settled -> {});
    batch.records().forEach(record -> record.reject(Rejection.noIdentity()));
    return batch;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  @Test
  void many_results_are_kept_in_a_file() throws Exception {
    CallResults results = results(folder);

    results.add(rejected(MANY));
    HttpAnswer answer = results.conclude(Optional.empty());

    assertThat(files()).hasSize(1);
    assertThat(files().get(0)).content().contains("\"record\":" + MANY, "\"received\":" + MANY);
    assertThat(answer.headers()).doesNotContainKey("Preference-Applied");
  }

  @Test
  void a_call_that_is_not_answered_leaves_no_file() throws Exception {
    CallResults results = results(folder);
    results.add(rejected(MANY));
    assertThat(files()).hasSize(1);

    results.discardUnlessConcluded();

    assertThat(files()).isEmpty();
  }

  @Test
  void where_no_file_can_be_written_the_answer_has_the_counts_and_says_so() {
    CallResults results = results(folder.resolve("that/is/not/there"));

    results.add(rejected(MANY));
    results.add(rejected(3));
    HttpAnswer answer = results.conclude(Optional.empty());

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers()).containsEntry("Preference-Applied", "return=minimal");
    assertThat(new String(answer.body().bytes(), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"received\":"
                + (MANY + 3)
                + ",\"outcomes\":{\"one\":{\"rejected\":"
                + (MANY + 3)
                + "}}}");
  }
}
