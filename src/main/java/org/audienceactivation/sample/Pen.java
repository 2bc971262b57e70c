package org.audienceactivation.sample;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/**
 * Writes the fields of one profile. XDM's own keys are written with or without the prefix {@code
 * xdm:}, one way for the whole profile; keys that come from data never have it.
 */
final class Pen {
  private final JsonGenerator json;
  private final String prefix;

  Pen(JsonGenerator json, String prefix) {
    this.json = json;
    this.prefix = prefix;
  }

  void open() throws IOException {
    json.writeStartObject();
  }

  void open(String key) throws IOException {
    key(key);
    json.writeStartObject();
  }

  /** An object whose key comes from data. */
  void openAs(String key) throws IOException {
    json.writeFieldName(key);
    json.writeStartObject();
  }

  void close() throws IOException {
    json.writeEndObject();
  }

  /** An array whose key comes from data. */
  void openArrayAs(String key) throws IOException {
    json.writeFieldName(key);
    json.writeStartArray();
  }

  void closeArray() throws IOException {
    json.writeEndArray();
  }

  void text(String key, String value) throws IOException {
    key(key);
    json.writeString(value);
  }

  /** A text whose key comes from data. */
  void textAs(String key, String value) throws IOException {
    json.writeFieldName(key);
    json.writeString(value);
  }

  /** A number as it is to stand there. */
  void numberAs(String key, String value) throws IOException {
    json.writeFieldName(key);
    json.writeNumber(value);
  }

  void bool(String key, boolean value) throws IOException {
    key(key);
    json.writeBoolean(value);
  }

  /** A truth value whose key comes from data. */
  void boolAs(String key, boolean value) throws IOException {
    json.writeFieldName(key);
    json.writeBoolean(value);
  }

  void nothing(String key) throws IOException {
    key(key);
    json.writeNull();
  }

  /** A null whose key comes from data. */
  void nothingAs(String key) throws IOException {
    json.writeFieldName(key);
    json.writeNull();
  }

  void raw(String key, String value) throws IOException {
    key(key);
    json.writeRawValue(value);
  }

  void element(String value) throws IOException {
    json.writeString(value);
  }

  private void key(String key) throws IOException {
    json.writeFieldName(prefix.isEmpty() ? key : prefix + key);
  }
}
