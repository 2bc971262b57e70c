package org.audienceactivation.route;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.Route;
import org.apache.camel.Suspendable;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.support.service.ServiceHelper;
import org.audienceactivation.accounting.OutcomeReport;
import org.audienceactivation.config.Checked;
import org.audienceactivation.config.Problem;
import org.audienceactivation.destination.Destination;
import org.audienceactivation.enrichment.EnrichmentRules;
import org.audienceactivation.kinesis.sender.SkewReport;
import org.audienceactivation.profile.AudienceRef;
import org.audienceactivation.profile.RawRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The application of one home: Camel Main with the home's routes, and the beans that they name.
 *
 * <p>Not thread-safe but for {@link #stop()}, {@link #report()}, {@link #skew()}, {@link
 * #configurationInForce()} and the progress figures.
 */
public final class Activation implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Activation.class);
  private static final DateTimeFormatter RUN_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final String PROFILES = "direct:profiles";
  private static final String ONCE_SETTLE_MILLIS = "1000";
  private static final Duration WITHDRAW_WITHIN = Duration.ofSeconds(10);

  /** So much of the shutdown timeout, but no more than a quarter, is for what is withdrawn. */
  private static final Duration LAST_CALLS_WITHIN = Duration.ofSeconds(5);

  /** An outage that began before a stop, and goes on for so long after it, is not waited out. */
  private static final Duration OUTAGE_ENDS_WITHIN = Duration.ofSeconds(5);

  private final Home home;
  private final ActivationOptions options;
  private final Main main;
  private Optional<OncePolling> polling = Optional.empty();
  private final List<Problem> tolerated = new ArrayList<>();
  private ApplicationProperties properties;
  private HomeFiles files;
  private ConfigurationInForce firstInForce;
  private PipelineBeans beans;
  private Optional<Reloading> reloading = Optional.empty();
  private AuditLog audit = AuditLog.off();
  private States states = States.none();
  private EnrichmentRules enrichment = EnrichmentRules.NONE;
  private ProducerTemplate profiles;
  private Path inbox = Path.of("");
  private long bytesToRead;
  private boolean stopped;
  private volatile Optional<Map<String, SkewReport>> skewAtTheEnd = Optional.empty();

  private Activation(Home home, ActivationOptions options) {
    this.home = home;
    this.options = options;
    this.main = new Main();
  }

  /**
   * Puts everything together and starts it.
   *
   * @throws ConfigurationException if configuration or routes cannot be used
   */
  public static Activation start(Home home, ActivationOptions options) {
    Activation activation = new Activation(home, options);
    try {
      activation.prepare();
      activation.start();
      return activation;
    } catch (Exception e) {
      activation.main.stop();
      activation.audit.close();
      activation.states.close();
      activation.enrichment.close();
      throw activation.explained(e);
    }
  }

  /** All that is known to be wrong when the start failed with this exception. */
  private ConfigurationException explained(Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConfigurationException configuration) {
        Set<Problem> all = new LinkedHashSet<>(tolerated);
        all.addAll(configuration.problems());
        return new ConfigurationException(List.copyOf(all));
      }
    }
    LOG.debug("Camel cannot start the routes of {}", home.directory(), failure);
    if (!isDryRun()) {
      // what validate says of the routes says more than what Camel stopped at
      List<Problem> ofRoutes = Validation.withoutLoading(home);
      if (!ofRoutes.isEmpty()) {
        return new ConfigurationException(ofRoutes);
      }
    }
    return ConfigurationException.ofStart(tolerated, StartProblem.of(failure, home));
  }

  private void prepare() {
    if (!home.properties().toFile().canRead()) {
      throw new ConfigurationException(List.of(ApplicationProperties.missing(home)));
    }
    // for its mistakes with their lines, before Camel reads it
    ApplicationProperties.read(home, text -> text);
    if (home.routeFiles().isEmpty()) {
      throw new ConfigurationException(
          List.of(new Problem("routes", 1, "no route; this folder needs *.camel.yaml files")));
    }
    List<Problem> syntax = RouteFiles.syntaxProblems(home);
    if (!isDryRun() && !syntax.isEmpty()) {
      throw new ConfigurationException(syntax);
    }
    main.setDefaultPropertyPlaceholderLocation("file:" + home.properties());
    main.addInitialProperty(
        "camel.main.routesIncludePattern", "file:" + home.routes() + "/*.camel.yaml");
    for (Setting setting : Setting.values()) {
      main.addInitialProperty(setting.key(), setting.defaultValue());
    }
    main.addOverrideProperty("activation.home", home.directory().toString());
    main.addOverrideProperty("activation.run", runId());
    if (options.sources() instanceof ActivationOptions.Sources.Once) {
      // who asks for one run says that what lies there is whole; what the home says comes first
      main.addInitialProperty(Setting.FILES_SETTLE_MILLIS.key(), ONCE_SETTLE_MILLIS);
    }
    options.overrides().forEach(main::addOverrideProperty);
    main.addMainListener(
        new MainListenerSupport() {
          @Override
          public void beforeConfigure(BaseMainSupport support) {
            configure(support.getCamelContext());
          }
        });
  }

  private void start() throws Exception {
    main.init();
    CamelContext context = main.getCamelContext();
    tolerated.addAll(RouteChecks.problems(context, home, options.sources()));
    if (!isDryRun() && !tolerated.isEmpty()) {
      throw new ConfigurationException(tolerated);
    }
    context.setAutoStartup(startsSources());
    if (startsSources() && properties.isOn(Setting.REST_ENABLED)) {
      RestEngine.requireFreeAddress(properties);
    }
    main.start();
    if (options.sources().destinationToLookAt().isPresent()) {
      startCallableRoutes(context);
    }
    profiles = context.createProducerTemplate();
    polling.ifPresent(OncePolling::allStarted);
    if (!tolerated.isEmpty()) {
      throw new ConfigurationException(tolerated);
    }
    if (startsSources()) {
      LOG.info("configuration {} is in force", firstInForce.version());
    }
    if (options.sources() instanceof ActivationOptions.Sources.Watching && states.areKept()) {
      StateWatch.start(states, new Resends(properties), beans.stop());
    }
    if (options.sources() instanceof ActivationOptions.Sources.Watching
        && properties.isOn(Setting.RELOAD_ENABLED)) {
      reloading = Optional.of(watchConfiguration(context));
    }
  }

  /**
   * Asks that members are sent again with the next input of a destination.
   *
   * @param audience one that is mapped; empty for all
   * @throws ConfigurationException if nothing is kept of what was delivered
   */
  public ResendStatus resend(String destination, Optional<AudienceRef> audience) {
    Resends resends = new Resends(properties);
    return states
        .known(destination)
        .map(state -> resends.ask(state, destination, audience))
        .orElseGet(() -> resends.ask(destination, audience));
  }

  /** What became of the last request to send members of a destination again. */
  public ResendStatus resendStatus(String destination) {
    return new Resends(properties).status(destination);
  }

  private Reloading watchConfiguration(CamelContext context) {
    PlansInForce plans = beans.plans();
    Changeover changes =
        new Changeover(
            plans,
            new ServedDestinations(context, home, options, plans.now().destinations()),
            this::problemsWithSources,
            beans.making(),
            records -> beans.component().ifPresent(senders -> senders.withdraw(records)),
            beans.stop());
    Reload reload =
        new Reload(
            home, context::resolvePropertyPlaceholders, files, changes, enrichment.derived());
    Duration every = Duration.ofMillis(properties.number(Setting.RELOAD_POLL_MILLIS));
    return Reloading.start(reload, every, beans.stop());
  }

  private List<Problem> problemsWithSources(HomeConfiguration configuration) {
    List<Problem> problems =
        new ArrayList<>(HashedSources.problems(properties, configuration.rules()));
    if (properties.isOn(Setting.KAFKA_ENABLED)) {
      problems.addAll(
          KafkaConnections.problemsOfPollInterval(properties, configuration.destinations()));
    }
    return problems;
  }

  private boolean startsSources() {
    return options.sources() instanceof ActivationOptions.Sources.Watching
        || options.sources() instanceof ActivationOptions.Sources.Once;
  }

  private boolean isDryRun() {
    return options.sources() instanceof ActivationOptions.Sources.Nothing;
  }

  private static String runId() {
    byte[] suffix = new byte[2];
    new SecureRandom().nextBytes(suffix);
    return RUN_TIME.format(Instant.now(Clock.systemUTC())) + "-" + HexFormat.of().formatHex(suffix);
  }

  private void configure(CamelContext context) {
    properties = ApplicationProperties.read(home, context::resolvePropertyPlaceholders);
    files = HomeFiles.read(home);
    firstInForce = ConfigurationInForce.of(files);
    List<Problem> problems = new ArrayList<>(properties.problems());
    Checked<EnrichmentRules> rules =
        EnrichmentFile.read(home, context::resolvePropertyPlaceholders);
    problems.addAll(rules.problems());
    enrichment = rules.toOptional().orElse(EnrichmentRules.NONE);
    Checked<HomeConfiguration> read =
        HomeConfiguration.read(files, context::resolvePropertyPlaceholders, enrichment.derived());
    problems.addAll(read.problems());
    if (properties.problems().isEmpty()) {
      read.toOptional()
          .ifPresent(all -> problems.addAll(HashedSources.problems(properties, all.rules())));
    }
    boolean canGoOn = isDryRun() && properties.problems().isEmpty();
    if (startsSources() && properties.problems().isEmpty()) {
      problems.addAll(WorkingFolders.problems(properties));
    }
    if (!problems.isEmpty() && !canGoOn) {
      throw new ConfigurationException(problems);
    }
    // a dry run goes on without what is broken, to find what else is
    tolerated.addAll(problems);
    HomeConfiguration configuration = read.toOptional().orElseGet(HomeConfiguration::none);
    StopSignal stop = new StopSignal();
    if (startsSources()) {
      audit = AuditLog.open(properties, properties.text("activation.run"), stop);
      states = new States(StateStores.open(properties, options.state()), stop, Clock.systemUTC());
    }
    beans =
        PipelineBeans.bind(
            context, properties, configuration, options, stop, audit, states, enrichment);
    main.configure().addRoutesBuilder(new DestinationRoutes(beans.plans().now().destinations()));
    if (options.sources() instanceof ActivationOptions.Sources.Once) {
      inbox = Path.of(properties.text(Setting.FILES_INBOX));
      bytesToRead =
          Exports.exportsIn(inbox).stream().mapToLong(file -> file.toFile().length()).sum();
      OncePolling once = new OncePolling(beans.exports());
      context.addLifecycleStrategy(once);
      polling = Optional.of(once);
    }
  }

  private static void startCallableRoutes(CamelContext context) throws Exception {
    for (Route route : context.getRoutes()) {
      if (route.getEndpoint().getEndpointUri().startsWith("direct:")) {
        context.getRouteController().startRoute(route.getRouteId());
      }
    }
  }

  /** The destinations that are in force, also those that this application does not feed. */
  public List<Destination> destinations() {
    return beans.plans().now().configuration().destinations();
  }

  /**
   * Waits until the polled sources have nothing left, or a stop is under way.
   *
   * @throws IllegalStateException unless the application was started to run once
   */
  public void awaitNothingLeft() throws InterruptedException {
    polling.orElseThrow(() -> new IllegalStateException("not started to run once")).await();
  }

  /**
   * Sends records through the pipeline and waits until they are through.
   *
   * @throws IllegalStateException if they did not get through
   */
  public void process(String name, List<RawRecord> records) {
    ProfileBatch batch = new ProfileBatch(name, records, beans.plans().now(), settled -> {});
    Exchange exchange = profiles.request(PROFILES, sent -> sent.getMessage().setBody(batch));
    if (exchange.getException() != null) {
      throw new IllegalStateException(
          "batch " + name + " did not get through", exchange.getException());
    }
  }

  /**
   * That the configuration in the files is refused, and which stays in force instead; empty if what
   * lies there is in force, or nobody looks.
   */
  public Optional<String> refusedConfiguration() {
    return reloading.flatMap(Reloading::refusal);
  }

  /** The configuration that is in force, or was at the end. */
  public ConfigurationInForce configurationInForce() {
    return reloading.map(Reloading::inForce).orElse(firstInForce);
  }

  /** What became of the records so far; exact once {@link #stop()} has returned. */
  public OutcomeReport report() {
    return new OutcomeReport(beans.ledger().totals());
  }

  /**
   * How evenly each destination's stream was used so far, by the destination's name; final once
   * {@link #stop()} has returned. Of one that got another sender meanwhile, only the last is told;
   * of one that is not fed any more, none. Destinations with the same stream, account and limits
   * share a sender, and have the same report.
   */
  public Map<String, SkewReport> skew() {
    return skewAtTheEnd.orElseGet(this::skewSoFar);
  }

  private Map<String, SkewReport> skewSoFar() {
    return DestinationSkew.of(main.getCamelContext(), beans.plans().now().destinations());
  }

  /** Bytes that were read of the export files so far, as they lie on the disk. */
  public long bytesRead() {
    return beans.exports().bytesRead();
  }

  /** The size of all files that lay in the inbox at the start; 0 unless started to run once. */
  public long bytesToRead() {
    return bytesToRead;
  }

  /**
   * What a run that was to process everything has left in the inbox: files that could not be
   * settled, that are still being written, or that came too late. Names only.
   */
  public List<String> leftInInbox() {
    return Exports.exportsIn(inbox).stream().map(file -> file.getFileName().toString()).toList();
  }

  /**
   * Stops: nothing new is begun, what is in flight is settled within the shutdown timeout, and what
   * cannot be settled by then is returned to its source. An outage that began before is given some
   * seconds to end, not the whole timeout. Stopping again does nothing.
   */
  public synchronized void stop() {
    if (stopped) {
      return;
    }
    stopped = true;
    beans.stop().give();
    polling.ifPresent(OncePolling::giveUp);
    reloading.ifPresent(Reloading::awaitEnd);
    CamelContext context = main.getCamelContext();
    takeNoMoreMessages(context);
    Duration timeout = Duration.ofSeconds(context.getShutdownStrategy().getTimeout());
    Duration forLastCalls = lastCallsWithin(timeout);
    long asked = System.nanoTime();
    if (!awaitIdle(context, timeout.minus(forLastCalls), this::waitsInVain)) {
      LOG.warn(
          "{} batches could not be settled within {} s; their open records are returned",
          context.getInflightRepository().size(),
          Duration.ofNanos(System.nanoTime() - asked).toSeconds());
      beans.component().ifPresent(senders -> senders.withdraw(forLastCalls));
      awaitIdle(context, WITHDRAW_WITHIN, waited -> false);
      // whatever still runs has had its time
      context.getShutdownStrategy().setTimeout(1);
    }
    // the senders end with the context
    skewAtTheEnd = Optional.of(skewSoFar());
    context.getRegistry().findByTypeWithName(Enrich.class).forEach(Activation::sayUnusable);
    main.stop();
    beans.exports().giveBackOpen();
    beans.messages().giveBackOpen();
    audit.close();
    states.close();
    enrichment.close();
  }

  private static Duration lastCallsWithin(Duration timeout) {
    Duration quarter = timeout.dividedBy(4);
    return quarter.compareTo(LAST_CALLS_WITHIN) < 0 ? quarter : LAST_CALLS_WITHIN;
  }

  /**
   * A message that came in now could only be given back, which would use up one of the attempts
   * that its broker allows.
   */
  private static void takeNoMoreMessages(CamelContext context) {
    for (Route route : context.getRoutes()) {
      boolean canWait = route.getConsumer() instanceof Suspendable;
      if (canWait && !route.getEndpoint().getEndpointUri().startsWith("direct:")) {
        ServiceHelper.suspendService(route.getConsumer());
      }
    }
  }

  private static void sayUnusable(String step, Enrich enrich) {
    if (enrich.unusable() > 0) {
      LOG.warn(
          "{}: {} values could not be read; nothing was added for them", step, enrich.unusable());
    }
  }

  /** Only streams hold the rest up, which have taken nothing since before the stop. */
  private boolean waitsInVain(Duration waited) {
    return waited.compareTo(OUTAGE_ENDS_WITHIN) >= 0
        && beans.component().filter(senders -> senders.waitsInVain(waited)).isPresent();
  }

  private static boolean awaitIdle(
      CamelContext context, Duration timeout, Predicate<Duration> inVain) {
    long begin = System.nanoTime();
    StopSignal never = new StopSignal();
    while (context.getInflightRepository().size() > 0) {
      Duration waited = Duration.ofNanos(System.nanoTime() - begin);
      if (waited.compareTo(timeout) > 0 || inVain.test(waited)) {
        return false;
      }
      never.pause(Duration.ofMillis(20));
    }
    return true;
  }

  @Override
  public void close() {
    stop();
  }
}
