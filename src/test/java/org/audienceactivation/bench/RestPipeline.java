package org.audienceactivation.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.audienceactivation.accounting.Outcome;
import org.audienceactivation.accounting.Totals;
import org.audienceactivation.route.Activation;
import org.audienceactivation.route.ActivationOptions;

/**
 * The whole program as it is shipped, called over HTTP with one profile a call. The callers are a
 * process of their own, whose CPU is not counted. A pass ends when the last call is answered.
 */
final class RestPipeline implements Contestant {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Load load;
  private final Activation activation;
  private final BenchJvm callers;

  RestPipeline(Load load) throws IOException {
    this.load = load;
    int port = freePort();
    this.activation =
        Activation.start(
            Pipeline.home(load)
                .setting("files.enabled", "false")
                .setting("rest.enabled", "true")
                .setting("rest.port", Integer.toString(port))
                .home(),
            ActivationOptions.of(new ActivationOptions.Sources.Watching())
                .withKinesisEndpoint(load.endpoint()));
    this.callers =
        BenchJvm.start(
            RestCallersMain.class,
            List.of("-Xmx512m"),
            load.work().resolve("callers.log"),
            "http://127.0.0.1:" + port + "/profiles",
            load.profiles().toString());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void pass(Watch watch) throws IOException {
    long before = totals().of(Outcome.DELIVERED);
    watch.start();
    callers.writeLine(load.records() + " " + load.callsPerSecond());
    Latencies latencies = JSON.readValue(callers.readLine(), Latencies.class);
    watch.stop(latencies);
    if (!load.ownFile() && totals().of(Outcome.DELIVERED) != before + load.records()) {
      throw new IllegalStateException("not all were delivered: " + totals());
    }
  }

  private Totals totals() {
    return activation.report().destinations().get(Pipeline.DESTINATION);
  }

  @Override
  public void close() {
    callers.close();
    activation.close();
  }
}
