package org.audienceactivation.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * Why a call is refused, as a problem document (RFC 9457) without a type of its own: the status
 * says what kind of problem it is.
 *
 * @param detail for people, without anything of the caller's
 * @param headers of the answer
 */
record Problem(int status, String title, String detail, Map<String, String> headers) {
  static final String CONTENT_TYPE = "application/problem+json";
  static final String RETRY_AFTER = "Retry-After";

  private static final JsonFactory JSON = new JsonFactory();

  static Problem of(int status, String title, String detail) {
    return new Problem(status, title, detail, Map.of());
  }

  Problem with(String header, String value) {
    return new Problem(status, title, detail, Map.of(header, value));
  }

  static Problem tooLarge(int maxBytes) {
    return of(
        413, "Content Too Large", "the body is larger than " + maxBytes + " bytes, the limit");
  }

  static Problem tooSlow() {
    return of(408, "Request Timeout", "the rest of the body did not come in time");
  }

  static Problem timeIsUp() {
    return of(503, "Service Unavailable", "the time of the call is over").with(RETRY_AFTER, "10");
  }

  static Problem tooMany() {
    return of(429, "Too Many Requests", "as many calls as are allowed are in progress")
        .with(RETRY_AFTER, "1");
  }

  static Problem busy() {
    return of(503, "Service Unavailable", "too many large bodies are being read")
        .with(RETRY_AFTER, "10");
  }

  static Problem unchecked() {
    return of(503, "Service Unavailable", "the token could not be checked in time")
        .with(RETRY_AFTER, "10");
  }

  static Problem stopping() {
    return of(503, "Service Unavailable", "the service is stopping").with(RETRY_AFTER, "10");
  }

  static Problem failed() {
    return of(500, "Internal Server Error", "the call could not be processed; see the log");
  }

  byte[] toJson() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeNumberField("status", status);
      json.writeStringField("title", title);
      json.writeStringField("detail", detail);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
