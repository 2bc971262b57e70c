package org.audienceactivation.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.audienceactivation.Profiles;
import org.audienceactivation.TestHome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Mistakes in the call: exit status 2, one line that says how to mend it, nothing done. */
class UsageTest {
  @TempDir Path folder;
  private TestHome home;

  @BeforeEach
  void shipped() {
    home = TestHome.shippedIn(folder);
    home.export("waiting.ndjson", Profiles.prospect("a"));
  }

  @Test
  void the_list_of_commands_says_of_each_a_whole_sentence() {
    assertThat(new CommandLine(new AudienceActivation()).getSubcommands().values())
        .extracting(command -> command.getCommandSpec().usageMessage().description()[0])
        .allSatisfy(line -> assertThat(line).endsWith("."));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "run --onse --home HOME | Unknown option: '--onse'",
        "fly | Unmatched argument",
        "preview --home HOME HOME/audiences.yaml | Missing required option: '--destination=NAME'",
        "preview --destination prospects --home HOME | Missing required parameter: 'FILE'",
        "preview --destination prospects --home HOME HOME/no.json | HOME/no.json: there is no such file",
        "preview --destination prospects --home HOME HOME/inbox | HOME/inbox: is a folder; name the files in it",
        "preview --destination nobody --home HOME HOME/audiences.yaml | --destination nobody: no such destination; there is prospects",
        "check --destination nobody --home HOME | --destination nobody: no such destination; there is prospects",
        "run --once --dump d.json --home HOME | --dump needs --local",
        "run --once --local --dump HOME/no/d.json --home HOME | --dump HOME/no/d.json: there is no folder HOME/no",
        "run --once --local --report HOME/no/r.json --home HOME | --report HOME/no/r.json: there is no folder HOME/no",
        "run --once --local --report HOME/inbox --home HOME | --report HOME/inbox: is a folder; name a file",
        "run --once --local --home HOME/nowhere | --home HOME/nowhere: there is no such folder",
        "validate --home HOME/nowhere | --home HOME/nowhere: there is no such folder",
        "validate --home HOME/inbox | application.properties:1: cannot be read in HOME/inbox",
        "demo --home HOME | HOME/samples: the sample exports are not there",
        "sample-exports --profiles -1 --out HOME/x | must not be negative",
        "sample-exports --profiles 1 --out HOME/no/x | --out HOME/no/x: there is no folder HOME/no",
        "local-kinesis --port 0 --streams a:b | --streams a:b: must be NAME or NAME:SHARDS",
        "local-kinesis --port 0 --streams a:1,b:2,a:3 | --streams names a twice",
        "local-kinesis --port 0 --streams a:0 | a stream has at least one shard",
        "local-kinesis --port 99999999 | port",
        "local-kinesis --storage tape | must be disk or none, is 'tape'",
        "local-kinesis --shard-limits 1000 | must be RECORDS:BYTES, both at least 1, is '1000'",
        "local-kinesis --shard-limits 0:5 | must be RECORDS:BYTES, both at least 1, is '0:5'",
        "local-kinesis --update-time 5 | must be a time such as 20ms, 5s or 1m, is '5'",
        "local-kinesis --port 0 --fault drip=1 | --fault drip=1: there is no fault 'drip'; there are throttle, internal, http-500",
        "local-kinesis --port 0 --fault drop=101 | --fault drop=101: drop must be a percentage, 0 to 100; is '101'",
        "local-kinesis --port 0 --fault drop=60,http-500=50 | faults of calls must add up to at most 100 percent, are 110",
        "local-kinesis --port 0 --fault latency=20 | latency must be a time such as 20ms, 5s or 1m; is '20'",
        "local-kinesis --port 0 --fault deny=Fly | deny must be one or more, joined by +, of CreateStream",
        "local-kinesis --port many | Invalid value for option '--port'",
      })
  void is_refused_in_words(String call, String message) {
    String[] arguments =
        Arrays.stream(call.split(" ", -1))
            .map(word -> word.replace("HOME", folder.toString()))
            .toArray(String[]::new);

    InProcess.Ended ended = InProcess.run(arguments);

    assertThat(ended.err())
        .contains(message.replace("HOME", folder.toString()))
        .doesNotContain("\tat ")
        .doesNotContain("Exception:");
    assertThat(ended.status()).isEqualTo(2);
    assertThat(home.list("inbox")).containsExactly("waiting.ndjson");
    assertThat(home.path("done")).doesNotExist();
  }

  @Test
  void a_port_that_is_taken_is_named() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());

      InProcess.Ended ended = InProcess.run("local-kinesis", "--port", port);

      assertThat(ended.status()).isEqualTo(2);
      assertThat(ended.err()).contains(port).doesNotContain("\tat ");
      assertThat(ended.err().lines()).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"files.inbox", "files.done", "deadLetter.directory"})
  void a_folder_that_cannot_be_one_is_named_with_its_setting(String setting) throws IOException {
    Path file = Files.createFile(folder.resolve("occupied"));
    home.setting(setting, file.resolve("folder").toString());

    InProcess.Ended ended = InProcess.run("run", "--once", "--local", "--home", folder.toString());

    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err().lines())
        .singleElement()
        .asString()
        .startsWith("application.properties:")
        .contains(setting + ": " + file + " is no folder");
  }
}
