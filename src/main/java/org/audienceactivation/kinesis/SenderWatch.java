package org.audienceactivation.kinesis;

import org.apache.camel.CamelContext;
import org.audienceactivation.kinesis.sender.KinesisSender;
import org.audienceactivation.kinesis.sender.SenderListener;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/** Who listens to a shared sender from its opening to its end. */
interface SenderWatch extends SenderListener, AutoCloseable {

  /** Nobody. */
  SenderWatch NOBODY = new SenderWatch() {};

  /** Makes the watch of each sender of a component. */
  @FunctionalInterface
  interface Factory {
    SenderWatch of(KinesisClient client, String stream);
  }

  /** The sender is open; its state may be asked for. */
  default void opened(KinesisSender sender) {}

  /** The sender is closed. */
  @Override
  default void close() {}

  /**
   * Metrics, if Micrometer is on the class path and the context's registry holds a meter registry;
   * else nobody. Micrometer's types are only loaded if they are there.
   */
  static SenderWatch in(CamelContext context, KinesisClient client, String stream) {
    boolean isThere =
        context != null
            && context
                    .getClassResolver()
                    .resolveClass("io.micrometer.core.instrument.MeterRegistry")
                != null;
    return isThere ? SenderMetrics.in(context.getRegistry(), client, stream) : NOBODY;
  }
}
