package org.audienceactivation.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.audienceactivation.config.Problem;

/**
 * Settings of Kafka's client that can never do, whatever the brokers say. The client looks at them
 * only when it connects, and would be made again and again. No value is repeated but that of the
 * protocol: it may be a secret.
 */
final class KafkaSecurity {
  private static final Pattern CONFIGURATION = Pattern.compile("for configuration ([a-z0-9._]+)");

  private KafkaSecurity() {}

  /**
   * What is wrong with the settings.
   *
   * @param client what the client's file and the settings of security say together
   */
  static List<Problem> problems(ApplicationProperties properties, Properties client) {
    List<Problem> problems = new ArrayList<>();
    String protocol =
        client
            .getProperty(
                CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, SecurityProtocol.PLAINTEXT.name)
            .toUpperCase(Locale.ROOT);
    if (!SecurityProtocol.names().contains(protocol)) {
      problems.add(
          properties.problem(
              setter(properties, Setting.KAFKA_SECURITY_PROTOCOL),
              "\""
                  + protocol
                  + "\" is no security protocol; allowed: "
                  + String.join(", ", SecurityProtocol.names())));
    } else if (protocol.startsWith("SASL_")) {
      jaasProblem(client)
          .map(
              wrong ->
                  properties.problem(setter(properties, Setting.KAFKA_SASL_JAAS_CONFIG), wrong))
          .ifPresent(problems::add);
    }
    if (problems.isEmpty()) {
      wrongValue(client)
          .map(wrong -> properties.problem(Setting.KAFKA_CLIENT_CONFIG.key(), wrong))
          .ifPresent(problems::add);
    }
    return problems;
  }

  /** Where the value comes from: what the settings leave open the file may say. */
  private static String setter(ApplicationProperties properties, Setting setting) {
    boolean isOfFile =
        properties.text(setting).isEmpty()
            && !properties.text(Setting.KAFKA_CLIENT_CONFIG).isEmpty();
    return (isOfFile ? Setting.KAFKA_CLIENT_CONFIG : setting).key();
  }

  private static Optional<String> jaasProblem(Properties client) {
    Map<String, Object> config = new HashMap<>();
    String text = client.getProperty(SaslConfigs.SASL_JAAS_CONFIG);
    if (text != null) {
      config.put(SaslConfigs.SASL_JAAS_CONFIG, new Password(text));
    }
    try {
      return JaasContext.loadClientContext(config).configurationEntries().stream()
          .map(AppConfigurationEntry::getLoginModuleName)
          .filter(module -> !isClass(module))
          .findFirst()
          .map(module -> "names a login module that is not on the class path");
    } catch (RuntimeException e) {
      String wrong = text == null ? "is missing, and SASL needs it" : "cannot be read";
      return Optional.of(
          wrong + "; write it like LOGIN.MODULE required username=\"…\" password=\"…\";");
    }
  }

  private static boolean isClass(String name) {
    try {
      return Class.forName(name, false, JaasContext.class.getClassLoader()) != null;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static Optional<String> wrongValue(Properties client) {
    Map<String, Object> all = new HashMap<>();
    client.stringPropertyNames().forEach(key -> all.put(key, client.getProperty(key)));
    all.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    all.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    try {
      ConsumerConfig unused = new ConsumerConfig(all);
      return Optional.empty();
    } catch (ConfigException e) {
      Matcher configuration = CONFIGURATION.matcher(String.valueOf(e.getMessage()));
      return Optional.of(
          configuration.find()
              ? "the value of " + configuration.group(1) + " is not what Kafka's client takes"
              : "is not what Kafka's client takes");
    }
  }
}
