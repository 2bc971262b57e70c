package org.audienceactivation.route;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;

/**
 * The bean {@code profiles} of {@code enrich.camel.yaml}: hands out the attributes of each profile
 * of a batch as a map that a step may change; {@link IntoBatch} brings it back.
 */
public final class EachProfile {

  /** The property of the exchange of one profile in which its record stands. */
  static final String RECORD = "AudienceActivationRecord";

  /** The attributes of each profile, in the order of the batch; those that are rejected are not. */
  public Iterator<Map<String, Object>> each(Exchange exchange) {
    List<Map<String, Object>> attributes = new ArrayList<>();
    for (BatchRecord record : open(Bodies.profileBatch(exchange))) {
      attributes.add(PlainJson.of(record.profile().orElseThrow().attributes()));
    }
    return attributes.iterator();
  }

  /** The records that are handed out, in their order. */
  static List<BatchRecord> open(ProfileBatch batch) {
    return batch.records().stream().filter(record -> record.profile().isPresent()).toList();
  }
}
