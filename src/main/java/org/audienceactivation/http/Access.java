package org.audienceactivation.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may call: anybody, whoever has the key, or whoever bears a token that is accepted. Keeps only
 * a digest of the key, and prints neither. Thread-safe.
 */
public final class Access {
  private static final Logger LOG = LoggerFactory.getLogger(Access.class);

  /** The header with the key. */
  public static final String KEY_HEADER = "X-API-Key";

  private static final String BEARER = "Bearer ";

  private static final Set<String> SECRETS =
      Set.of(KEY_HEADER.toLowerCase(Locale.ROOT), "authorization", "proxy-authorization", "cookie");

  private static final long WARN_EVERY = TimeUnit.MINUTES.toNanos(1);

  private final AtomicLong nextWarning = new AtomicLong(System.nanoTime());
  private final Optional<byte[]> keyDigest;
  private final Optional<Supplier<TokenCheck>> tokens;

  private Access(Optional<byte[]> keyDigest, Optional<Supplier<TokenCheck>> tokens) {
    this.keyDigest = keyDigest;
    this.tokens = tokens;
  }

  /** For anybody who can reach the address. */
  public static Access open() {
    return new Access(Optional.empty(), Optional.empty());
  }

  /** Also for whoever has this key. */
  public Access withKey(String key) {
    return new Access(Optional.of(digest(key)), tokens);
  }

  /**
   * Also for whoever bears a token that is accepted.
   *
   * @param check asked for with each call
   */
  public Access withTokens(Supplier<TokenCheck> check) {
    return new Access(keyDigest, Optional.of(check));
  }

  /** Asks for what checks tokens, so that what is missing is said before anybody calls. */
  void requireTokenCheck() {
    tokens.ifPresent(check -> Objects.requireNonNull(check.get()));
  }

  /** Whether what a header says could let somebody in, here or elsewhere. */
  static boolean isSecret(String header) {
    return SECRETS.contains(header.toLowerCase(Locale.ROOT));
  }

  /** Whether the head of a call alone decides that it is refused; quick. */
  boolean refusesAtOnce(MultiMap headers) {
    if (isOpen() || hasKey(headers)) {
      return false;
    }
    return tokens.isEmpty() || token(headers).isEmpty();
  }

  /** Whether only its token can let a call in that is not refused at once. */
  boolean needsTokenCheck(MultiMap headers) {
    return !isOpen() && !hasKey(headers);
  }

  /** What a caller is told who was refused. */
  String challenge() {
    return tokens.isPresent() ? "Bearer" : "ApiKey header=\"" + KEY_HEADER + "\"";
  }

  private boolean isOpen() {
    return keyDigest.isEmpty() && tokens.isEmpty();
  }

  /** In a time that does not depend on how much of the key is right. */
  private boolean hasKey(MultiMap headers) {
    String given = headers.get(KEY_HEADER);
    return given != null
        && keyDigest.isPresent()
        && MessageDigest.isEqual(digest(given), keyDigest.get());
  }

  /** Whether the token is accepted; may block. */
  boolean acceptsToken(MultiMap headers) {
    try {
      return tokens.orElseThrow().get().accepts(token(headers).orElseThrow());
    } catch (RuntimeException e) {
      // its message may quote the token
      warn(e.getClass());
      return false;
    }
  }

  /** Anybody can send tokens, so not for each. */
  private void warn(Class<?> failure) {
    long now = System.nanoTime();
    long due = nextWarning.get();
    if (now - due >= 0 && nextWarning.compareAndSet(due, now + WARN_EVERY)) {
      LOG.warn("A token could not be checked, so its bearer is refused ({})", failure.getName());
    }
  }

  private static Optional<String> token(MultiMap headers) {
    String given = headers.get(HttpHeaders.AUTHORIZATION);
    return given != null && given.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? Optional.of(given.substring(BEARER.length()).trim())
        : Optional.empty();
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "Access[key=" + keyDigest.isPresent() + ", tokens=" + tokens.isPresent() + "]";
  }
}
