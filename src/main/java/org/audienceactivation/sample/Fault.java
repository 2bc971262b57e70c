package org.audienceactivation.sample;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * What can be wrong with a line. Each line with a fault has exactly one, so that its reason is
 * beyond doubt: a cut line is not cut inside a character, a line with a broken character is
 * otherwise JSON, and a line with a wrong type is otherwise a good profile.
 */
sealed interface Fault {
  String MALFORMED_JSON = "malformed-json";
  String WRONG_TYPE = "wrong-type";
  String INVALID_UTF8 = "invalid-utf8";

  /** Taken in turn, so that a small export has many kinds of them. */
  List<Fault> ALL =
      List.of(
          new Cut(),
          new WrongType(Section.MEMBERSHIPS, "segmentMembership", "\"realized\""),
          new BrokenCharacter("ff"),
          new Wrapped(MALFORMED_JSON, "", "}"),
          new WrongType(Section.IDENTITIES, "identityMap", "[\"ECID\"]"),
          new Cut(),
          new Wrapped(WRONG_TYPE, "[", "]"),
          // an e with acute accent in ISO 8859-1
          new BrokenCharacter("e9"),
          new Wrapped(MALFORMED_JSON, "", " -- end of export"),
          new WrongType(
              Section.MEMBERSHIPS,
              "segmentMembership",
              "{\"ups\":[\"%s\"]}".formatted(SampleAudience.MAPPED.get(0).id())),
          // a slash in two bytes: forbidden, and an old way around filters
          new BrokenCharacter("c0af"),
          new Wrapped(MALFORMED_JSON, "", "{\"person\":{}}"),
          new WrongType(
              Section.IDENTITIES,
              "identityMap",
              "{\"ECID\":\"14575006536349286404619648085736425115\"}"),
          new Replaced("\"no profile today\""),
          // the first half of a surrogate pair, encoded by itself
          new BrokenCharacter("eda0bd"),
          new Wrapped(MALFORMED_JSON, "", ","),
          new WrongType(Section.MEMBERSHIPS, "segmentMembership", "[{\"id\":\"59bd2fkd\"}]"),
          new WrongType(Section.IDENTITIES, "identityMap", "\"none\""),
          // the first two of three bytes
          new BrokenCharacter("e282"),
          new Replaced("42"));

  /** The code of the reason for which the line is rejected. */
  String code();

  /** The line with the fault in it. */
  byte[] spoil(byte[] line, Dice dice);

  /** The end of the line is missing. */
  record Cut() implements Fault {
    @Override
    public String code() {
      return MALFORMED_JSON;
    }

    @Override
    public byte[] spoil(byte[] line, Dice dice) {
      int length = 1 + dice.below(line.length - 1);
      while (isContinuation(line[length])) {
        length--;
      }
      return Arrays.copyOf(line, length);
    }

    private static boolean isContinuation(byte b) {
      return (b & 0xC0) == 0x80;
    }
  }

  /** Text around a good line. */
  record Wrapped(String code, String before, String after) implements Fault {
    @Override
    public byte[] spoil(byte[] line, Dice dice) {
      return (before + new String(line, UTF_8) + after).getBytes(UTF_8);
    }
  }

  /** JSON, and no object. */
  record Replaced(String json) implements Fault {
    @Override
    public String code() {
      return WRONG_TYPE;
    }

    @Override
    public byte[] spoil(byte[] line, Dice dice) {
      return json.getBytes(UTF_8);
    }
  }

  /** Bytes that are no character, at the start of the line's last string. */
  record BrokenCharacter(String hex) implements Fault {
    @Override
    public String code() {
      return INVALID_UTF8;
    }

    @Override
    public byte[] spoil(byte[] line, Dice dice) {
      int opening = openingOfLastString(line);
      ByteArrayOutputStream broken = new ByteArrayOutputStream(line.length + 4);
      broken.write(line, 0, opening + 1);
      broken.writeBytes(HexFormat.of().parseHex(hex));
      broken.write(line, opening + 1, line.length - opening - 1);
      return broken.toByteArray();
    }

    private static int openingOfLastString(byte[] line) {
      return lastQuote(line, lastQuote(line, line.length - 1) - 1);
    }

    private static int lastQuote(byte[] line, int from) {
      int i = from;
      while (line[i] != '"') {
        i--;
      }
      return i;
    }
  }

  /** One of the sections has a value of another kind; the profile is written with it. */
  record WrongType(Section section, String key, String json) implements Fault {
    @Override
    public String code() {
      return WRONG_TYPE;
    }

    @Override
    public byte[] spoil(byte[] line, Dice dice) {
      return line;
    }
  }
}
