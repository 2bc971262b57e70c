package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.audienceactivation.accounting.ReasonCode;
import org.audienceactivation.profile.MessageReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a message whose route ends elsewhere than at its last step. */
class SourceRoutesTest {
  private static final Processor NOTHING = exchange -> {};
  private static final Processor BROKEN =
      exchange -> {
        throw new IllegalStateException("broken by jane@example.com");
      };

  private final StopSignal stop = new StopSignal();
  private final Messages messages =
      new Messages(new PlansInForce(Plans.NONE), MessageReader.Limits.DEFAULT, stop, records -> {});
  private final DefaultCamelContext context = new DefaultCamelContext();
  private Processor before = NOTHING;
  private Processor within = SourceRoutesTest::settle;
  private Processor after = NOTHING;

  private static void settle(Exchange exchange) {
    ProfileBatch batch = exchange.getMessage().getBody(ProfileBatch.class);
    assertThat(batch.claim()).isTrue();
    batch.tellSource();
  }

  @BeforeEach
  void start() throws Exception {
    context.getRegistry().bind("messages", messages);
    OneBatchAfterTheOther.install(context);
    EndDeliveries.install(context, messages);
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            errorHandler(noErrorHandler());
            from("direct:own")
                .routeId("own")
                .process(exchange -> before.process(exchange))
                .split(
                    method("messages", "batches"),
                    new org.apache.camel.processor.aggregate.UseOriginalAggregationStrategy(false))
                .streaming()
                .synchronous()
                .process(exchange -> within.process(exchange))
                .end()
                .process(exchange -> after.process(exchange))
                .process(new Acknowledge());
          }
        });
    context.start();
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  private Exchange send(String id) {
    try (ProducerTemplate template = context.createProducerTemplate()) {
      return template.request(
          "direct:own",
          exchange -> {
            exchange.getMessage().setHeader(Messages.MESSAGE_ID, id);
            exchange.getMessage().setBody("{}");
          });
    } catch (java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Duration timeOf(Runnable task) {
    long begin = System.nanoTime();
    task.run();
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  @Test
  void it_is_acknowledged_at_once_when_it_is_settled() {
    assertThat(send("good").getException()).isNull();
    assertThat(messages.open()).isZero();
  }

  @Test
  void it_does_not_stay_open_if_a_step_fails_before_the_last() {
    after = BROKEN;

    assertThat(send("m").getException()).isInstanceOf(IllegalStateException.class);
    assertThat(messages.open()).isZero();
  }

  @Test
  void it_does_not_stay_open_if_a_step_stops_before_the_last() {
    within = NOTHING;
    after = exchange -> exchange.setRouteStop(true);
    ProfileBatch[] batch = new ProfileBatch[1];
    within = exchange -> batch[0] = exchange.getMessage().getBody(ProfileBatch.class);

    assertThat(send("m").getException()).isNull();
    assertThat(messages.open()).isZero();
    assertThat(batch[0].givenBack()).contains(ReasonCode.FAILED_BATCH);
  }

  @Test
  void a_step_that_fails_before_the_split_is_paused_after() {
    before = BROKEN;

    assertThat(timeOf(() -> send("m"))).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void a_bad_message_among_good_ones_waits_longer_each_time() {
    before =
        exchange -> {
          if ("bad".equals(exchange.getMessage().getHeader(Messages.MESSAGE_ID))) {
            BROKEN.process(exchange);
          }
        };

    send("bad");
    send("good");

    assertThat(timeOf(() -> send("bad"))).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void a_stop_ends_the_pause() {
    stop.give();
    before = BROKEN;
    for (int i = 0; i < 10; i++) {
      send("m");
    }
    assertThat(messages.open()).isZero();
  }

  @Test
  void what_a_failed_step_says_is_not_repeated_because_it_may_quote_a_profile() {
    Throwable failure =
        new IllegalStateException("jane@example.com", new ArithmeticException("jane"));

    assertThat(SourceFailures.kind(failure))
        .isEqualTo("java.lang.IllegalStateException, caused by java.lang.ArithmeticException");
  }

  @Test
  void it_is_not_untouched_by_a_stop_once_a_batch_was_handed_out() throws Exception {
    Exchange exchange = new DefaultExchange(context);
    exchange.getMessage().setBody("{}");
    var batches = messages.batches(exchange);
    SourceDelivery delivery = SourceDelivery.of(exchange).orElseThrow();
    stop.give();
    assertThat(delivery.isUntouched()).isTrue();

    assertThat(batches.next().records()).hasSize(1);

    assertThat(delivery.isUntouched()).isFalse();
  }

  @Test
  void a_large_text_is_not_copied_before_its_limit_is_looked_at() throws Exception {
    Messages limited =
        new Messages(
            new PlansInForce(Plans.NONE),
            new MessageReader.Limits(
                MessageReader.Limits.DEFAULT.batches().withMaxRecordBytes(1024), 64 * 1024),
            stop,
            records -> {});
    int length = 32 * 1024 * 1024;
    Exchange exchange = new DefaultExchange(context);
    exchange.getMessage().setBody("x".repeat(length));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();

    var batches = limited.batches(exchange);
    while (batches.hasNext()) {
      assertThat(batches.next().records()).isNotEmpty();
    }

    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(length / 2);
  }
}
