package org.audienceactivation.route;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.audienceactivation.profile.Rejection;

/** Rejects profiles that name nobody: there would be no partition key, and nobody to activate. */
final class Identify implements Processor {
  @Override
  public void process(Exchange exchange) {
    for (BatchRecord record : Bodies.profileBatch(exchange).records()) {
      if (record.profile().isPresent() && !record.profile().get().hasIdentity()) {
        record.reject(Rejection.noIdentity());
      }
    }
  }
}
