package org.audienceactivation.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.audienceactivation.TestHome;
import org.audienceactivation.accounting.Outcome;
import org.audienceactivation.accounting.Totals;
import org.audienceactivation.route.Activation;
import org.audienceactivation.route.ActivationOptions;

/**
 * The whole program as it is shipped, routes and all: a file of profiles comes into the inbox, and
 * the pass ends when the last of them is settled. That the file has to be found first is not
 * measured.
 */
final class Pipeline implements Contestant {

  private static final int RECORDS_PER_CALL = 500;
  static final String DESTINATION = "bench";

  private final Load load;
  private final int delivered;
  private final TestHome home;
  private final Activation activation;
  private int passes;

  Pipeline(Load load) {
    this(load, home(load), load.records());
  }

  Pipeline(Load load, TestHome home, int delivered) {
    this.load = load;
    this.delivered = delivered;
    this.home = home;
    this.activation =
        Activation.start(
            home.home(),
            ActivationOptions.of(new ActivationOptions.Sources.Watching())
                .withKinesisEndpoint(load.endpoint()));
  }

  /** Under these rules, with profiles of their own. */
  static Pipeline governed(Load load, GovernanceRules rules) throws IOException {
    Path profiles = load.work().resolve("profiles.ndjson");
    GovernanceRules.writeProfiles(load.profiles(), profiles);
    Load governed = load.withProfiles(profiles);
    return new Pipeline(governed, rules.in(home(governed)), rules.deliveredOf(load.records()));
  }

  /** The shipped home with the one destination of the benchmarks. */
  static TestHome home(Load load) {
    TestHome home =
        TestHome.shippedIn(load.work())
            .without("destinations/prospects.yaml")
            .destination(DESTINATION, BenchProfiles.destination(load));
    for (String pool : new String[] {"batches", "destinations"}) {
      for (String size : new String[] {"poolSize", "maxPoolSize"}) {
        home.setting(
            "camel.threadpool.config[" + pool + "]." + size, Integer.toString(load.workers()));
      }
    }
    if (load.recordsPerCall() != RECORDS_PER_CALL) {
      String last = "                maxCallBytes: \"{{maxCallBytes}}\"\n";
      home.edit(
          "routes/pipeline.camel.yaml",
          last,
          last + "                maxRecordsPerCall: " + load.recordsPerCall() + "\n");
    }
    return home;
  }

  @Override
  public void pass(Watch watch) throws IOException {
    long read = activation.bytesRead();
    long settled = totals().settled();
    long before = totals().of(Outcome.DELIVERED);
    dropFile();
    Polling.untilFound(() -> activation.bytesRead() > read);
    watch.start();
    Polling.untilDone(() -> totals().settled() >= settled + load.records());
    watch.stop();
    if (!load.ownFile() && totals().of(Outcome.DELIVERED) != before + delivered) {
      throw new IllegalStateException("not all were delivered: " + totals());
    }
  }

  /** A link, where the file system has them: copying would fill the page cache twice. */
  private void dropFile() throws IOException {
    passes++;
    String ending =
        load.profiles().getFileName().toString().endsWith(".gz") ? ".ndjson.gz" : ".ndjson";
    Path file = home.path("inbox/pass-" + passes + ending);
    try {
      Files.createLink(file, load.profiles().toRealPath());
    } catch (UnsupportedOperationException e) {
      Files.copy(load.profiles(), file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Every member is new to the destination in the next pass. */
  void sendAgain() {
    activation.resend(DESTINATION, Optional.empty());
  }

  private Totals totals() {
    return activation.report().destinations().get(DESTINATION);
  }

  @Override
  public void close() {
    activation.close();
  }
}
