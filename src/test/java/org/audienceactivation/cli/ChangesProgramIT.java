package org.audienceactivation.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.audienceactivation.TestHome;
import org.audienceactivation.localkinesis.LocalKinesis;
import org.audienceactivation.localkinesis.LocalKinesisOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program with its state on the disk, killed whenever it likes. */
class ChangesProgramIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PROFILES = 6_000;
  private static final List<String> AUDIENCES = List.of("A", "B");

  @TempDir Path folder;

  @Test
  void after_a_kill_at_any_moment_no_event_is_missing() throws Exception {
    Random random = new Random(5);
    Map<String, Set<String>> last = new HashMap<>();
    try (LocalKinesis kinesis =
        LocalKinesis.start(LocalKinesisOptions.defaults().withAutoCreateStreams(2))) {
      TestHome home =
          TestHome.rememberingIn(folder)
              .without("destinations/prospects.yaml")
              .destination(
                  "one",
                  """
                  stream: { name: events, region: eu-west-1, endpoint: "%s" }
                  credentials: { type: static, accessKeyId: local, secretAccessKey: local }
                  audiences: [{ id: A }, { id: B }]
                  activation: { exits: { missingProfiles: true, missingAtMostPercent: 100 } }
                  """
                      .formatted(kinesis.endpoint()));
      for (int round = 0; round < 3; round++) {
        last = new HashMap<>();
        home.export("snapshot-" + round + ".ndjson", snapshot(random, last));
        try (Program killed = run(home)) {
          long events = kinesis.recordCount();
          while (killed.isAlive() && kinesis.recordCount() < events + 1 + random.nextInt(4_000)) {
            Thread.onSpinWait();
          }
          killed.kill();
        }
        try (Program again = run(home)) {
          Program.Ended ended = again.await();
          assertThat(ended.status()).as(ended.err()).isZero();
        }
      }
      assertThat(replayed(kinesis)).isEqualTo(last);
      home.export("again.ndjson", lines(last));
      try (Program again = run(home)) {
        assertThat(again.await().out()).contains("not-changed: " + last.size());
      }
    }
  }

  private static Program run(TestHome home) {
    return Program.start(
        List.of("-Xmx128m"), "run", "--once", "--home", home.home().directory().toString());
  }

  private static String[] snapshot(Random random, Map<String, Set<String>> members) {
    for (int person = 0; person < PROFILES; person++) {
      Set<String> audiences = new TreeSet<>();
      AUDIENCES.stream().filter(audience -> random.nextBoolean()).forEach(audiences::add);
      if (!audiences.isEmpty()) {
        members.put("p" + person, audiences);
      }
    }
    return lines(members);
  }

  private static String[] lines(Map<String, Set<String>> members) {
    List<String> lines = new ArrayList<>();
    members.forEach(
        (name, audiences) ->
            lines.add(
                "{\"identityMap\":{\"ecid\":[{\"id\":\"%s\"}]},\"segmentMembership\":{\"ups\":{%s}}}"
                    .formatted(
                        name,
                        String.join(
                            ",",
                            audiences.stream()
                                .map(one -> "\"%s\":{\"status\":\"realized\"}".formatted(one))
                                .toList()))));
    return lines.toArray(String[]::new);
  }

  /** Who is in which audience, as a consumer knows who merges events by audience id. */
  private static Map<String, Set<String>> replayed(LocalKinesis kinesis) {
    Map<String, Set<String>> members = new HashMap<>();
    kinesis.forEachRecord(
        record -> {
          try {
            JsonNode event = JSON.readTree(record.data());
            Set<String> audiences =
                members.computeIfAbsent(
                    event.at("/identityMap/ecid/0/id").asText(), name -> new TreeSet<>());
            event
                .at("/segmentMembership/ups")
                .properties()
                .forEach(
                    one -> {
                      if (one.getValue().path("status").asText().equals("exited")) {
                        audiences.remove(one.getKey());
                      } else {
                        audiences.add(one.getKey());
                      }
                    });
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    members.values().removeIf(Set::isEmpty);
    return members;
  }
}
