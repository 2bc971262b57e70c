package org.audienceactivation.route;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.component.platform.http.PlatformHttpConstants;
import org.apache.camel.spi.Registry;
import org.audienceactivation.config.Problem;
import org.audienceactivation.http.Access;
import org.audienceactivation.http.HttpEngine;
import org.audienceactivation.http.HttpSettings;
import org.audienceactivation.http.TokenCheck;

/**
 * The HTTP server for {@code rest.camel.yaml}. A class of its own, because {@code platform-http} is
 * an optional library.
 */
final class RestEngine {
  static final String BEAN = PlatformHttpConstants.PLATFORM_HTTP_ENGINE_NAME;

  private static final String OPENAPI = "/openapi.json";
  private static final int SHORTEST_KEY = 16;

  private RestEngine() {}

  /**
   * Binds the server, which does not listen yet.
   *
   * @throws ConfigurationException if anybody on the network could call, or the address is none
   */
  static void bind(Registry registry, ApplicationProperties properties) {
    List<Problem> problems = new ArrayList<>();
    hostProblem(properties).ifPresent(problems::add);
    keyProblem(properties).ifPresent(problems::add);
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    HttpSettings settings =
        new HttpSettings(
            properties.text(Setting.REST_HOST),
            properties.number(Setting.REST_PORT),
            properties.number(Setting.REST_MAX_BYTES),
            properties.number(Setting.REST_CONCURRENCY),
            properties.number(Setting.REST_LARGE_BODIES),
            Duration.ofMillis(properties.number(Setting.REST_TIMEOUT_MILLIS)),
            Duration.ofMillis(properties.number(Setting.REST_QUIET_MILLIS)));
    Map<String, byte[]> documents = Map.of(OPENAPI, openApi());
    registry.bind(BEAN, new HttpEngine(settings, access(registry, properties), documents));
  }

  private static Optional<Problem> hostProblem(ApplicationProperties properties) {
    String host = properties.text(Setting.REST_HOST);
    try {
      boolean isProtected =
          !properties.text(Setting.REST_API_KEY).isEmpty()
              || !properties.text(Setting.REST_TOKEN_CHECK).isEmpty();
      if (isProtected || InetAddress.getByName(host).isLoopbackAddress()) {
        return Optional.empty();
      }
      return Optional.of(
          properties.problem(
              Setting.REST_HOST.key(),
              "others than this machine could reach "
                  + host
                  + ", and anybody would be let in; set "
                  + Setting.REST_API_KEY.key()
                  + " (AA_REST_API_KEY), or listen on 127.0.0.1"));
    } catch (UnknownHostException e) {
      return Optional.of(
          properties.problem(Setting.REST_HOST.key(), "is no address of this machine"));
    }
  }

  private static Optional<Problem> keyProblem(ApplicationProperties properties) {
    String key = properties.text(Setting.REST_API_KEY);
    if (key.isEmpty()) {
      return Optional.empty();
    }
    if (key.length() < SHORTEST_KEY) {
      return Optional.of(
          properties.problem(
              Setting.REST_API_KEY.key(),
              "is too short to be safe; use " + SHORTEST_KEY + " random characters or more"));
    }
    return key.matches("[!-~]+")
        ? Optional.empty()
        : Optional.of(
            properties.problem(
                Setting.REST_API_KEY.key(),
                "has characters that no header brings over unchanged; use letters, digits and"
                    + " signs of ASCII, without spaces"));
  }

  private static Access access(Registry registry, ApplicationProperties properties) {
    Access access = Access.open();
    String key = properties.text(Setting.REST_API_KEY);
    if (!key.isEmpty()) {
      access = access.withKey(key);
    }
    String bean = properties.text(Setting.REST_TOKEN_CHECK);
    if (bean.isEmpty()) {
      return access;
    }
    // asked for late: beans of the user's may be bound after ours
    return access.withTokens(
        () ->
            Optional.ofNullable(registry.lookupByNameAndType(bean, TokenCheck.class))
                .orElseThrow(
                    () ->
                        new ConfigurationException(
                            List.of(
                                properties.problem(
                                    Setting.REST_TOKEN_CHECK.key(),
                                    "there is no bean "
                                        + bean
                                        + " that is a "
                                        + TokenCheck.class.getName())))));
  }

  private static byte[] openApi() {
    try (InputStream document = RestEngine.class.getResourceAsStream("openapi.json")) {
      return document.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
