package org.audienceactivation.kinesis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.audienceactivation.kinesis.KinesisDeliveryException.Undelivered;
import org.audienceactivation.kinesis.sender.DeliveryResult;
import org.audienceactivation.kinesis.sender.DeliveryResult.Cause;
import org.audienceactivation.kinesis.sender.DeliveryResult.Delivered;
import org.audienceactivation.kinesis.sender.DeliveryResult.Refused;
import org.audienceactivation.kinesis.sender.DeliveryResult.Returned;
import org.audienceactivation.kinesis.sender.KinesisSender;
import org.audienceactivation.kinesis.sender.StreamRecord;

/**
 * The records of a plain body, kept with the exchange while it fails, so that a redelivery goes on
 * where the last delivery ended. It belongs to this body (the very object) and this sender: another
 * body, or another stream, starts anew.
 */
final class PlainDelivery {

  private static final String PROPERTY = "CamelAwsKinesisBatchDelivery";

  private final KinesisSender sender;
  private final Object body;
  private final List<StreamRecord> records;

  private PlainDelivery(KinesisSender sender, Object body, List<StreamRecord> records) {
    this.sender = sender;
    this.body = body;
    this.records = records;
  }

  /** That of an earlier attempt with the same body, made ready for another, or a new one. */
  static PlainDelivery of(Exchange exchange, KinesisSender sender) {
    PlainDelivery earlier = exchange.getProperty(PROPERTY, PlainDelivery.class);
    Object body = exchange.getMessage().getBody();
    boolean goesOn = earlier != null && earlier.sender == sender && earlier.body == body;
    PlainDelivery delivery =
        new PlainDelivery(
            sender,
            body,
            goesOn
                ? earlier.records.stream().map(PlainDelivery::openedAgain).toList()
                : PlainRecords.of(exchange.getMessage()));
    exchange.setProperty(PROPERTY, delivery);
    return delivery;
  }

  List<StreamRecord> records() {
    return records;
  }

  boolean isSeveral() {
    return PlainRecords.isSeveral(body);
  }

  /** Of the first record, for a body of one. */
  Optional<Delivered> receipt() {
    return records.get(0).result().filter(Delivered.class::isInstance).map(Delivered.class::cast);
  }

  List<Undelivered> undelivered() {
    List<Undelivered> all = new ArrayList<>();
    for (int i = 0; i < records.size(); i++) {
      undelivered(i).ifPresent(all::add);
    }
    return all;
  }

  /** The exchange needs it no more. */
  void forget(Exchange exchange) {
    exchange.removeProperty(PROPERTY);
  }

  private Optional<Undelivered> undelivered(int index) {
    DeliveryResult result = records.get(index).result().orElseThrow();
    if (result instanceof Refused refused) {
      return Optional.of(Undelivered.of(index, refused, mayBeSentAgain(refused)));
    }
    if (result instanceof Returned returned) {
      return Optional.of(Undelivered.of(index, returned));
    }
    return Optional.empty();
  }

  /** A record's result is final; so one that may be sent again is another record. */
  private static StreamRecord openedAgain(StreamRecord record) {
    if (record.result().filter(PlainDelivery::mayBeSentAgain).isEmpty()) {
      return record;
    }
    StreamRecord copy = StreamRecord.of(record.partitionKey(), record.data());
    return record.explicitHashKey().map(copy::withExplicitHashKey).orElse(copy);
  }

  private static boolean mayBeSentAgain(DeliveryResult result) {
    if (result instanceof Refused refused) {
      return refused.cause() == Cause.RETRY_LIMIT;
    }
    return result instanceof Returned;
  }
}
