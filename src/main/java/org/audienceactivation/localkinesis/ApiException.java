package org.audienceactivation.localkinesis;

/**
 * A refused call: the HTTP status, the service's error type and a message. It is an answer, not an
 * accident, so it has no stack trace.
 */
final class ApiException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String type;

  private ApiException(int status, String type, String message) {
    super(message, null, false, false);
    this.status = status;
    this.type = type;
  }

  static ApiException resourceNotFound(String message) {
    return new ApiException(400, "ResourceNotFoundException", message);
  }

  static ApiException resourceInUse(String message) {
    return new ApiException(400, "ResourceInUseException", message);
  }

  static ApiException invalidArgument(String message) {
    return new ApiException(400, "InvalidArgumentException", message);
  }

  /** What the service finds by its model alone: a missing member, a length, a range, a pattern. */
  static ApiException validation(String member, String rule) {
    return new ApiException(
        400,
        "ValidationException",
        "1 validation error detected: Value at '"
            + member
            + "' failed to satisfy constraint: Member must "
            + rule);
  }

  /** As {@link #validation}, for what concerns no single member. */
  static ApiException validationOf(String message) {
    return new ApiException(400, "ValidationException", message);
  }

  static ApiException limitExceeded(String message) {
    return new ApiException(400, "LimitExceededException", message);
  }

  static ApiException expiredIterator(String message) {
    return new ApiException(400, "ExpiredIteratorException", message);
  }

  static ApiException expiredNextToken(String message) {
    return new ApiException(400, "ExpiredNextTokenException", message);
  }

  static ApiException unknownOperation(String message) {
    return new ApiException(400, "UnknownOperationException", message);
  }

  static ApiException serialization(String message) {
    return new ApiException(400, "SerializationException", message);
  }

  static ApiException methodNotAllowed(String message) {
    return new ApiException(405, "UnknownOperationException", message);
  }

  static ApiException tooLarge(String message) {
    return new ApiException(413, "RequestEntityTooLargeException", message);
  }

  static ApiException internalFailure(String message) {
    return new ApiException(500, "InternalFailure", message);
  }

  static ApiException unavailable(String message) {
    return new ApiException(503, "ServiceUnavailable", message);
  }

  static ApiException accessDenied(Action action) {
    String permission = "kinesis:" + action.wireName();
    return new ApiException(
        400,
        "AccessDeniedException",
        "User: arn:aws:iam::"
            + StreamKey.ACCOUNT
            + ":user/local is not authorized to perform: "
            + permission
            + " because no identity-based policy allows the "
            + permission
            + " action");
  }

  /** What an injected fault answers. */
  static ApiException ofFault(int status, String type, String message) {
    return new ApiException(status, type, message);
  }

  /** The failure of the one record of a call, as the failure of the call. */
  static ApiException ofFailedRecord(String code, String message) {
    return new ApiException(code.equals("InternalFailure") ? 500 : 400, code, message);
  }

  int status() {
    return status;
  }

  String type() {
    return type;
  }
}
