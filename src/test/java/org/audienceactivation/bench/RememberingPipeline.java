package org.audienceactivation.bench;

import java.io.IOException;
import org.audienceactivation.TestHome;
import org.audienceactivation.state.Postgres;

/**
 * The whole program with a state store. That every profile changes from pass to pass is what a
 * request to send all again makes of the same file: each is looked up, sent and written anew.
 */
final class RememberingPipeline implements Contestant {

  private final Pipeline first;
  private final boolean changes;
  private final Load load;
  private final TestHome home;
  private Pipeline unchanged;

  private RememberingPipeline(Load load, TestHome home, boolean changes) {
    this.load = load;
    this.home = home;
    this.changes = changes;
    this.first = new Pipeline(load, home, load.records());
  }

  static RememberingPipeline embedded(Load load, boolean changes) {
    TestHome home = Pipeline.home(load).setting("state.store", "embedded");
    return new RememberingPipeline(load, home, changes);
  }

  static RememberingPipeline postgresql(Load load) {
    TestHome home =
        Pipeline.home(load)
            .setting("state.store", "postgresql")
            .setting("state.url", Postgres.newDatabase("bench"));
    return new RememberingPipeline(load, home, true);
  }

  @Override
  public void pass(Watch watch) throws IOException {
    if (changes) {
      first.sendAgain();
      first.pass(watch);
    } else if (unchanged == null) {
      first.pass(watch);
      first.close();
      unchanged = new Pipeline(load, home, 0);
    } else {
      unchanged.pass(watch);
    }
  }

  @Override
  public void close() {
    first.close();
    if (unchanged != null) {
      unchanged.close();
    }
  }
}
