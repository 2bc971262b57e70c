package org.audienceactivation.kinesis.sender;

import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what a listener throws from the sender: no record may miss its result because somebody
 * counts wrongly. The first failure is logged, and then each thousandth. Thread-safe.
 */
final class ShieldedListener implements SenderListener {

  private static final Logger LOG = LoggerFactory.getLogger(KinesisSender.class);
  private static final long SAID_EVERY = 1000;

  private final SenderListener listener;
  private final String stream;
  private final AtomicLong failures = new AtomicLong();

  private ShieldedListener(SenderListener listener, String stream) {
    this.listener = listener;
    this.stream = stream;
  }

  static SenderListener of(SenderListener listener, String stream) {
    return listener == NONE ? NONE : new ShieldedListener(listener, stream);
  }

  @Override
  public void called(CallReport call) {
    shielded(() -> listener.called(call));
  }

  @Override
  public void settled(ResultKind kind, int records) {
    shielded(() -> listener.settled(kind, records));
  }

  private void shielded(Runnable told) {
    try {
      told.run();
    } catch (Throwable theirs) {
      long failure = failures.incrementAndGet();
      if (failure % SAID_EVERY == 1) {
        LOG.warn(
            "The listener of Kinesis stream {} failed, {} times by now; its counts are wrong",
            stream,
            failure,
            theirs);
      }
    }
  }
}
