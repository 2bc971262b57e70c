package org.audienceactivation.route;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.audienceactivation.accounting.Reason;
import org.audienceactivation.accounting.ReasonCode;
import org.audienceactivation.profile.Rejection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives up a batch whose enrichment failed for good: all its open records are rejected. */
final class RejectOpenRecords implements Processor {
  private static final Logger LOG = LoggerFactory.getLogger(RejectOpenRecords.class);

  @Override
  public void process(Exchange exchange) {
    if (!(exchange.getMessage().getBody() instanceof ProfileBatch)
        && exchange.getProperty(Exchange.SPLIT_INDEX) != null) {
      // a step for single profiles: the batch goes on without this one
      exchange.setProperty(IntoBatch.FAILED, true);
      return;
    }
    ProfileBatch batch = Bodies.profileBatch(exchange);
    Exception cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    String type = cause == null ? "an exception" : cause.getClass().getSimpleName();
    String step = exchange.getProperty(Exchange.FAILURE_ENDPOINT, "", String.class);
    // only the type of the exception: its message may quote a profile
    LOG.warn(
        "Enrichment of batch {} failed with {} {}; its records are rejected as {}",
        batch.id(),
        type,
        step,
        ReasonCode.STEP_FAILED.code());
    Rejection rejection =
        new Rejection(
            Reason.of(ReasonCode.STEP_FAILED), "a step of the route enrich failed with " + type);
    for (BatchRecord record : batch.records()) {
      if (record.rejection().isEmpty()) {
        record.reject(rejection);
      }
    }
  }
}
