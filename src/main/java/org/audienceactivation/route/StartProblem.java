package org.audienceactivation.route;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.FailedToCreateRouteException;
import org.audienceactivation.config.Problem;

/**
 * What Camel says when it cannot load or start the routes, as one line. Camel's own messages repeat
 * the whole route; what the user needs is its innermost cause, and where.
 */
final class StartProblem {
  private static final Pattern AT_LINE = Pattern.compile("line (\\d+)");

  /** What Camel misses, by a word of its message, and the setting that makes it. */
  private static final Map<String, Setting> MADE_BY =
      Map.ofEntries(
          entry("registry for: " + JmsConnections.BEAN, Setting.JMS_ENABLED),
          entry("registry for: " + AmqpConnections.BEAN, Setting.AMQP_ENABLED),
          entry("services.sqs.SqsClient", Setting.SQS_ENABLED),
          entry("registry for: " + KafkaConnections.FAILURES, Setting.KAFKA_ENABLED),
          entry("PlatformHttpEngine is neither set", Setting.REST_ENABLED));

  private StartProblem() {}

  static Problem of(Exception failure, Home home) {
    Optional<String> route = Optional.empty();
    Throwable innermost = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      innermost = cause;
      if (cause instanceof FailedToCreateRouteException failed && failed.getRouteId() != null) {
        route = Optional.of(failed.getRouteId());
      }
    }
    String message = innermost.getMessage() == null ? innermost.toString() : innermost.getMessage();
    Matcher line = AT_LINE.matcher(message);
    int at = line.find() ? Integer.parseInt(line.group(1)) : 1;
    return new Problem(
        file(failure, home),
        at,
        route.map(id -> "route " + id + ": ").orElse("") + oneLine(message) + hint(message));
  }

  /** What a source's setting makes is missing in a copy of its route as well. */
  private static String hint(String message) {
    for (Map.Entry<String, Setting> made : MADE_BY.entrySet()) {
      if (message.contains(made.getKey())) {
        return " It is there where " + made.getValue().key() + " = true.";
      }
    }
    return "";
  }

  /** The route file that is named anywhere in the chain, or the folder. */
  private static String file(Throwable failure, Home home) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      for (var file : home.routeFiles()) {
        if (String.valueOf(cause.getMessage()).contains(file.getFileName().toString())) {
          return home.nameOf(file);
        }
      }
    }
    return "routes";
  }

  private static String oneLine(String message) {
    return message.replaceAll("\\s+", " ").trim();
  }
}
