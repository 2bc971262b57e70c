package org.audienceactivation.localkinesis;

import java.util.Arrays;
import java.util.Optional;

/**
 * What can befall a record or a call that has done nothing wrong, each with a likelihood of its own
 * ({@link Faults#with}).
 *
 * <p>Faults of records strike within an answer of status 200, as in the service; a PutRecord call
 * fails with its one record. Of the other faults a call meets at most one.
 */
public enum Fault {
  THROTTLE("throttle", Scope.RECORD, "% of records: ProvisionedThroughputExceededException"),
  INTERNAL("internal", Scope.RECORD, "% of records: InternalFailure"),

  HTTP_500("http-500", 500, "InternalFailure", "Internal service failure."),
  HTTP_503("http-503", 503, "ServiceUnavailable", "The service is unavailable."),
  THROTTLE_CALL(
      "throttle-call",
      400,
      "ProvisionedThroughputExceededException",
      "Rate exceeded for stream under account " + StreamKey.ACCOUNT + "."),
  LIMIT_EXCEEDED(
      "limit-exceeded",
      400,
      "LimitExceededException",
      "Rate exceeded for account " + StreamKey.ACCOUNT + "."),
  EXPIRED_TOKEN(
      "expired-token",
      400,
      "ExpiredTokenException",
      "The security token included in the request is expired"),
  NOT_FOUND(
      "not-found",
      400,
      "ResourceNotFoundException",
      "Stream under account " + StreamKey.ACCOUNT + " not found."),
  IN_USE(
      "in-use",
      400,
      "ResourceInUseException",
      "Stream under account " + StreamKey.ACCOUNT + " is not ACTIVE."),
  KMS_ACCESS_DENIED(
      "kms-access-denied",
      400,
      "KMSAccessDeniedException",
      "The caller may not use the key that encrypts the stream."),
  KMS_DISABLED(
      "kms-disabled", 400, "KMSDisabledException", "The key that encrypts the stream is disabled."),
  KMS_INVALID_STATE(
      "kms-invalid-state",
      400,
      "KMSInvalidStateException",
      "The state of the key that encrypts the stream does not allow its use."),
  KMS_NOT_FOUND(
      "kms-not-found",
      400,
      "KMSNotFoundException",
      "The key that encrypts the stream cannot be found."),
  KMS_OPT_IN_REQUIRED(
      "kms-opt-in-required", 400, "KMSOptInRequired", "The account has no access to AWS KMS."),
  KMS_THROTTLING("kms-throttling", 400, "KMSThrottlingException", "AWS KMS was asked too often."),

  DROP("drop", Scope.CALL, "% of calls: dropped, nothing was stored"),
  DROP_AFTER("drop-after", Scope.CALL, "% of calls: dropped when they have been carried out");

  /** What a fault strikes. */
  enum Scope {
    RECORD,
    CALL
  }

  private final String text;
  private final Scope scope;
  private final String description;

  @SuppressWarnings("ImmutableEnumChecker") // an exception without a stack trace, never changed
  private final Optional<ApiException> refusal;

  Fault(String text, Scope scope, String description) {
    this.text = text;
    this.scope = scope;
    this.description = description;
    this.refusal = Optional.empty();
  }

  Fault(String text, int status, String type, String message) {
    this.text = text;
    this.scope = Scope.CALL;
    this.description = "% of calls: " + type + " (" + status + ")";
    this.refusal = Optional.of(ApiException.ofFault(status, type, message));
  }

  /** Its name on a command line and in JSON. */
  public String text() {
    return text;
  }

  /** What happens, in a few words. */
  public String description() {
    return description;
  }

  Scope scope() {
    return scope;
  }

  /** The answer to a call that meets it; empty if there is no answer, or one per record. */
  Optional<ApiException> refusal() {
    return refusal;
  }

  static Optional<Fault> ofText(String text) {
    return Arrays.stream(values()).filter(fault -> fault.text.equals(text)).findFirst();
  }
}
