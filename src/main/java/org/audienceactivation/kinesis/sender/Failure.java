package org.audienceactivation.kinesis.sender;

import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;

/**
 * One failure, of one record in an answer or of a whole call, in the terms in which {@link
 * FailureClassifier} judges it.
 *
 * @param code AWS's code, else the simple name of what was thrown
 * @param message safe to show: values that AWS quotes from the request are left out, since a
 *     partition key may be an e-mail address
 * @param status of the HTTP answer, 0 where there was none
 * @param thrown what the client threw; empty for a failure of one record
 */
record Failure(String code, String message, int status, Optional<Throwable> thrown) {

  private static final Pattern QUOTED_VALUE = Pattern.compile("(?is)value\\s+'.*?'\\s+at\\s+'");
  private static final int LONGEST_MESSAGE = 1000;
  private static final int DEEPEST_CAUSE = 20;

  static Failure of(PutRecordsResultEntry entry) {
    return new Failure(entry.errorCode(), shown(entry.errorMessage()), 0, Optional.empty());
  }

  static Failure of(Throwable thrown) {
    if (thrown instanceof CredentialsUnavailable unavailable) {
      Failure why = of(unavailable.getCause());
      return new Failure(why.code, shown(unavailable.getMessage()), why.status, why.thrown);
    }
    if (thrown instanceof AwsServiceException service && service.awsErrorDetails() != null) {
      return new Failure(
          Optional.ofNullable(service.awsErrorDetails().errorCode())
              .orElse("HTTP " + service.statusCode()),
          shown(service.awsErrorDetails().errorMessage()),
          service.statusCode(),
          Optional.of(thrown));
    }
    int status = thrown instanceof AwsServiceException service ? service.statusCode() : 0;
    return new Failure(
        thrown.getClass().getSimpleName(), shown(text(thrown)), status, Optional.of(thrown));
  }

  /** An answer that does not answer what was asked. */
  static Failure ofAnswer(String message) {
    return new Failure("UnusableAnswer", message, 500, Optional.empty());
  }

  boolean mentions(String words) {
    return message.toLowerCase(Locale.ROOT).contains(words);
  }

  /** With what the root cause adds: which host is not known, why no connection came about. */
  private static String text(Throwable thrown) {
    Throwable root = root(thrown);
    String cause = root.getClass().getSimpleName() + ": " + root.getMessage();
    if (root instanceof UnknownHostException && root != thrown) {
      return cause; // above it stand only the SDK's guesses
    }
    String message = thrown.getMessage();
    boolean saysAll =
        root.getMessage() == null || message == null || message.contains(root.getMessage());
    return saysAll ? message : message + "; the cause is " + cause;
  }

  private static Throwable root(Throwable thrown) {
    Throwable root = thrown;
    for (int depth = 0; depth < DEEPEST_CAUSE && root.getCause() != null; depth++) {
      root = root.getCause();
    }
    return root;
  }

  private static String shown(String message) {
    if (message == null) {
      return "no message";
    }
    String scrubbed = QUOTED_VALUE.matcher(message).replaceAll("value at '");
    return scrubbed.length() <= LONGEST_MESSAGE
        ? scrubbed
        : scrubbed.substring(0, LONGEST_MESSAGE) + "…";
  }
}
