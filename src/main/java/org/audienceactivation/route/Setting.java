package org.audienceactivation.route;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.audienceactivation.profile.PhoneHash;

/**
 * Every property of ours in application.properties, with its type and default. A key with one of
 * our prefixes that is not listed here is a mistake.
 */
enum Setting {
  RELOAD_ENABLED("reload.enabled", Type.SWITCH, "true"),
  RELOAD_POLL_MILLIS("reload.pollMillis", Type.POSITIVE, "2000"),
  STATE_STORE("state.store", Type.STORE, "embedded"),
  STATE_DIRECTORY("state.directory", Type.TEXT, "{{activation.home}}/state"),
  STATE_URL("state.url", Type.TEXT, "jdbc:postgresql://localhost:5432/activation"),
  STATE_USER("state.user", Type.TEXT, ""),
  STATE_PASSWORD("state.password", Type.TEXT, ""),
  STATE_CONNECTIONS("state.connections", Type.THREADS, "8"),
  FILES_INPUT("files.input", Type.INPUT, "snapshot"),
  FILES_ENABLED("files.enabled", Type.SWITCH, "true"),
  FILES_INBOX("files.inbox", Type.TEXT, "{{activation.home}}/inbox"),
  FILES_DONE("files.done", Type.TEXT, "{{activation.home}}/done"),
  FILES_POLL_MILLIS("files.pollMillis", Type.POSITIVE, "500"),
  FILES_SETTLE_MILLIS("files.settleMillis", Type.POSITIVE, "5000"),
  FILES_MAX_RECORD_BYTES("files.maxRecordBytes", Type.RECORD_BYTES, "1048576"),
  MESSAGES_MAX_BYTES("messages.maxBytes", Type.POSITIVE, "16777216"),
  MESSAGES_MAX_RECORD_BYTES("messages.maxRecordBytes", Type.RECORD_BYTES, "1048576"),
  JMS_INPUT("jms.input", Type.INPUT, "snapshot"),
  JMS_ENABLED("jms.enabled", Type.SWITCH, "false"),
  JMS_BROKER_URL("jms.brokerUrl", Type.TEXT, "tcp://localhost:61616"),
  JMS_USER("jms.user", Type.TEXT, ""),
  JMS_PASSWORD("jms.password", Type.TEXT, ""),
  JMS_QUEUE("jms.queue", Type.TEXT, "profiles"),
  JMS_CONSUMERS("jms.consumers", Type.THREADS, "50"),
  REST_INPUT("rest.input", Type.INPUT, "snapshot"),
  REST_ENABLED("rest.enabled", Type.SWITCH, "false"),
  REST_HOST("rest.host", Type.TEXT, "127.0.0.1"),
  REST_PORT("rest.port", Type.PORT, "8080"),
  REST_API_KEY("rest.apiKey", Type.TEXT, ""),
  REST_TOKEN_CHECK("rest.tokenCheck", Type.TEXT, ""),
  REST_MAX_BYTES("rest.maxBytes", Type.POSITIVE, "16777216"),
  REST_CONCURRENCY("rest.concurrency", Type.THREADS, "200"),
  REST_LARGE_BODIES("rest.largeBodies", Type.THREADS, "4"),
  REST_TIMEOUT_MILLIS("rest.timeoutMillis", Type.POSITIVE, "30000"),
  REST_QUIET_MILLIS("rest.quietMillis", Type.POSITIVE, "20000"),
  KAFKA_INPUT("kafka.input", Type.INPUT, "snapshot"),
  KAFKA_ENABLED("kafka.enabled", Type.SWITCH, "false"),
  KAFKA_BROKERS("kafka.brokers", Type.TEXT, "localhost:9092"),
  KAFKA_TOPIC("kafka.topic", Type.TEXT, "profiles"),
  KAFKA_GROUP_ID("kafka.groupId", Type.TEXT, "audience-activation"),
  KAFKA_CONSUMERS("kafka.consumers", Type.THREADS, "4"),
  KAFKA_MAX_POLL_RECORDS("kafka.maxPollRecords", Type.POSITIVE, "500"),
  KAFKA_MAX_POLL_INTERVAL_MILLIS("kafka.maxPollIntervalMillis", Type.POSITIVE, "2147483647"),
  KAFKA_SECURITY_PROTOCOL("kafka.securityProtocol", Type.TEXT, ""),
  KAFKA_SASL_MECHANISM("kafka.saslMechanism", Type.TEXT, ""),
  KAFKA_SASL_JAAS_CONFIG("kafka.saslJaasConfig", Type.TEXT, ""),
  KAFKA_CLIENT_CONFIG("kafka.clientConfig", Type.TEXT, ""),
  AMQP_INPUT("amqp.input", Type.INPUT, "snapshot"),
  AMQP_ENABLED("amqp.enabled", Type.SWITCH, "false"),
  AMQP_BROKER_URL("amqp.brokerUrl", Type.TEXT, "amqp://localhost:5672"),
  AMQP_USER("amqp.user", Type.TEXT, ""),
  AMQP_PASSWORD("amqp.password", Type.TEXT, ""),
  AMQP_QUEUE("amqp.queue", Type.TEXT, "profiles"),
  AMQP_CONSUMERS("amqp.consumers", Type.THREADS, "50"),
  SQS_INPUT("sqs.input", Type.INPUT, "snapshot"),
  SQS_ENABLED("sqs.enabled", Type.SWITCH, "false"),
  SQS_QUEUE("sqs.queue", Type.TEXT, "profiles"),
  SQS_REGION("sqs.region", Type.TEXT, ""),
  SQS_ENDPOINT("sqs.endpoint", Type.TEXT, ""),
  SQS_CONSUMERS("sqs.consumers", Type.THREADS, "50"),
  SQS_VISIBILITY_SECONDS("sqs.visibilitySeconds", Type.VISIBILITY, "120"),
  NORMALIZE_NAMESPACES("enrichment.normalizeNamespaces", Type.SWITCH, "false"),
  EMAIL_SHA256("enrichment.emailSha256", Type.SWITCH, "false"),
  EMAIL_PATHS("enrichment.emailPaths", Type.PATHS, ""),
  PHONE_SHA256("enrichment.phoneSha256", Type.SWITCH, "false"),
  PHONE_PATHS("enrichment.phonePaths", Type.PATHS, ""),
  PHONE_REGION("enrichment.phoneRegion", Type.REGION, ""),
  ENRICHMENT_STEP_PATHS("enrichment.stepPaths", Type.PATHS, ""),
  ENRICHMENT_REDELIVERIES("enrichment.redeliveries", Type.WHOLE_NUMBER, "5"),
  DEAD_LETTER_DIRECTORY("deadLetter.directory", Type.TEXT, "{{activation.home}}/dead-letter"),
  DEAD_LETTER_FILE("deadLetter.file", Type.TEXT, "{{activation.run}}.ndjson"),
  AUDIT_FILE("governance.audit.file", Type.TEXT, ""),
  AUDIT_KEY("governance.audit.key", Type.KEY, ""),
  AUDIT_DURABLE("governance.audit.durable", Type.SWITCH, "true"),
  AUDIT_MAX_BYTES("governance.audit.maxBytes", Type.POSITIVE, "104857600"),
  AUDIT_MAX_FILES("governance.audit.maxFiles", Type.POSITIVE, "10");

  /** What a value may be. */
  enum Type {
    TEXT("text"),
    SWITCH("true or false"),
    POSITIVE("a whole number from 1 to 2147483647"),
    /** Each is a thread, or as dear as one. */
    THREADS("a whole number from 1 to 10000"),
    PORT("a whole number from 0 to 65535"),
    RECORD_BYTES("a whole number from 1024 to 16777216"),
    VISIBILITY("a whole number from 3 to 3600"),
    WHOLE_NUMBER("a whole number from 0 to 2147483647"),
    STORE("embedded, postgresql or none"),
    INPUT("snapshot or delta"),
    KEY("empty, or at least 16 characters"),
    PATHS("attribute paths with commas between them, for example personalEmail.address"),
    REGION("empty, or the ISO 3166 code of a region that has phone numbers, for example FR");

    private final String allowed;

    Type(String allowed) {
      this.allowed = allowed;
    }

    String allowed() {
      return allowed;
    }

    boolean allows(String value) {
      return switch (this) {
        case TEXT, PATHS -> true;
        case STORE -> Set.of("embedded", "postgresql", "none").contains(value);
        case INPUT -> Set.of("snapshot", "delta").contains(value);
        case KEY -> value.isEmpty() || value.length() >= 16;
        case SWITCH -> value.equals("true") || value.equals("false");
        case POSITIVE -> number(value).filter(n -> n > 0).isPresent();
        case THREADS -> number(value).filter(n -> n > 0 && n <= 10_000).isPresent();
        case PORT -> number(value).filter(n -> n >= 0 && n <= 65_535).isPresent();
        case RECORD_BYTES -> number(value).filter(n -> n >= 1024 && n <= 16_777_216).isPresent();
        case VISIBILITY -> number(value).filter(n -> n >= 3 && n <= 3_600).isPresent();
        case WHOLE_NUMBER -> number(value).filter(n -> n >= 0).isPresent();
        case REGION -> value.isEmpty() || isRegion(value);
      };
    }

    /** Whether a value must not be shown. */
    boolean isSecret() {
      return this == KEY;
    }

    private static boolean isRegion(String value) {
      try {
        return PhoneHash.ofNumbersIn(value, Set.of()) != null;
      } catch (IllegalArgumentException e) {
        return false;
      }
    }

    private static Optional<Integer> number(String value) {
      try {
        return Optional.of(Integer.valueOf(value));
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    }
  }

  private final String key;
  private final Type type;
  private final String defaultValue;

  Setting(String key, Type type, String defaultValue) {
    this.key = key;
    this.type = type;
    this.defaultValue = defaultValue;
  }

  String key() {
    return key;
  }

  Type type() {
    return type;
  }

  String defaultValue() {
    return defaultValue;
  }

  /** Whether a key looks like one of ours, rightly spelled or not. */
  static boolean isOurs(String key) {
    return Arrays.stream(values()).anyMatch(one -> key.startsWith(group(one.key)));
  }

  static Optional<Setting> named(String key) {
    return Arrays.stream(values()).filter(one -> one.key.equals(key)).findFirst();
  }

  /** The keys that share the group of a key, for messages. */
  static String keysLike(String key) {
    return String.join(
        ", ",
        Arrays.stream(values())
            .map(Setting::key)
            .filter(other -> other.startsWith(group(key)))
            .toList());
  }

  private static String group(String key) {
    return key.substring(0, key.indexOf('.') + 1);
  }
}
