package org.audienceactivation.kinesis.sender;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Makes a provider anew when it has no credentials: those of the SDK look for files once, when they
 * are made, so one that is written later would never be found. At most once a second, as each file
 * is read again for it. Thread-safe.
 */
final class RebuiltProvider<P extends AwsCredentialsProvider & SdkAutoCloseable>
    implements AwsCredentialsProvider, SdkAutoCloseable {

  private static final long AT_MOST_EVERY = Duration.ofSeconds(1).toNanos();

  private final Supplier<P> maker;
  private final UnaryOperator<RuntimeException> explained;
  private final LongSupplier nanoTime;
  private volatile P provider;
  private long madeAt; // guarded by this object
  private boolean closed; // guarded by this object

  /**
   * A provider that is made at once.
   *
   * @param explained turns what a provider throws into what is thrown here
   */
  RebuiltProvider(
      Supplier<P> maker, UnaryOperator<RuntimeException> explained, LongSupplier nanoTime) {
    this.maker = maker;
    this.explained = explained;
    this.nanoTime = nanoTime;
    this.madeAt = nanoTime.getAsLong();
    this.provider = maker.get();
  }

  @Override
  public AwsCredentials resolveCredentials() {
    try {
      return ofThePresentOrTheNext();
    } catch (RuntimeException none) {
      throw explained.apply(none);
    }
  }

  private AwsCredentials ofThePresentOrTheNext() {
    P present = provider;
    try {
      return present.resolveCredentials();
    } catch (RuntimeException none) {
      return rebuiltAfter(present, none).resolveCredentials();
    }
  }

  /** Another than the one that failed. */
  private synchronized P rebuiltAfter(P failed, RuntimeException failure) {
    if (provider != failed) {
      return provider; // somebody else was faster
    }
    if (closed || nanoTime.getAsLong() - madeAt < AT_MOST_EVERY) {
      throw failure;
    }
    madeAt = nanoTime.getAsLong();
    provider = maker.get();
    failed.close();
    return provider;
  }

  @Override
  public synchronized void close() {
    closed = true;
    provider.close();
  }

  /** Without what the provider holds. */
  @Override
  public String toString() {
    return provider.getClass().getSimpleName();
  }
}
