package org.audienceactivation.route;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.camel.spi.Registry;
import org.audienceactivation.config.Problem;
import org.audienceactivation.sqs.SharedQueue;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;

/**
 * The queue for {@code sqs.camel.yaml}. A class of its own, because the SDK's client for SQS is an
 * optional library.
 */
final class SqsConnection {
  static final String QUEUE = "sqsQueue";
  static final String GIVE_BACK = "sqsGiveBack";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,80}(\\.fifo)?");
  private static final Pattern URL =
      Pattern.compile("https?://[^\\s/?]+/\\S*[A-Za-z0-9_-](\\.fifo)?");
  private static final Pattern REGION = Pattern.compile("([a-z]+(-[a-z]+)+-\\d+)?");

  /** What SQS lets a receiver wait for at most, and a little. */
  private static final Duration LONGEST_POLL = Duration.ofSeconds(29);

  /** A call that hangs must not keep the others from extending what is in flight. */
  private static final Duration LONGEST_CALL = Duration.ofSeconds(5);

  private SqsConnection() {}

  /**
   * Binds the queue, and what gives messages back to it. Does not connect yet; the registry closes
   * it when the routes have ended.
   *
   * @throws ConfigurationException if the settings name no queue
   */
  static void bind(Registry registry, ApplicationProperties properties, StopSignal stop) {
    List<Problem> problems = problems(properties);
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    SharedQueue.Settings settings =
        new SharedQueue.Settings(
            properties.text(Setting.SQS_QUEUE),
            place(properties),
            properties.number(Setting.SQS_CONSUMERS),
            Duration.ofSeconds(properties.number(Setting.SQS_VISIBILITY_SECONDS)));
    SharedQueue queue =
        new SharedQueue(
            settings,
            client(properties, LONGEST_POLL),
            client(properties, LONGEST_CALL),
            stop::isGiven);
    registry.bind(QUEUE, queue, null, "close");
    registry.bind(GIVE_BACK, new SqsGiveBack(queue));
  }

  private static String place(ApplicationProperties properties) {
    String endpoint = properties.text(Setting.SQS_ENDPOINT);
    return endpoint.isEmpty()
        ? "(%s)".formatted(Setting.SQS_QUEUE.key())
        : "(%s) at %s (%s)"
            .formatted(Setting.SQS_QUEUE.key(), endpoint, Setting.SQS_ENDPOINT.key());
  }

  private static List<Problem> problems(ApplicationProperties properties) {
    List<Problem> problems = new ArrayList<>();
    String queue = properties.text(Setting.SQS_QUEUE);
    if (!NAME.matcher(queue).matches() && !URL.matcher(queue).matches()) {
      problems.add(
          properties.problem(
              Setting.SQS_QUEUE.key(),
              "\"" + queue + "\" is neither the name of a queue nor its URL"));
    }
    String region = properties.text(Setting.SQS_REGION);
    if (!REGION.matcher(region).matches()) {
      problems.add(
          properties.problem(
              Setting.SQS_REGION.key(),
              "\"" + region + "\" is no region; write it like eu-west-1, or leave it empty"));
    }
    String endpoint = properties.text(Setting.SQS_ENDPOINT);
    if (!endpoint.isEmpty() && !isAddress(endpoint)) {
      problems.add(
          properties.problem(
              Setting.SQS_ENDPOINT.key(),
              "\"" + endpoint + "\" is no address; write it like https://HOST, or leave it empty"));
    }
    return problems;
  }

  private static boolean isAddress(String text) {
    try {
      URI uri = URI.create(text);
      return uri.getHost() != null && List.of("http", "https").contains(uri.getScheme());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static SqsClient client(ApplicationProperties properties, Duration longest) {
    int consumers = properties.number(Setting.SQS_CONSUMERS);
    SqsClientBuilder builder =
        SqsClient.builder()
            .overrideConfiguration(calls -> calls.apiCallAttemptTimeout(longest))
            .httpClientBuilder(ApacheHttpClient.builder().maxConnections(Math.max(50, consumers)));
    String region = properties.text(Setting.SQS_REGION);
    if (!region.isEmpty()) {
      builder.region(Region.of(region));
    }
    String endpoint = properties.text(Setting.SQS_ENDPOINT);
    if (!endpoint.isEmpty()) {
      builder.endpointOverride(URI.create(endpoint));
    }
    try {
      return builder.build();
    } catch (SdkClientException e) {
      // the only thing that the SDK looks for here
      throw new ConfigurationException(
          List.of(
              properties.problem(
                  Setting.SQS_REGION.key(), "is empty, and the SDK finds no region elsewhere")));
    }
  }
}
