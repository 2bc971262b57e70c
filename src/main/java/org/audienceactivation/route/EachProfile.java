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

  /** The property of the exchange of the batch in which the records stand that were handed out. */
  private static final String RECORDS = "AudienceActivationEachProfile";

  /**
   * The attributes of each profile, in the order of the batch; those that are rejected or dropped
   * are not among them.
   */
  public Iterator<Map<String, Object>> each(Exchange exchange) {
    List<BatchRecord> open =
        Bodies.profileBatch(exchange).records().stream()
            .filter(record -> record.profile().isPresent())
            .toList();
    exchange.setProperty(RECORDS, open);
    List<Map<String, Object>> attributes = new ArrayList<>(open.size());
    for (BatchRecord record : open) {
      attributes.add(PlainJson.of(record.profile().orElseThrow().attributes()));
    }
    return attributes.iterator();
  }

  /** The record whose attributes were handed out at this place the last time. */
  static BatchRecord handedOut(Exchange batch, int place) {
    List<?> records = batch.getProperty(RECORDS, List.class);
    if (records == null || !(records.get(place) instanceof BatchRecord record)) {
      throw new IllegalArgumentException(
          "intoBatch needs a split by the method each of the bean profiles");
    }
    return record;
  }
}
