package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.audienceactivation.config.Checked;

/** Whatever is written, and whenever it is looked at: in force is the last valid whole. */
class ReloadPropertiesTest {
  private static final List<String> FILES =
      List.of(
          "audiences.yaml",
          "governance/rules.yaml",
          "governance/consent/one.yaml",
          "destinations/a.yaml",
          "destinations/b.yaml");

  /** Each may stand in any file; few are valid there, and that may depend on the other files. */
  private static final List<String> CONTENTS =
      List.of(
          "stream: {name: s, region: eu-west-1}\naudiences: all\n",
          "stream: {name: s, region: eu-west-1}\naudiences: [{name: Known}]\n",
          """
          stream: {name: s, region: eu-west-1}
          audiences: all
          attributes: [person.email]
          marketingActions: [analytics]
          """,
          "audiences: [{id: 1-2, name: Known}]\n",
          "labels: {fields: {person.email: [C8]}}\n",
          "labels: {fields: {person.email: [C8]}}\nenabledCorePolicies: [core-c8-no-analytics]\n",
          "status: ENABLED\nthen: {path: a, equals: b}\n",
          "status: [\n");

  /** Written at once, then looked at so often. */
  record Edit(String file, String content, int looks) {}

  @Provide
  Arbitrary<List<Edit>> edits() {
    return Combinators.combine(
            Arbitraries.of(FILES), Arbitraries.of(CONTENTS), Arbitraries.integers().between(0, 3))
        .as(Edit::new)
        .list()
        .ofMaxSize(20);
  }

  @Property(tries = 150)
  void in_force_is_the_last_valid_whole_that_two_looks_have_found(@ForAll("edits") List<Edit> edits)
      throws IOException {
    Path folder = Files.createTempDirectory("reload");
    Home home = new Home(folder);
    write(folder, new Edit(FILES.get(3), CONTENTS.get(0), 0));
    HomeFiles expected = HomeFiles.read(home);
    HomeFiles lastSeen = expected;
    List<HomeConfiguration> effective = new ArrayList<>();
    effective.add(read(expected).toOptional().orElseThrow());
    Reload reload = new Reload(home, text -> text, expected, recording(effective), List.of());

    for (Edit edit : edits) {
      write(folder, edit);
      HomeFiles now = HomeFiles.read(home);
      for (int i = 0; i < edit.looks(); i++) {
        reload.look();
        boolean isSeenTwice = lastSeen.equals(now);
        expected = isSeenTwice && read(now).problems().isEmpty() ? now : expected;
        lastSeen = now;
      }
      assertThat(reload.inForce()).isEqualTo(expected);
      assertThat(effective.get(effective.size() - 1).destinations())
          .isEqualTo(read(expected).toOptional().orElseThrow().destinations());
    }
  }

  private static Checked<HomeConfiguration> read(HomeFiles files) {
    return HomeConfiguration.read(files, text -> text, List.of());
  }

  private static void write(Path folder, Edit edit) throws IOException {
    Path file = folder.resolve(edit.file());
    Files.createDirectories(file.getParent());
    Files.writeString(file, edit.content());
  }

  private static Reload.Changes recording(List<HomeConfiguration> effective) {
    return new Reload.Changes() {
      @Override
      public Checked<Reload.Change> to(HomeConfiguration configuration) {
        return new Checked.Valid<>(
            new Reload.Change() {
              @Override
              public void takeEffect(Runnable whenInForce) {
                effective.add(configuration);
                whenInForce.run();
              }
            });
      }

      @Override
      public void tidy() {}
    };
  }
}
