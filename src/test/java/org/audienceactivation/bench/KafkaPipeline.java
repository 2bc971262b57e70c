package org.audienceactivation.bench;

import java.io.IOException;
import java.util.List;
import org.audienceactivation.TestHome;
import org.audienceactivation.accounting.Outcome;
import org.audienceactivation.accounting.Totals;
import org.audienceactivation.route.Activation;
import org.audienceactivation.route.ActivationOptions;

/**
 * The whole program as it is shipped, at a Kafka topic whose messages hold one profile each. Every
 * pass is a group of its own, which reads the topic from its beginning; that it has to form is not
 * measured.
 */
final class KafkaPipeline implements Contestant {

  private static final String DESTINATION = "bench";

  private final Load load;
  private final BenchJvm broker;
  private final TestHome home;
  private int passes;

  KafkaPipeline(Load load) throws IOException {
    this.load = load;
    this.broker =
        BenchJvm.start(
            KafkaMain.class,
            List.of("-Xmx512m"),
            load.work().resolve("kafka.log"),
            load.work().resolve("kafka").toString(),
            load.profiles().toString());
    this.home =
        TestHome.shippedIn(load.work())
            .without("destinations/prospects.yaml")
            .destination(DESTINATION, BenchProfiles.destination(load))
            .setting("files.enabled", "false")
            .setting("kafka.enabled", "true")
            .setting("kafka.brokers", broker.readLine())
            .setting("kafka.topic", KafkaMain.TOPIC)
            .setting("kafka.consumers", Integer.toString(load.workers()));
  }

  @Override
  public void pass(Watch watch) {
    passes++;
    home.setting("kafka.groupId", "pass-" + passes);
    try (Activation activation =
        Activation.start(
            home.home(),
            ActivationOptions.of(new ActivationOptions.Sources.Watching())
                .withKinesisEndpoint(load.endpoint()))) {
      Polling.untilFound(() -> totals(activation).received() > 0);
      watch.start();
      Polling.untilDone(() -> totals(activation).settled() >= load.records());
      watch.stop();
      if (!load.ownFile() && totals(activation).of(Outcome.DELIVERED) != load.records()) {
        throw new IllegalStateException("not all were delivered: " + totals(activation));
      }
    }
  }

  private static Totals totals(Activation activation) {
    return activation.report().destinations().get(DESTINATION);
  }

  @Override
  public void close() {
    broker.close();
  }
}
