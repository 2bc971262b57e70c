package org.audienceactivation.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.audienceactivation.profile.Compression;
import org.audienceactivation.profile.NdjsonReader;

/**
 * A file with profiles as people have them at hand: NDJSON as exports are, or one JSON document
 * that is laid out over several lines: a profile, several of them, or an array of them.
 */
final class ProfileFile {
  /** More than this is no document that somebody laid out by hand; it is read as NDJSON. */
  private static final int MAX_DOCUMENT_BYTES = 16 << 20;

  private static final JsonFactory JSON = new JsonFactory();

  private ProfileFile() {}

  /** The records of the file, whatever its layout. */
  static NdjsonReader open(Path file) throws IOException {
    String name = file.getFileName().toString();
    Compression compression = Compression.of(name);
    Optional<byte[]> document = document(file, compression);
    return document.isPresent()
        ? NdjsonReader.open(
            name, new ByteArrayInputStream(oneALine(document.get())), Compression.NONE)
        : NdjsonReader.open(name, Files.newInputStream(file), compression);
  }

  /** The text, if it is JSON that is laid out over several lines. */
  private static Optional<byte[]> document(Path file, Compression compression) throws IOException {
    byte[] text;
    try (InputStream raw = Files.newInputStream(file);
        InputStream in = compression == Compression.GZIP ? new GZIPInputStream(raw) : raw) {
      text = in.readNBytes(MAX_DOCUMENT_BYTES);
    } catch (ZipException | EOFException e) {
      // damaged: what can be read of it is NDJSON, and the reader of NDJSON says what cannot
      return Optional.empty();
    }
    boolean isWhole = text.length < MAX_DOCUMENT_BYTES;
    return isWhole && isLaidOut(text) ? Optional.of(text) : Optional.empty();
  }

  /** Whether the whole is JSON, but its first line that is not empty is not. */
  private static boolean isLaidOut(byte[] text) {
    int from = 0;
    while (from < text.length && Character.isWhitespace(text[from])) {
      from++;
    }
    int to = from;
    while (to < text.length && text[to] != '\n') {
      to++;
    }
    boolean startsArray = from < text.length && text[from] == '[';
    return (startsArray || !isJson(text, from, to)) && isJson(text, 0, text.length);
  }

  private static boolean isJson(byte[] text, int from, int to) {
    try (JsonParser parser = JSON.createParser(text, from, to - from)) {
      while (parser.nextToken() != null) {
        parser.skipChildren();
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static byte[] oneALine(byte[] text) throws IOException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream(text.length);
    try (JsonParser parser = JSON.createParser(text)) {
      JsonToken token = parser.nextToken();
      while (token != null) {
        boolean isBracketAroundProfiles =
            token == JsonToken.START_ARRAY || token == JsonToken.END_ARRAY;
        if (!isBracketAroundProfiles) {
          line(parser, text, lines);
        }
        token = parser.nextToken();
      }
    }
    return lines.toByteArray();
  }

  /** Copies the value that begins here; line breaks in it can only stand between its tokens. */
  private static void line(JsonParser parser, byte[] text, ByteArrayOutputStream lines)
      throws IOException {
    int from = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    parser.finishToken();
    int to = (int) parser.currentLocation().getByteOffset();
    for (int i = from; i < to; i++) {
      boolean isBreak = text[i] == '\n' || text[i] == '\r';
      lines.write(isBreak ? ' ' : text[i]);
    }
    lines.write('\n');
  }
}
