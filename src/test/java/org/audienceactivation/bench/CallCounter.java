package org.audienceactivation.bench;

import java.util.concurrent.atomic.LongAdder;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.kinesis.model.PutRecordRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequest;

/**
 * Counts what a contestant sends, every attempt of the SDK's own included. The SDK finds it by the
 * file in {@code bench/classpath}, whoever builds the client; so it costs all contestants the same.
 */
public final class CallCounter implements ExecutionInterceptor {

  private static final LongAdder CALLS = new LongAdder();
  private static final LongAdder RECORDS = new LongAdder();

  /** How much was sent since this JVM started. */
  record Count(long calls, long records) {
    Count since(Count earlier) {
      return new Count(calls - earlier.calls, records - earlier.records);
    }
  }

  static Count now() {
    return new Count(CALLS.sum(), RECORDS.sum());
  }

  @Override
  public void beforeTransmission(
      Context.BeforeTransmission context, ExecutionAttributes attributes) {
    SdkRequest request = context.request();
    if (request instanceof PutRecordsRequest several) {
      CALLS.increment();
      RECORDS.add(several.records().size());
    } else if (request instanceof PutRecordRequest) {
      CALLS.increment();
      RECORDS.increment();
    }
  }
}
