package org.audienceactivation.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Optional;

/**
 * Whether it is beyond doubt where a request ends. If not, what follows it on the connection could
 * be a part of it that somebody has smuggled past a proxy, and must not be read.
 */
final class Framing {
  private Framing() {}

  /** Why the request is refused and its connection closed, if so. */
  static Optional<Problem> problem(HttpServerRequest request) {
    boolean isOld = request.version() != HttpVersion.HTTP_1_1;
    if (!isOld && request.headers().getAll(HttpHeaders.HOST).size() != 1) {
      return Optional.of(bad("the header Host must be there, and once"));
    }
    List<String> encodings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
    if (encodings.isEmpty()) {
      return Optional.empty();
    }
    if (isOld || request.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
      return Optional.of(
          bad("Transfer-Encoding must not stand beside Content-Length, nor in HTTP/1.0"));
    }
    boolean isChunked = encodings.size() == 1 && encodings.get(0).equalsIgnoreCase("chunked");
    return isChunked
        ? Optional.empty()
        : Optional.of(
            Problem.of(501, "Not Implemented", "the only Transfer-Encoding there is is chunked"));
  }

  private static Problem bad(String detail) {
    return Problem.of(400, "Bad Request", detail);
  }
}
