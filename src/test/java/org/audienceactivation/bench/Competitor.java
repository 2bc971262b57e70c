package org.audienceactivation.bench;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.audienceactivation.bench.StockKinesis.Form;
import org.audienceactivation.bench.StockKinesis.Input;

/** Those who are measured, in the order of the table. */
enum Competitor {
  COPY("copy", "Jackson copies the profiles (limit of parsing)", 1),
  SDK("sdk", "Bare SDK, ready-made events (limit of sending)", 1),
  PIPELINE("pipeline", "**Whole pipeline, from the file**", 1),
  KAFKA("kafka", "**Whole pipeline, from Kafka, messages of one profile**", 1),
  REST("rest", "**Whole pipeline, from HTTP calls**, one profile a call", 4),
  JMS("jms", "**Whole pipeline, from a queue**, one profile a message", 8),
  SENDER_500("sender-500", "**Our component**, exchanges of 500", 1),
  SENDER_64("sender-64x1", "**Our component**, 64 threads, exchanges of one", 4),
  SENDER_64_ASYNC(
      "sender-64x1-async", "**Our component**, 64 exchanges of one, no thread waits", 4),
  LIMITED_500("limited-500", "**Our component**, stream of 16 shards, exchanges of 500", 8),
  LIMITED_64("limited-64x1", "**Our component**, stream of 16 shards, 64 exchanges of one", 8),
  STOCK_JOB("stock-job", "Stock Camel, from the profiles, lists of 500", 1),
  STOCK_JOB_ONE("stock-job-one", "Stock Camel, from the profiles, one by one", 50),
  STOCK_BATCH("stock-batch", "Stock Camel, lists of 500", 1),
  STOCK_BATCH_PARALLEL("stock-batch-parallel", "Stock Camel, lists of 500, parallel splitter", 1),
  STOCK_ONE("stock-one", "Stock Camel, one by one", 50),
  STOCK_ONE_PARALLEL("stock-one-parallel", "Stock Camel, one by one, parallel splitter", 25),
  PUT_RECORD("put-record", "Bare SDK, ready-made events, one a call (PutRecord)", 4),
  GOVERNED_NONE("governed-none", "Whole pipeline, no governance", 1),
  GOVERNED_CONSENT("governed-consent", "… two consents and two consent policies", 1),
  GOVERNED_STRIP("governed-strip", "… an attribute and an identity are left out", 1),
  GOVERNED_AUDIT("governed-audit", "… these are only counted", 1),
  GOVERNED_LOG("governed-log", "… consents and policies as above, and the audit log", 1),
  STATE_NONE("state-none", "Whole pipeline, nothing is remembered", 1),
  STATE_EMBEDDED("state-embedded", "… embedded store, every profile has changed", 1),
  STATE_UNCHANGED("state-unchanged", "… embedded store, none has changed", 1),
  STATE_POSTGRESQL("state-postgresql", "… PostgreSQL, every profile has changed", 1);

  private final String id;
  private final String title;
  private final int share;

  /**
   * One of them.
   *
   * @param share it gets one record in so many
   */
  Competitor(String id, String title, int share) {
    this.id = id;
    this.title = title;
    this.share = share;
  }

  String id() {
    return id;
  }

  String title() {
    return title;
  }

  /** Whether its stream takes no more than the shards of the service do. */
  boolean isLimited() {
    return this == LIMITED_500 || this == LIMITED_64;
  }

  /** Whether it is there to be compared with others of its kind, which differ in governance. */
  boolean isGoverned() {
    return compareTo(GOVERNED_NONE) >= 0 && !isRemembering();
  }

  /** Whether it is there to be compared with others of its kind, which differ in state. */
  boolean isRemembering() {
    return compareTo(STATE_NONE) >= 0;
  }

  /** How many of so many records must be in its calls. */
  int sentOf(int records) {
    return switch (this) {
      case COPY, STATE_UNCHANGED -> 0;
      case GOVERNED_CONSENT -> GovernanceRules.CONSENT.deliveredOf(records);
      case GOVERNED_LOG -> GovernanceRules.AUDIT_LOG.deliveredOf(records);
      default -> records;
    };
  }

  /** How many of so many records it gets: the slow ones get fewer, and still enough. */
  int recordsOf(int all) {
    return Math.max(1, all / share);
  }

  Contestant start(Load load) throws Exception {
    return switch (this) {
      case COPY -> new JacksonCopy(load);
      case SDK -> new BareSdk(load);
      case PIPELINE -> new Pipeline(load);
      case KAFKA -> new KafkaPipeline(load);
      case REST -> new RestPipeline(load);
      case JMS -> new JmsPipeline(load);
      case SENDER_500 -> new ComponentSender(load, ComponentSender.Exchanges.OF_500);
      case SENDER_64 -> new ComponentSender(load, ComponentSender.Exchanges.OF_ONE);
      case SENDER_64_ASYNC -> new ComponentSender(load, ComponentSender.Exchanges.OF_ONE_ASYNC);
      case LIMITED_500 -> new ComponentSender(load, ComponentSender.Exchanges.OF_500);
      case LIMITED_64 -> new ComponentSender(load, ComponentSender.Exchanges.OF_ONE);
      case STOCK_JOB -> new StockKinesis(load, Form.BATCH, Input.PROFILES);
      case STOCK_JOB_ONE -> new StockKinesis(load, Form.ONE_BY_ONE, Input.PROFILES);
      case STOCK_BATCH -> new StockKinesis(load, Form.BATCH, Input.EVENTS);
      case STOCK_BATCH_PARALLEL -> new StockKinesis(load, Form.BATCH_PARALLEL, Input.EVENTS);
      case STOCK_ONE -> new StockKinesis(load, Form.ONE_BY_ONE, Input.EVENTS);
      case STOCK_ONE_PARALLEL -> new StockKinesis(load, Form.ONE_BY_ONE_PARALLEL, Input.EVENTS);
      case PUT_RECORD -> new BarePutRecord(load);
      case GOVERNED_NONE -> Pipeline.governed(load, GovernanceRules.NONE);
      case GOVERNED_CONSENT -> Pipeline.governed(load, GovernanceRules.CONSENT);
      case GOVERNED_STRIP -> Pipeline.governed(load, GovernanceRules.STRIP);
      case GOVERNED_AUDIT -> Pipeline.governed(load, GovernanceRules.AUDIT);
      case GOVERNED_LOG -> Pipeline.governed(load, GovernanceRules.AUDIT_LOG);
      case STATE_NONE -> new Pipeline(load);
      case STATE_EMBEDDED -> RememberingPipeline.embedded(load, true);
      case STATE_UNCHANGED -> RememberingPipeline.embedded(load, false);
      case STATE_POSTGRESQL -> RememberingPipeline.postgresql(load);
    };
  }

  static Optional<Competitor> named(String id) {
    return Arrays.stream(values()).filter(one -> one.id.equals(id)).findFirst();
  }

  static String ids() {
    return Arrays.stream(values()).map(Competitor::id).collect(Collectors.joining(", "));
  }
}
