package org.audienceactivation.kinesis;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultAsyncProducer;
import org.audienceactivation.kinesis.KinesisDeliveryException.Undelivered;
import org.audienceactivation.kinesis.SharedSenders.Hold;
import org.audienceactivation.kinesis.sender.DeliveryResult;
import org.audienceactivation.kinesis.sender.DeliveryResult.Delivered;
import org.audienceactivation.kinesis.sender.DeliveryResult.Superseded;
import org.audienceactivation.kinesis.sender.KinesisSender;
import org.audienceactivation.kinesis.sender.RecordBatch;
import org.audienceactivation.kinesis.sender.StreamRecord;

/**
 * Hands the records of an exchange to the sender and goes on when each has its result. The thread
 * that brings the exchange is not held; the exchange goes on on one that may block.
 *
 * <p>For a {@link RecordBatch} the results stand in its records and nothing is thrown. For other
 * bodies a record that was not delivered is a {@link KinesisDeliveryException}.
 */
final class BatchKinesisProducer extends DefaultAsyncProducer {

  private final BatchKinesisEndpoint endpoint;
  private volatile Hold<KinesisSender> hold;

  BatchKinesisProducer(BatchKinesisEndpoint endpoint) {
    super(endpoint);
    this.endpoint = endpoint;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    hold = endpoint.sender();
  }

  @Override
  protected void doStop() throws Exception {
    if (hold != null) {
      if (endpoint.getCamelContext().isStopping()) {
        // one after the other, streams that hang would take the time of each
        endpoint.getComponent().endAll();
      }
      hold.close();
    }
    super.doStop();
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    try {
      KinesisSender sender = hold.get();
      withoutResultsOfOthers(exchange.getMessage());
      if (exchange.getMessage().getBody() instanceof RecordBatch batch) {
        CompletionStage<Void> settled = batch.turn().take(() -> sender.send(batch.records()));
        return goOnWhen(settled, () -> conclude(exchange, batch), exchange, callback);
      }
      PlainDelivery delivery = PlainDelivery.of(exchange, sender);
      CompletionStage<Void> settled = sender.send(delivery.records());
      return goOnWhen(settled, () -> conclude(exchange, delivery), exchange, callback);
    } catch (RuntimeException e) {
      exchange.setException(e);
      callback.done(true);
      return true;
    }
  }

  private static boolean goOnWhen(
      CompletionStage<Void> settled,
      Runnable conclusion,
      Exchange exchange,
      AsyncCallback callback) {
    if (settled.toCompletableFuture().isDone()) {
      conclusion.run();
      callback.done(true);
      return true;
    }
    settled.thenRun(() -> goOn(conclusion, exchange, callback));
    return false;
  }

  // nobody would see what is thrown here, and the exchange would never end
  private static void goOn(Runnable conclusion, Exchange exchange, AsyncCallback callback) {
    try {
      conclusion.run();
    } catch (RuntimeException | Error e) {
      exchange.setException(e);
    }
    callback.done(false);
  }

  /** What another Kinesis endpoint said of this exchange is neither order nor answer here. */
  private static void withoutResultsOfOthers(Message message) {
    message.removeHeader(BatchKinesisConstants.SEQUENCE_NUMBER);
    message.removeHeader(BatchKinesisConstants.SHARD_ID);
    message.removeHeader(BatchKinesisConstants.RECORD_COUNT);
    message.removeHeader(BatchKinesisConstants.FAILED_RECORD_COUNT);
  }

  private static void conclude(Exchange exchange, RecordBatch batch) {
    List<StreamRecord> records = batch.records();
    int failed = 0;
    for (StreamRecord record : records) {
      if (isFailed(record.result().orElseThrow())) {
        failed++;
      }
    }
    count(exchange, records.size(), failed);
  }

  /** A record that a newer one replaced is not missed, as in a plain body. */
  private static boolean isFailed(DeliveryResult result) {
    return !(result instanceof Delivered) && !(result instanceof Superseded);
  }

  private void conclude(Exchange exchange, PlainDelivery delivery) {
    List<Undelivered> undelivered = delivery.undelivered();
    if (delivery.isSeveral()) {
      count(exchange, delivery.records().size(), undelivered.size());
    } else {
      delivery.receipt().ifPresent(receipt -> receipt(exchange, receipt));
    }
    if (undelivered.isEmpty()) {
      delivery.forget(exchange);
      return;
    }
    exchange.setException(
        new KinesisDeliveryException(
            endpoint.getConfiguration().getStreamName(), delivery.records().size(), undelivered));
  }

  private static void count(Exchange exchange, int records, int failed) {
    exchange.getMessage().setHeader(BatchKinesisConstants.RECORD_COUNT, records);
    exchange.getMessage().setHeader(BatchKinesisConstants.FAILED_RECORD_COUNT, failed);
  }

  private static void receipt(Exchange exchange, Delivered delivered) {
    exchange
        .getMessage()
        .setHeader(BatchKinesisConstants.SEQUENCE_NUMBER, delivered.sequenceNumber());
    exchange.getMessage().setHeader(BatchKinesisConstants.SHARD_ID, delivered.shardId());
  }
}
