package org.audienceactivation.kinesis.sender;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.kinesis.model.KinesisException;

/**
 * The one place that says what a failure means. Named classifiers are asked in turn; the first that
 * has an opinion decides.
 *
 * <p>The rule behind them: a record is refused only if Kinesis refuses <em>it</em>. Whatever hits
 * all records alike (throttling, network, credentials, a missing stream, a key that KMS does not
 * give) is an outage and is waited for, for a million good records must not become dead letters.
 * Codes are those of the API references of PutRecords, of the common errors and of KMS.
 */
final class FailureClassifier {

  @FunctionalInterface
  private interface Classifier {
    Optional<Treatment> judge(Failure failure);
  }

  private static final String SHARD_THROTTLED = "ProvisionedThroughputExceededException";

  private static final Set<String> THROTTLED =
      Set.of(
          SHARD_THROTTLED,
          "LimitExceededException",
          "KMSThrottlingException",
          "ThrottlingException",
          "Throttling",
          "ThrottledException",
          "RequestLimitExceeded",
          "RequestThrottled",
          "RequestThrottledException",
          "TooManyRequestsException",
          "SlowDown");

  private static final Set<String> AT_THE_SERVICE =
      Set.of(
          "InternalFailure",
          "InternalFailureException",
          "InternalServerError",
          "InternalServerException",
          "InternalServiceError",
          "ServiceUnavailable",
          "ServiceUnavailableException",
          "RequestTimeout",
          "RequestTimeoutException");

  private static final Set<String> NOT_ALLOWED =
      Set.of(
          "AccessDenied",
          "AccessDeniedException",
          "ExpiredToken",
          "ExpiredTokenException",
          "IncompleteSignature",
          "IncompleteSignatureException",
          "InvalidAccessKeyId",
          "InvalidClientTokenId",
          "InvalidSignatureException",
          "MissingAuthenticationToken",
          "MissingAuthenticationTokenException",
          "NotAuthorized",
          "OptInRequired",
          "RequestExpired",
          "SignatureDoesNotMatch",
          "UnauthorizedException",
          "UnrecognizedClientException");

  private static final Set<String> DENIED =
      Set.of("AccessDenied", "AccessDeniedException", "NotAuthorized", "UnauthorizedException");

  private static final Set<String> STREAM_AWAY =
      Set.of("ResourceNotFoundException", "ResourceInUseException");

  private static final Set<String> ARGUMENT =
      Set.of(
          "InvalidArgumentException",
          "InvalidParameterException",
          "InvalidParameterValue",
          "RequestEntityTooLargeException",
          "SerializationException",
          "ValidationError",
          "ValidationException");

  private static final int FORBIDDEN = 403;
  private static final int UNAUTHORIZED = 401;
  private static final int ENTITY_TOO_LARGE = 413;
  private static final int TOO_MANY_REQUESTS = 429;

  private static final List<Classifier> OF_ANYTHING =
      List.of(
          FailureClassifier::throttling,
          FailureClassifier::troubleAtTheService,
          FailureClassifier::notAllowed,
          FailureClassifier::streamAway,
          FailureClassifier::encryptionKeyAway);

  private static final List<Classifier> OF_A_CALL =
      List.of(
          FailureClassifier::otherService,
          FailureClassifier::noCredentials,
          FailureClassifier::network,
          FailureClassifier::streamNameRefused,
          FailureClassifier::argumentRefused,
          FailureClassifier::otherAnswerOfKinesis);

  private FailureClassifier() {}

  /** Whether the record's shard, and not the record or the stream, had too much. */
  static boolean isShardThrottled(Failure failure) {
    return failure.code().equals(SHARD_THROTTLED);
  }

  /** Whether the caller is known, and has no permission for the action. */
  static boolean isDenied(Failure failure) {
    return DENIED.contains(failure.code());
  }

  /** Of one record in an answer; never {@code BISECT}. */
  static Treatment ofRecord(Failure failure) {
    return first(OF_ANYTHING, failure).orElse(Treatment.REFUSE);
  }

  /** Of a whole call; never {@code REFUSE}. */
  static Treatment ofCall(Failure failure) {
    return first(OF_ANYTHING, failure)
        .or(() -> first(OF_A_CALL, failure))
        .orElse(Treatment.SURPRISE);
  }

  private static Optional<Treatment> first(List<Classifier> chain, Failure failure) {
    return chain.stream().flatMap(c -> c.judge(failure).stream()).findFirst();
  }

  private static Optional<Treatment> throttling(Failure failure) {
    return when(
        THROTTLED.contains(failure.code()) || failure.status() == TOO_MANY_REQUESTS,
        Treatment.RETRY);
  }

  private static Optional<Treatment> troubleAtTheService(Failure failure) {
    return when(
        AT_THE_SERVICE.contains(failure.code()) || failure.status() >= 500, Treatment.RETRY);
  }

  private static Optional<Treatment> notAllowed(Failure failure) {
    return when(
        NOT_ALLOWED.contains(failure.code())
            || failure.status() == UNAUTHORIZED
            || failure.status() == FORBIDDEN,
        Treatment.RETRY_AND_CALL_FOR_HELP);
  }

  private static Optional<Treatment> streamAway(Failure failure) {
    return when(STREAM_AWAY.contains(failure.code()), Treatment.RETRY_AND_CALL_FOR_HELP);
  }

  private static Optional<Treatment> encryptionKeyAway(Failure failure) {
    return when(failure.code().startsWith("KMS"), Treatment.RETRY_AND_CALL_FOR_HELP);
  }

  /** Nothing that STS or SSO says is about a record. */
  private static Optional<Treatment> otherService(Failure failure) {
    return when(
        thrown(failure, SdkServiceException.class) && !thrown(failure, KinesisException.class),
        Treatment.RETRY_AND_CALL_FOR_HELP);
  }

  private static Optional<Treatment> noCredentials(Failure failure) {
    return when(
        thrown(failure, SdkClientException.class) && failure.mentions("credentials"),
        Treatment.RETRY_AND_CALL_FOR_HELP);
  }

  private static Optional<Treatment> network(Failure failure) {
    return when(
        thrown(failure, SdkClientException.class) || thrown(failure, IOException.class),
        Treatment.RETRY);
  }

  private static Optional<Treatment> streamNameRefused(Failure failure) {
    return when(
        ARGUMENT.contains(failure.code())
            && (failure.mentions("streamname") || failure.mentions("streamarn")),
        Treatment.RETRY_AND_CALL_FOR_HELP);
  }

  private static Optional<Treatment> argumentRefused(Failure failure) {
    return when(
        ARGUMENT.contains(failure.code()) || failure.status() == ENTITY_TOO_LARGE,
        Treatment.BISECT);
  }

  private static Optional<Treatment> otherAnswerOfKinesis(Failure failure) {
    return when(thrown(failure, AwsServiceException.class), Treatment.RETRY_AND_CALL_FOR_HELP);
  }

  private static boolean thrown(Failure failure, Class<? extends Throwable> type) {
    return failure.thrown().filter(type::isInstance).isPresent();
  }

  private static Optional<Treatment> when(boolean applies, Treatment treatment) {
    return applies ? Optional.of(treatment) : Optional.empty();
  }
}
