package org.audienceactivation.kinesis.sender;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.audienceactivation.kinesis.sender.KinesisClientSettings.EndpointVariant;

/**
 * Refuses what the SDK accepts when a client is built and then fails at with every call: a variant
 * of a service's endpoint, and beside it an address of one's own for the same service. The address
 * may come from the environment, so the message says where it stands.
 */
final class EndpointChoice {

  private final UnaryOperator<String> properties;
  private final UnaryOperator<String> environment;

  EndpointChoice() {
    this(System::getProperty, System::getenv);
  }

  EndpointChoice(UnaryOperator<String> properties, UnaryOperator<String> environment) {
    this.properties = properties;
    this.environment = environment;
  }

  /**
   * Checks what the SDK has made of all settings.
   *
   * @param service as the SDK names its settings: Kinesis, Sts
   * @param override where calls go instead of the region's endpoint
   * @throws IllegalArgumentException naming both settings
   */
  void requireOne(String service, Set<EndpointVariant> variants, Optional<URI> override) {
    if (variants.isEmpty() || override.isEmpty()) {
      return;
    }
    throw new IllegalArgumentException(
        "%s and an endpoint of one's own exclude each other: %s leads calls to %s. Take one of them away"
            .formatted(names(variants), source(service), override.get()));
  }

  static String names(Set<EndpointVariant> variants) {
    return variants.stream()
        .map(
            variant ->
                switch (variant) {
                  case FIPS -> "fipsEndpoint";
                  case DUAL_STACK -> "dualStackEndpoint";
                })
        .sorted()
        .collect(Collectors.joining(" and "));
  }

  /** In the order in which the SDK looks. */
  private String source(String service) {
    Map<String, String> places = new LinkedHashMap<>();
    property(places, "aws.endpointUrl" + service);
    variable(places, "AWS_ENDPOINT_URL_" + service.toUpperCase(Locale.ROOT));
    property(places, "aws.endpointUrl");
    variable(places, "AWS_ENDPOINT_URL");
    return places.entrySet().stream()
        .filter(place -> Objects.nonNull(place.getValue()))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("endpoint_url of the AWS profile");
  }

  private void property(Map<String, String> places, String name) {
    places.put("the system property " + name, properties.apply(name));
  }

  private void variable(Map<String, String> places, String name) {
    places.put("the environment variable " + name, environment.apply(name));
  }
}
