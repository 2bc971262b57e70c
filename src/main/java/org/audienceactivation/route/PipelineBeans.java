package org.audienceactivation.route;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.processor.aggregate.UseOriginalAggregationStrategy;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.ExpressionAdapter;
import org.audienceactivation.accounting.Ledger;
import org.audienceactivation.accounting.LedgerWatch;
import org.audienceactivation.destination.Destination;
import org.audienceactivation.enrichment.EnrichmentRules;
import org.audienceactivation.kinesis.BatchKinesisComponent;
import org.audienceactivation.profile.EmailHash;
import org.audienceactivation.profile.Enrichment;
import org.audienceactivation.profile.MessageReader;
import org.audienceactivation.profile.NamespaceCodes;
import org.audienceactivation.profile.NdjsonReader;
import org.audienceactivation.profile.PhoneHash;
import org.audienceactivation.profile.Projection;
import org.audienceactivation.profile.XdmPath;

/**
 * Everything that the YAML routes refer to by name, made from the configuration of one home.
 *
 * @param making what further plans are made with
 * @param component the Kinesis component, unless nothing is sent
 */
record PipelineBeans(
    Ledger ledger,
    PlansInForce plans,
    Changeover.Making making,
    Exports exports,
    Messages messages,
    StopSignal stop,
    Optional<BatchKinesisComponent> component) {

  static final String DEAD_LETTER = "direct:dead-letter";

  /** Every name that {@link #bind} binds, but for those of the destinations' clients. */
  static final Set<String> NAMES =
      Set.of(
          "exports",
          "messages",
          JmsConnections.BEAN,
          KafkaConnections.BEAN,
          KafkaConnections.FAILURES,
          JmsBodies.BEAN,
          AmqpConnections.BEAN,
          SqsConnection.QUEUE,
          SqsConnection.GIVE_BACK,
          RestEngine.BEAN,
          "endSnapshot",
          "acknowledge",
          "keepSource",
          "keepBatch",
          "profiles",
          "intoBatch",
          "enrichmentRules",
          "normalizeNamespaces",
          "hashEmails",
          "hashPhones",
          "decode",
          "identify",
          "rejectOpenRecords",
          "destinationBatches",
          "destinationRoute",
          "endTornLine",
          "select",
          "govern",
          "map",
          "detectChange",
          "settle",
          "aws2-kinesis");

  /** Makes the beans and binds them in the registry of the context. */
  static PipelineBeans bind(
      CamelContext context,
      ApplicationProperties properties,
      HomeConfiguration configuration,
      ActivationOptions options,
      StopSignal stop,
      AuditLog audit,
      States states,
      EnrichmentRules enrichment) {
    Registry registry = context.getRegistry();
    List<Destination> destinations = destinations(configuration, options);
    Changeover.Making making =
        new Changeover.Making(
            new Ledger(List.of(), watch(context)),
            bindEnrichments(registry, properties, enrichment),
            states);
    PlansInForce plans =
        new PlansInForce(
            Plans.of(
                configuration,
                destinations,
                Destination::name,
                making.ledger(),
                making.besides(),
                making.states()));
    plans.now().enterIn(making.ledger());
    plans.now().destinations().forEach(PolicyLog::say);

    Exports exports = exports(properties, plans, stop);
    registry.bind("exports", exports);
    Optional<BatchKinesisComponent> delivery = bindDelivery(context, plans.now(), options);
    Messages messages = messages(properties, plans, stop, delivery);
    registry.bind("messages", messages);
    registry.bind("endSnapshot", new EndSnapshot(context.createProducerTemplate()));
    registry.bind("acknowledge", new Acknowledge());
    registry.bind("keepSource", new UseOriginalAggregationStrategy(false));
    registry.bind("profiles", new EachProfile());
    registry.bind("intoBatch", new IntoBatch());
    registry.bind("keepBatch", new UseOriginalAggregationStrategy(true));

    bindConnections(context, properties, destinations, stop);
    bindSteps(registry, context, options, audit);
    registry.bind(
        DestinationThreads.NAME, ExecutorService.class, new DestinationThreads(context, plans));
    EndTurns.install(context);
    OneBatchAfterTheOther.install(context);
    EndDeliveries.install(context, messages);
    return new PipelineBeans(making.ledger(), plans, making, exports, messages, stop, delivery);
  }

  /** Micrometer's types are only loaded if they are there. */
  private static LedgerWatch watch(CamelContext context) {
    boolean isThere =
        context.getClassResolver().resolveClass("io.micrometer.core.instrument.MeterRegistry")
            != null;
    return isThere ? LedgerMetrics.in(context.getRegistry()) : LedgerWatch.NOBODY;
  }

  private static List<Destination> destinations(
      HomeConfiguration configuration, ActivationOptions options) {
    Optional<String> only = options.sources().destinationToLookAt();
    return configuration.destinations().stream()
        .filter(one -> only.isEmpty() || only.get().equals(one.name()))
        .toList();
  }

  private static Exports exports(
      ApplicationProperties properties, PlansInForce plans, StopSignal stop) {
    NdjsonReader.Limits limits =
        NdjsonReader.Limits.DEFAULT.withMaxRecordBytes(
            properties.number(Setting.FILES_MAX_RECORD_BYTES));
    Path done = Path.of(properties.text(Setting.FILES_DONE));
    return new Exports(plans, limits, done, stop, Clock.systemUTC());
  }

  private static Messages messages(
      ApplicationProperties properties,
      PlansInForce plans,
      StopSignal stop,
      Optional<BatchKinesisComponent> delivery) {
    NdjsonReader.Limits batches =
        NdjsonReader.Limits.DEFAULT.withMaxRecordBytes(
            properties.number(Setting.MESSAGES_MAX_RECORD_BYTES));
    return new Messages(
        plans,
        new MessageReader.Limits(batches, properties.number(Setting.MESSAGES_MAX_BYTES)),
        stop,
        records -> delivery.ifPresent(senders -> senders.withdraw(records)));
  }

  /** Brokers' clients are optional libraries: none is asked for unless its source is on. */
  private static void bindConnections(
      CamelContext context,
      ApplicationProperties properties,
      List<Destination> destinations,
      StopSignal stop) {
    Registry registry = context.getRegistry();
    if (properties.isOn(Setting.JMS_ENABLED)) {
      OptionalLibrary.JMS.require(properties);
      OptionalLibrary.ARTEMIS.require(properties);
      registry.bind(JmsConnections.BEAN, JmsConnections.to(properties, stop));
      JmsTrouble.install(context, stop);
      registry.bind(JmsBodies.BEAN, new JmsBodies());
    }
    if (properties.isOn(Setting.AMQP_ENABLED)) {
      OptionalLibrary.AMQP.require(properties);
      OptionalLibrary.QPID.require(properties);
      registry.bind(AmqpConnections.BEAN, AmqpConnections.to(properties, stop));
      JmsTrouble.install(context, stop);
      registry.bind(JmsBodies.BEAN, new JmsBodies());
    }
    if (properties.isOn(Setting.SQS_ENABLED)) {
      OptionalLibrary.SQS.require(properties);
      OptionalLibrary.SQS_CLIENT.require(properties);
      SqsConnection.bind(registry, properties, stop);
    }
    if (properties.isOn(Setting.KAFKA_ENABLED)) {
      OptionalLibrary.KAFKA.require(properties);
      OptionalLibrary.KAFKA_CLIENT.require(properties);
      registry.bind(KafkaConnections.BEAN, KafkaConnections.to(properties, destinations, stop));
      registry.bind(KafkaConnections.FAILURES, new SourceFailures());
    }
    if (properties.isOn(Setting.REST_ENABLED)) {
      OptionalLibrary.REST.require(properties);
      RestEngine.bind(registry, properties);
    }
  }

  /** What the enrichments that are switched on must have of a profile. */
  private static Projection bindEnrichments(
      Registry registry, ApplicationProperties properties, EnrichmentRules rules) {
    registry.bind("enrichmentRules", new ApplyRules(rules));
    List<Enrichment> enrichments = new ArrayList<>();
    registry.bind(
        "normalizeNamespaces",
        step(enrichments, properties.isOn(Setting.NORMALIZE_NAMESPACES), NamespaceCodes::new));
    registry.bind(
        "hashEmails",
        step(
            enrichments,
            properties.isOn(Setting.EMAIL_SHA256),
            () -> new EmailHash(properties.paths(Setting.EMAIL_PATHS))));
    registry.bind(
        "hashPhones",
        step(enrichments, properties.isOn(Setting.PHONE_SHA256), () -> phoneHash(properties)));

    Projection ofSteps = Projection.ofPaths(properties.paths(Setting.ENRICHMENT_STEP_PATHS));
    return enrichments.stream()
        .map(Enrichment::needs)
        .reduce(rules.needs().union(ofSteps), Projection::union);
  }

  private static void bindSteps(
      Registry registry, CamelContext context, ActivationOptions options, AuditLog audit) {
    registry.bind(
        "destinationBatches",
        Expression.class,
        expression(exchange -> Bodies.profileBatch(exchange).getDestinationBatches()));
    registry.bind(
        "destinationRoute",
        Expression.class,
        expression(exchange -> "direct:" + Bodies.destinationBatch(exchange).plan().route()));
    registry.bind("decode", new Decode());
    registry.bind("identify", new Identify());
    registry.bind("rejectOpenRecords", new RejectOpenRecords());
    registry.bind("endTornLine", new EndTornLine());
    registry.bind("govern", new Govern(audit.isOn()));
    registry.bind("map", new MapEvents());
    registry.bind("detectChange", new DetectChange());
    if (options.sources() instanceof ActivationOptions.Sources.Explain explain) {
      RememberProfiles select = new RememberProfiles();
      registry.bind("select", select);
      registry.bind("settle", new ShowExplanation(explain, select));
    } else {
      registry.bind("select", new Select());
      registry.bind("settle", settle(context, options, audit));
    }
  }

  private static PhoneHash phoneHash(ApplicationProperties properties) {
    String region = properties.text(Setting.PHONE_REGION);
    Set<XdmPath> paths = properties.paths(Setting.PHONE_PATHS);
    return region.isEmpty()
        ? PhoneHash.ofInternationalNumbers(paths)
        : PhoneHash.ofNumbersIn(region, paths);
  }

  private static Expression expression(Function<Exchange, Object> function) {
    return new ExpressionAdapter() {
      @Override
      public Object evaluate(Exchange exchange) {
        return function.apply(exchange);
      }
    };
  }

  /** The enrichment as a step, which leaves everything as it is unless it is switched on. */
  private static Processor step(
      List<Enrichment> active, boolean isOn, Supplier<Enrichment> configured) {
    if (!isOn) {
      return new Enrich(Enrich.NOTHING);
    }
    Enrichment enrichment = configured.get();
    active.add(enrichment);
    return new Enrich(enrichment);
  }

  private static Processor settle(CamelContext context, ActivationOptions options, AuditLog audit) {
    if (options.sources() instanceof ActivationOptions.Sources.Preview preview) {
      return new ShowPreview(preview);
    }
    ProducerTemplate template = context.createProducerTemplate();
    String runId = context.resolvePropertyPlaceholders("{{activation.run}}");
    return new Settle(
        runId,
        new DeadLetterOffice(documents -> sendDeadLetters(template, documents), Clock.systemUTC()),
        audit);
  }

  private static void sendDeadLetters(ProducerTemplate template, byte[] documents) {
    Exchange sent =
        template.request(DEAD_LETTER, exchange -> exchange.getMessage().setBody(documents));
    if (sent.getException() != null) {
      throw new RuntimeCamelException(
          "the route dead-letter could not keep the dead letters of a batch", sent.getException());
    }
  }

  private static Optional<BatchKinesisComponent> bindDelivery(
      CamelContext context, Plans plans, ActivationOptions options) {
    Registry registry = context.getRegistry();
    plans.destinations().forEach(plan -> ServedDestinations.bindClient(context, plan, options));
    if (options.sources().destinationToLookAt().isPresent()) {
      for (String scheme : Set.of("aws2-kinesis", "aws2-kinesis-batch")) {
        registry.bind(scheme, Component.class, new NothingSentComponent());
      }
      return Optional.empty();
    }
    BatchKinesisComponent component = new BatchKinesisComponent();
    registry.bind("aws2-kinesis", Component.class, component);
    return Optional.of(component);
  }
}
