package org.audienceactivation.route;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.audienceactivation.http.Upload;

/** The status of the answer to a call of which something was read. */
enum CallStatus {
  SETTLED(200, "", ""),
  NOT_READABLE(400, "Bad Request", "nothing in the body could be read as JSON"),
  TOO_SLOW(408, "Request Timeout", "the rest of the body did not come in time"),
  TOO_LARGE(413, "Content Too Large", "the body is larger than allowed; its rest was not taken"),
  NOT_SETTLED(
      503,
      "Service Unavailable",
      "what is returned was not delivered, and will not be; its reason says why; hand it in again");

  private static final String RETRY_AFTER_SECONDS = "10";

  private final int code;
  private final String title;
  private final String detail;

  CallStatus(int code, String title, String detail) {
    this.code = code;
    this.title = title;
    this.detail = detail;
  }

  /**
   * The status of a call.
   *
   * @param hasReturned whether a record was returned
   * @param isUnreadable whether there are records, and all are rejected as none that can be read
   * @param cut why the body could not be read to its end, if so
   */
  static CallStatus of(boolean hasReturned, boolean isUnreadable, Optional<Upload.Cut> cut) {
    if (hasReturned && cut.isPresent()) {
      return switch (cut.get()) {
        case TOO_LARGE -> TOO_LARGE;
        case TOO_SLOW -> TOO_SLOW;
        case HUNG_UP, TIME_IS_UP, NO_PLACE -> NOT_SETTLED;
      };
    }
    if (hasReturned) {
      return NOT_SETTLED;
    }
    return isUnreadable ? NOT_READABLE : SETTLED;
  }

  int code() {
    return code;
  }

  String title() {
    return title;
  }

  String detail() {
    return detail;
  }

  String contentType() {
    return this == SETTLED ? "application/json" : "application/problem+json";
  }

  Map<String, String> headers(boolean minimal) {
    Map<String, String> headers = new LinkedHashMap<>();
    if (this == NOT_SETTLED) {
      headers.put("Retry-After", RETRY_AFTER_SECONDS);
    }
    if (minimal) {
      headers.put("Preference-Applied", "return=minimal");
    }
    return headers;
  }
}
