package org.audienceactivation.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.aws2.kinesis.Kinesis2Constants;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.SplitDefinition;
import org.audienceactivation.bench.ReadyEvents.Event;

/**
 * Camel's own {@code aws2-kinesis}: a route that splits what an iterator reads from a file, and
 * sends it. From the file of ready-made events it has neither profiles to read nor events to map;
 * from that of the profiles it does our job as {@link StockMapping} has it. Camel's tokenizer,
 * which would cost it half of its throughput, is left out.
 */
final class StockKinesis implements Contestant {

  private static final int RECORDS_PER_BODY = 500;

  /** How the route is written. */
  enum Form {
    /** One exchange and one call a record. */
    ONE_BY_ONE,
    /** The same, with a parallel splitter. */
    ONE_BY_ONE_PARALLEL,
    /** A list of 500 as body; the component gives all of them one partition key. */
    BATCH,
    /** The same, with a parallel splitter. */
    BATCH_PARALLEL;

    boolean isBatch() {
      return this == BATCH || this == BATCH_PARALLEL;
    }

    boolean isParallel() {
      return this == ONE_BY_ONE_PARALLEL || this == BATCH_PARALLEL;
    }
  }

  /** What the file holds. */
  enum Input {
    EVENTS,
    PROFILES
  }

  private final Load load;
  private final Form form;
  private final Input input;
  private final StockMapping mapping = new StockMapping();
  private final CamelContext context = new DefaultCamelContext();

  StockKinesis(Load load, Form form, Input input) throws Exception {
    this.load = load;
    this.form = form;
    this.input = input;
    context.getPropertiesComponent().addInitialProperty("endpoint", load.endpoint().toString());
    context.addRoutes(route());
    context.start();
  }

  private RouteBuilder route() {
    return new RouteBuilder() {
      @Override
      public void configure() {
        SplitDefinition split = from("direct:events").split(body()).streaming().stopOnException();
        if (form.isParallel()) {
          split
              .parallelProcessing()
              .synchronous()
              .executorService(
                  context
                      .getExecutorServiceManager()
                      .newFixedThreadPool(this, "split", load.workers()));
        }
        split
            .process(
                form.isBatch() ? StockKinesis.this::severalEvents : StockKinesis.this::oneEvent)
            .to(
                "aws2-kinesis:%s?region=%s&accessKey=local&secretKey=local&overrideEndpoint=true&uriEndpointOverride={{endpoint}}"
                    .formatted(BenchProfiles.STREAM, BenchProfiles.REGION));
      }
    };
  }

  private Event event(String line) {
    return input == Input.EVENTS ? Event.of(line) : mapping.event(line);
  }

  private void oneEvent(Exchange exchange) {
    Event event = event(exchange.getMessage().getBody(String.class));
    set(exchange.getMessage(), event.partitionKey(), event.data());
  }

  private void severalEvents(Exchange exchange) {
    List<Event> events = new ArrayList<>(RECORDS_PER_BODY);
    for (Object line : exchange.getMessage().getBody(List.class)) {
      events.add(event((String) line));
    }
    set(
        exchange.getMessage(),
        events.get(0).partitionKey(),
        events.stream().map(Event::data).toList());
  }

  private static void set(Message message, String partitionKey, Object body) {
    message.setHeader(Kinesis2Constants.PARTITION_KEY, partitionKey);
    message.setBody(body);
  }

  @Override
  public void pass(Watch watch) throws IOException {
    Path file = input == Input.EVENTS ? load.events() : load.profiles();
    try (BufferedReader lines = Files.newBufferedReader(file);
        ProducerTemplate template = context.createProducerTemplate()) {
      Stream<String> wanted = lines.lines().limit(load.records());
      Iterator<?> bodies = form.isBatch() ? listsOf(wanted.iterator()) : wanted.iterator();
      watch.start();
      Exchange sent =
          template.send("direct:events", exchange -> exchange.getMessage().setBody(bodies));
      watch.stop();
      if (sent.getException() != null) {
        throw new IllegalStateException("records were not delivered", sent.getException());
      }
    }
  }

  private static Iterator<List<String>> listsOf(Iterator<String> lines) {
    return Stream.generate(() -> listOf(lines)).takeWhile(list -> !list.isEmpty()).iterator();
  }

  private static List<String> listOf(Iterator<String> lines) {
    List<String> list = new ArrayList<>(RECORDS_PER_BODY);
    while (list.size() < RECORDS_PER_BODY && lines.hasNext()) {
      list.add(lines.next());
    }
    return list;
  }

  @Override
  public void close() {
    context.stop();
  }
}
