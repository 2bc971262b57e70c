package org.audienceactivation.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
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
  private static final ObjectMapper JSON = new ObjectMapper();
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
    boolean isProtected = isProtected(properties);
    Map<String, byte[]> documents = Map.of(OPENAPI, openApi(isProtected));
    registry.bind(BEAN, new HttpEngine(settings, access(registry, properties), documents));
  }

  /**
   * Finds out whether the server will be able to listen, while nothing has been started.
   *
   * @throws ConfigurationException if another program listens there, or the address is another
   *     machine's
   */
  static void requireFreeAddress(ApplicationProperties properties) {
    String host = properties.text(Setting.REST_HOST);
    int port = properties.number(Setting.REST_PORT);
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(host, port));
    } catch (IOException e) {
      throw new ConfigurationException(List.of(addressProblem(properties, host, port)));
    }
  }

  private static Problem addressProblem(ApplicationProperties properties, String host, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(host, 0));
      return properties.problem(
          Setting.REST_PORT.key(),
          "%s:%d cannot be listened on; does another program? Set another port (AA_REST_PORT_NUMBER)"
              .formatted(host, port));
    } catch (IOException e) {
      return properties.problem(
          Setting.REST_HOST.key(), host + " is no address of this machine (AA_REST_HOST)");
    }
  }

  private static Optional<Problem> hostProblem(ApplicationProperties properties) {
    String host = properties.text(Setting.REST_HOST);
    try {
      if (isProtected(properties) || InetAddress.getByName(host).isLoopbackAddress()) {
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

  private static boolean isProtected(ApplicationProperties properties) {
    return !properties.text(Setting.REST_API_KEY).isEmpty()
        || !properties.text(Setting.REST_TOKEN_CHECK).isEmpty();
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

  /** What the document says of a server that lets anybody in does not hold for one that asks. */
  private static byte[] openApi(boolean isProtected) {
    try (InputStream document = RestEngine.class.getResourceAsStream("openapi.json")) {
      JsonNode root = JSON.readTree(document);
      if (isProtected) {
        ArrayNode security = (ArrayNode) root.at("/paths/~1profiles/post/security");
        security.remove(0);
      }
      return JSON.writeValueAsBytes(root);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
