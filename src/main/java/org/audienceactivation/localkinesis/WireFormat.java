package org.audienceactivation.localkinesis;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Locale;

/**
 * The two encodings of AWS's JSON protocol 1.1. They differ in how blobs and timestamps are written
 * and in nothing else: CBOR has byte strings and tag 1 over epoch milliseconds (AWS's reading of
 * the tag; RFC 8949 means seconds), JSON has base64 and epoch seconds with a fraction.
 */
enum WireFormat {
  CBOR("application/x-amz-cbor-1.1", new CBORFactory(), 11 << 20),
  JSON("application/x-amz-json-1.1", new JsonFactory(), 15 << 20);

  private static final int EPOCH_TAG = 1;

  private final String contentType;

  @SuppressWarnings("ImmutableEnumChecker") // configured here and never after
  private final JsonFactory factory;

  private final int maxBodyBytes;

  WireFormat(String contentType, JsonFactory factory, int maxBodyBytes) {
    this.contentType = contentType;
    this.factory = factory;
    this.maxBodyBytes = maxBodyBytes;
  }

  /** The format of a {@code Content-Type} header, whatever its parameters. */
  static WireFormat ofContentType(String header) {
    String type = header.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
    return switch (type) {
      case "application/x-amz-cbor-1.1" -> CBOR;
      case "application/x-amz-json-1.1", "application/json" -> JSON;
      default ->
          throw ApiException.serialization(
              "Content-Type must be " + CBOR.contentType + " or " + JSON.contentType);
    };
  }

  String contentType() {
    return contentType;
  }

  /** Room for a call of 10 MiB of keys and data in this encoding, and for what surrounds them. */
  int maxBodyBytes() {
    return maxBodyBytes;
  }

  JsonParser parser(byte[] bytes, int length) throws IOException {
    return factory.createParser(bytes, 0, length);
  }

  /** A generator whose close leaves an unfinished answer unfinished, and the target open. */
  JsonGenerator generator(OutputStream target) throws IOException {
    return factory
        .createGenerator(target)
        .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
        .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT.mappedFeature());
  }

  void writeTimestamp(JsonGenerator out, String name, long epochMillis) throws IOException {
    out.writeFieldName(name);
    if (out instanceof CBORGenerator cbor) {
      cbor.writeTag(EPOCH_TAG);
      cbor.writeNumber(epochMillis);
    } else {
      out.writeNumber(BigDecimal.valueOf(epochMillis, 3));
    }
  }

  /** The time that a number stands for, to the millisecond. */
  Instant timestamp(Number number) {
    boolean millis = this == CBOR && !(number instanceof Double || number instanceof Float);
    return Instant.ofEpochMilli(
        millis ? number.longValue() : Math.round(number.doubleValue() * 1_000));
  }
}
