package org.audienceactivation.kinesis.sender;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.Optional;

/**
 * One record for a stream, and what became of it.
 *
 * <p>Thread-safe. The result is set once and never changes. A record is for one stream: where the
 * same data goes to several, each gets a record of its own (they may share the bytes).
 */
public final class StreamRecord {

  private static final VarHandle STATE = stateHandle();

  private final String partitionKey;
  private final Optional<String> explicitHashKey;
  private final byte[] data;
  private final boolean supersedes;

  /** null: nobody has it; {@link Pending}: a sender has it; {@link DeliveryResult}: settled. */
  private volatile Object state;

  private StreamRecord(
      String partitionKey, Optional<String> explicitHashKey, byte[] data, boolean supersedes) {
    this.partitionKey = Objects.requireNonNull(partitionKey, "partitionKey");
    this.explicitHashKey = explicitHashKey;
    this.data = Objects.requireNonNull(data, "data");
    this.supersedes = supersedes;
  }

  /**
   * A record that its partition key leads to a shard. Nothing is checked here: a key or a size that
   * Kinesis does not take becomes a {@link DeliveryResult.Refused} when the record is sent.
   *
   * @param data not copied; must not be changed until the record has a result
   */
  public static StreamRecord of(String partitionKey, byte[] data) {
    return new StreamRecord(partitionKey, Optional.empty(), data, true);
  }

  /**
   * A new record, without a result, that goes to the shard of this hash key instead of that of its
   * partition key.
   *
   * @param hashKey a decimal number from 0 to 2^128 − 1
   */
  public StreamRecord withExplicitHashKey(String hashKey) {
    return new StreamRecord(partitionKey, Optional.of(hashKey), data, supersedes);
  }

  /**
   * A new record, without a result, that takes no waiting record's place under {@link
   * DeliveryOrder#LATEST_WINS}: for one that may be withdrawn. Whoever gave the older one would
   * have been told that a newer one is sent, and neither would be.
   */
  public StreamRecord withoutSuperseding() {
    return new StreamRecord(partitionKey, explicitHashKey, data, false);
  }

  public String partitionKey() {
    return partitionKey;
  }

  public Optional<String> explicitHashKey() {
    return explicitHashKey;
  }

  boolean supersedes() {
    return supersedes;
  }

  /** The array itself, not a copy. */
  public byte[] data() {
    return data;
  }

  /** What became of the record; empty as long as that is open. */
  public Optional<DeliveryResult> result() {
    return state instanceof DeliveryResult result ? Optional.of(result) : Optional.empty();
  }

  /**
   * Keeps the record from being sent, unless a sender has it already: it is {@link
   * DeliveryResult.Returned} then.
   */
  public void withdraw() {
    STATE.compareAndSet(this, null, KinesisSender.withdrawn(0));
  }

  /** The sender's hold on the record, if it is on its way. */
  Optional<Pending> pending() {
    return state instanceof Pending pending ? Optional.of(pending) : Optional.empty();
  }

  /** True if nobody had the record and it had no result: {@code pending} now has it. */
  boolean claim(Pending pending) {
    return STATE.compareAndSet(this, null, pending);
  }

  /** True if the result was still open: it is this one now. */
  boolean settle(Pending holder, DeliveryResult result) {
    return STATE.compareAndSet(this, holder, result);
  }

  /** Without key and data: they are personal data. */
  @Override
  public String toString() {
    return "StreamRecord["
        + data.length
        + " bytes, "
        + result().map(Object::toString).orElse("open")
        + "]";
  }

  private static VarHandle stateHandle() {
    try {
      return MethodHandles.lookup().findVarHandle(StreamRecord.class, "state", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
