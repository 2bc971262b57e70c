package org.audienceactivation.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.audienceactivation.kinesis.sender.KinesisClientSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/**
 * The Java on the page for users compiles with the imports that it shows, and does what it says.
 */
class BatchKinesisPageTest {

  private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @TempDir private static Path folder;
  private static final List<String> EXAMPLES = new ArrayList<>();
  private static URLClassLoader loader;

  private final ScriptedKinesis kinesis = ScriptedKinesis.storingAll();
  private final CamelContext camel = new DefaultCamelContext();
  private ProducerTemplate template;

  @BeforeAll
  static void compile() throws Exception {
    EXAMPLE
        .matcher(Files.readString(Path.of("docs", "aws2-kinesis-batch.md")))
        .results()
        .map((MatchResult found) -> found.group(1))
        .forEach(EXAMPLES::add);
    List<String> arguments =
        new ArrayList<>(List.of("-proc:none", "-cp", classPath(), "-d", folder.toString()));
    for (int i = 0; i < EXAMPLES.size(); i++) {
      Path source = folder.resolve("Example" + i + ".java");
      Files.writeString(source, source(i));
      arguments.add(source.toString());
    }
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, errors, arguments.toArray(String[]::new));
    assertThat(status).as(errors.toString(StandardCharsets.UTF_8)).isZero();
    loader = new URLClassLoader(new URL[] {folder.toUri().toURL()});
  }

  /** As in {@code configure()} of a route builder, beside a context and a template. */
  private static String source(int number) {
    String imports =
        EXAMPLES.get(number).lines().filter(line -> line.startsWith("import ")).collect(lines());
    String body =
        EXAMPLES.get(number).lines().filter(line -> !line.startsWith("import ")).collect(lines());
    return """
        %s
        public class Example%d extends org.apache.camel.builder.RouteBuilder {
          @Override
          public void configure() throws Exception {
            org.apache.camel.CamelContext camelContext = getContext();
            org.apache.camel.ProducerTemplate template = camelContext.createProducerTemplate();
            %s
          }
        }
        """
        .formatted(imports, number, body);
  }

  private static Collector<CharSequence, ?, String> lines() {
    return Collectors.joining("\n");
  }

  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  @AfterAll
  static void close() throws Exception {
    loader.close();
  }

  @BeforeEach
  void start() {
    camel.getRegistry().bind("client", KinesisClient.class, kinesis);
    camel.start();
    template = camel.createProducerTemplate();
  }

  @AfterEach
  void stop() {
    camel.stop();
  }

  @Test
  void there_is_a_test_of_each_example() {
    assertThat(EXAMPLES).hasSize(7);
  }

  @Test
  void the_component_takes_the_place_of_camels_own() throws Exception {
    run("addComponent");

    assertThat(camel.getComponent("aws2-kinesis")).isInstanceOf(BatchKinesisComponent.class);
  }

  @Test
  void a_batch_is_sent_and_its_results_are_read() throws Exception {
    run("RecordBatch batch");

    assertThat(kinesis.storedData()).containsExactly("first", "second");
    assertThat(kinesis.calls().get(0).records().get(1).explicitHashKey()).isEqualTo("0");
  }

  @Test
  void batches_of_one_line_are_sent_in_its_order() throws Exception {
    run("Turn.line()");

    await()
        .untilAsserted(() -> assertThat(kinesis.storedData()).containsExactly("first", "second"));
  }

  @Test
  void an_exception_that_is_handled_leaves_the_other_records_delivered() throws Exception {
    kinesis.records(
        entry -> entry.partitionKey().equals("key-1") ? Optional.of("Poison") : Optional.empty());
    run("direct:events");

    assertThat(send("direct:events", null).getException()).isNull();
    assertThat(kinesis.storedKeys()).containsExactly("key-2");
  }

  @Test
  void a_redelivery_is_made_only_where_it_can_help() throws Exception {
    AtomicInteger deliveries = countedDeliveries();
    Set<String> failing = new HashSet<>(List.of("late"));
    kinesis.records(
        entry ->
            switch (entry.partitionKey()) {
              case "poison" -> Optional.of("Poison");
              case "late" -> failing.isEmpty() ? Optional.empty() : Optional.of("InternalFailure");
              default -> Optional.empty();
            });
    run("direct:insistent");

    Exchange refused = send("direct:insistent", List.of("poison", "good"));
    assertThat(refused.getException()).isNull();
    assertThat(deliveries).hasValue(1);
    assertThat(kinesis.calls()).hasSize(1);

    kinesis.before(
        call -> {
          if (kinesis.calls().size() > 4) {
            failing.clear();
          }
          return call;
        });
    Exchange late = send("direct:insistent", List.of("late", "poison"));
    assertThat(late.getException()).isNull();
    assertThat(deliveries).hasValueGreaterThan(2);
    assertThat(kinesis.storedKeys()).containsExactly("good", "late");
  }

  @Test
  void an_account_of_its_own_is_a_bean() throws Exception {
    run("KinesisClientSettings.builder()");

    assertThat(
            camel.getRegistry().lookupByNameAndType("other-account", KinesisClientSettings.class))
        .isNotNull();
    assertThat(camel.getRoutes()).hasSize(1);
  }

  @Test
  void skew_is_told_by_each_endpoint() throws Exception {
    run("RecordBatch batch");

    run("stream.skew()");
  }

  /** How often a route's step to Kinesis is carried out, redeliveries counted. */
  private AtomicInteger countedDeliveries() {
    AtomicInteger deliveries = new AtomicInteger();
    camel
        .getCamelContextExtension()
        .addInterceptStrategy(
            (context, step, target, next) ->
                step.getLabel().contains("aws2-kinesis-batch")
                    ? exchange -> {
                      deliveries.incrementAndGet();
                      target.process(exchange);
                    }
                    : target);
    return deliveries;
  }

  private Exchange send(String uri, List<String> keys) {
    return template.request(
        uri,
        exchange -> {
          exchange.getMessage().setBody(keys);
          exchange.getMessage().setHeader(BatchKinesisConstants.PARTITION_KEYS, keys);
        });
  }

  /** The one example that holds these words. */
  private void run(String words) throws Exception {
    List<String> found = EXAMPLES.stream().filter(example -> example.contains(words)).toList();
    assertThat(found).as(words).hasSize(1);
    Class<?> example = loader.loadClass("Example" + EXAMPLES.indexOf(found.get(0)));
    camel.addRoutes((RoutesBuilder) example.getConstructor().newInstance());
  }
}
