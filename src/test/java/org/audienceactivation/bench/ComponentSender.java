package org.audienceactivation.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.audienceactivation.kinesis.BatchKinesisConstants;
import org.audienceactivation.kinesis.sender.RecordBatch;
import org.audienceactivation.kinesis.sender.StreamRecord;

/**
 * Our component alone, in a plain Camel context of its own, with ready-made events: no file, no
 * profile.
 */
final class ComponentSender implements Contestant {

  private static final int RECORDS_PER_EXCHANGE = 500;
  private static final int ONE_RECORD_EXCHANGES = 64;

  /** Who brings the exchanges, and how large they are. */
  enum Exchanges {
    /** As many threads as the pipeline has workers, 500 records an exchange. */
    OF_500,
    /** 64 threads, one record an exchange; each waits for its record, as a JMS consumer does. */
    OF_ONE,
    /** 64 exchanges of one record under way, and no thread that waits for one. */
    OF_ONE_ASYNC
  }

  private final Load load;
  private final Exchanges exchanges;
  private final List<ReadyEvents.Event> events;
  private final CamelContext context;
  private final Endpoint entrance;
  private final ExecutorService callers;

  ComponentSender(Load load, Exchanges exchanges) throws Exception {
    this.load = load;
    this.exchanges = exchanges;
    this.events = ReadyEvents.load(load.events());
    this.context = new DefaultCamelContext();
    this.callers =
        Executors.newFixedThreadPool(
            exchanges == Exchanges.OF_ONE ? ONE_RECORD_EXCHANGES : load.workers());
    String client = bindClient();
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("direct:events")
                .toF(
                    "aws2-kinesis-batch:%s?%s&callsInFlight=%d&maxRecordsPerCall=%d",
                    BenchProfiles.STREAM, client, load.callsInFlight(), load.recordsPerCall());
          }
        });
    context.start();
    this.entrance = context.getEndpoint("direct:events");
  }

  private String bindClient() {
    if (load.client() == HttpClientKind.APACHE) {
      context.getRegistry().bind("settings", HttpClientKind.ourSettings(load));
      return "clientSettings=#settings";
    }
    context.getRegistry().bind("client", load.client().client(load));
    return "amazonKinesisClient=#client";
  }

  @Override
  public void pass(Watch watch) throws Exception {
    AtomicInteger next = new AtomicInteger();
    watch.start();
    switch (exchanges) {
      case OF_500 -> inThreads(load.workers(), () -> batches(next));
      case OF_ONE -> inThreads(ONE_RECORD_EXCHANGES, () -> singles(next));
      case OF_ONE_ASYNC -> chains(next);
    }
    watch.stop();
  }

  private interface Loop {
    void run() throws IOException;
  }

  private void inThreads(int threads, Loop loop) throws Exception {
    List<Callable<Void>> loops = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      loops.add(
          () -> {
            loop.run();
            return null;
          });
    }
    for (Future<Void> each : callers.invokeAll(loops)) {
      each.get();
    }
  }

  private void batches(AtomicInteger next) throws IOException {
    try (ProducerTemplate template = context.createProducerTemplate()) {
      for (int from = next.getAndAdd(RECORDS_PER_EXCHANGE);
          from < load.records();
          from = next.getAndAdd(RECORDS_PER_EXCHANGE)) {
        RecordBatch batch = batch(from, Math.min(load.records(), from + RECORDS_PER_EXCHANGE));
        requireDelivered(template.send(entrance, exchange -> exchange.getMessage().setBody(batch)));
      }
    }
  }

  private RecordBatch batch(int from, int to) {
    List<StreamRecord> records = new ArrayList<>(to - from);
    for (int i = from; i < to; i++) {
      ReadyEvents.Event event = event(i);
      records.add(StreamRecord.of(event.partitionKey(), event.data()));
    }
    return () -> records;
  }

  private ReadyEvents.Event event(int index) {
    return events.get(index % events.size());
  }

  private void singles(AtomicInteger next) throws IOException {
    try (ProducerTemplate template = context.createProducerTemplate()) {
      for (int i = next.getAndIncrement(); i < load.records(); i = next.getAndIncrement()) {
        ReadyEvents.Event event = event(i);
        requireDelivered(template.send(entrance, exchange -> fill(exchange, event)));
      }
    }
  }

  private static void fill(Exchange exchange, ReadyEvents.Event event) {
    exchange.getMessage().setBody(event.data());
    exchange.getMessage().setHeader(BatchKinesisConstants.PARTITION_KEY, event.partitionKey());
  }

  private void chains(AtomicInteger next) throws Exception {
    try (AsyncProducer producer = entrance.createAsyncProducer()) {
      producer.start();
      List<CompletableFuture<Void>> chains = new ArrayList<>();
      for (int i = 0; i < ONE_RECORD_EXCHANGES; i++) {
        Chain chain = new Chain(producer, next);
        chain.goOn();
        chains.add(chain.end);
      }
      CompletableFuture.allOf(chains.toArray(CompletableFuture[]::new)).get();
    }
  }

  /** One exchange after the other; the next begins where the last one ended. */
  private final class Chain {
    private final AsyncProducer producer;
    private final AtomicInteger next;
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    Chain(AsyncProducer producer, AtomicInteger next) {
      this.producer = producer;
      this.next = next;
    }

    void goOn() {
      for (int i = next.getAndIncrement(); i < load.records(); i = next.getAndIncrement()) {
        Exchange exchange = entrance.createExchange(ExchangePattern.InOnly);
        fill(exchange, event(i));
        boolean isDone = producer.process(exchange, doneHere -> concluded(exchange, doneHere));
        if (!isDone) {
          return;
        }
      }
      end.complete(null);
    }

    private void concluded(Exchange exchange, boolean doneHere) {
      try {
        requireDelivered(exchange);
      } catch (IllegalStateException e) {
        end.completeExceptionally(e);
        return;
      }
      if (!doneHere) {
        goOn();
      }
    }
  }

  private static void requireDelivered(Exchange exchange) {
    Integer failed =
        exchange.getMessage().getHeader(BatchKinesisConstants.FAILED_RECORD_COUNT, Integer.class);
    if (exchange.getException() != null || (failed != null && failed > 0)) {
      throw new IllegalStateException("records were not delivered", exchange.getException());
    }
  }

  @Override
  public void close() {
    callers.shutdown();
    context.stop();
  }
}
