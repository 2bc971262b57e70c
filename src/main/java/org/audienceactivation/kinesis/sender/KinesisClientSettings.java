package org.audienceactivation.kinesis.sender;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that makes one Kinesis client differ from another. Equal settings share one client
 * ({@link KinesisClients}).
 *
 * @param region empty: the SDK's region chain decides
 * @param endpoint empty: the SDK decides, from {@code AWS_ENDPOINT_URL} or from the region
 * @param endpointVariants which of the service's endpoints is wanted; none beside {@code endpoint}
 * @param proxy scheme, host and port of an HTTP proxy
 * @param tlsTrust whom to believe; anything but {@code VERIFY} is for tests
 * @param wireFormat CBOR unless something in between only reads JSON
 * @param connections the most that may stand at once. By default there is no limit of its own: a
 *     connection is only made for a call that finds none free, so there are never more than the
 *     senders that share the client have calls in flight. With fewer they wait for each other
 * @param connectTimeout for the connection to stand
 * @param callTimeout for one whole call
 */
public record KinesisClientSettings(
    Optional<String> region,
    Optional<URI> endpoint,
    Credentials credentials,
    Set<EndpointVariant> endpointVariants,
    Optional<URI> proxy,
    TlsTrust tlsTrust,
    WireFormat wireFormat,
    int connections,
    Duration connectTimeout,
    Duration callTimeout) {

  public static final int DEFAULT_CONNECTIONS = Integer.MAX_VALUE;
  public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(5);
  public static final Duration DEFAULT_CALL_TIMEOUT = Duration.ofSeconds(30);

  /** Endpoints of the service beside the usual one. */
  public enum EndpointVariant {
    FIPS,
    DUAL_STACK
  }

  /** Which certificates a server may show. */
  public enum TlsTrust {
    VERIFY,
    ANY_CERTIFICATE
  }

  /** How requests are written. */
  public enum WireFormat {
    CBOR,
    JSON
  }

  /**
   * @throws IllegalArgumentException naming the setting, its value and what is allowed
   */
  public KinesisClientSettings {
    Objects.requireNonNull(region, "region");
    Objects.requireNonNull(endpoint, "endpoint");
    Objects.requireNonNull(credentials, "credentials");
    endpointVariants = Set.copyOf(endpointVariants);
    Objects.requireNonNull(proxy, "proxy");
    Objects.requireNonNull(tlsTrust, "tlsTrust");
    Objects.requireNonNull(wireFormat, "wireFormat");
    region.ifPresent(KinesisClientSettings::requireRegionName);
    endpoint.ifPresent(uri -> requireHttp("endpoint", uri));
    proxy.ifPresent(uri -> requireHttp("proxy", uri));
    if (endpoint.isPresent() && !endpointVariants.isEmpty()) {
      throw new IllegalArgumentException(
          "%s and endpoint '%s' exclude each other: the SDK takes either the region's endpoint or another"
              .formatted(EndpointChoice.names(endpointVariants), endpoint.get()));
    }
    if (connections < 1) {
      throw new IllegalArgumentException(
          "connections is " + connections + "; allowed is 1 or more");
    }
    requirePositive("connectTimeout", connectTimeout);
    requirePositive("callTimeout", callTimeout);
  }

  /** The default chains of the SDK for credentials and region, and its endpoints. */
  public static KinesisClientSettings defaults() {
    return builder().build();
  }

  public static Builder builder() {
    return new Builder();
  }

  private static void requireRegionName(String name) {
    if (!name.matches("[a-z0-9-]{1,64}")) {
      throw new IllegalArgumentException(
          "region is '%s'; expected is a name such as eu-central-1".formatted(name));
    }
  }

  private static void requireHttp(String name, URI uri) {
    boolean http =
        "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
    if (!http || uri.getHost() == null) {
      throw new IllegalArgumentException(
          "%s is '%s'; expected is http://host:port or https://host:port".formatted(name, uri));
    }
  }

  private static void requirePositive(String name, Duration value) {
    Objects.requireNonNull(value, name);
    if (value.isZero() || value.isNegative()) {
      throw new IllegalArgumentException(
          "%s is %s; it must be above zero".formatted(name, ReadableTime.of(value)));
    }
  }

  /** Starts from the defaults. Not thread-safe. */
  public static final class Builder {
    private Optional<String> region = Optional.empty();
    private Optional<URI> endpoint = Optional.empty();
    private Credentials credentials = new Credentials.DefaultChain();
    private Set<EndpointVariant> endpointVariants = Set.of();
    private Optional<URI> proxy = Optional.empty();
    private TlsTrust tlsTrust = TlsTrust.VERIFY;
    private WireFormat wireFormat = WireFormat.CBOR;
    private int connections = DEFAULT_CONNECTIONS;
    private Duration connectTimeout = DEFAULT_CONNECT_TIMEOUT;
    private Duration callTimeout = DEFAULT_CALL_TIMEOUT;

    private Builder() {}

    public Builder region(String name) {
      this.region = Optional.of(name);
      return this;
    }

    public Builder endpoint(URI uri) {
      this.endpoint = Optional.of(uri);
      return this;
    }

    public Builder credentials(Credentials how) {
      this.credentials = how;
      return this;
    }

    public Builder endpointVariants(Set<EndpointVariant> variants) {
      this.endpointVariants = variants;
      return this;
    }

    public Builder proxy(URI uri) {
      this.proxy = Optional.of(uri);
      return this;
    }

    public Builder tlsTrust(TlsTrust trust) {
      this.tlsTrust = trust;
      return this;
    }

    public Builder wireFormat(WireFormat format) {
      this.wireFormat = format;
      return this;
    }

    public Builder connections(int count) {
      this.connections = count;
      return this;
    }

    public Builder connectTimeout(Duration time) {
      this.connectTimeout = time;
      return this;
    }

    public Builder callTimeout(Duration time) {
      this.callTimeout = time;
      return this;
    }

    /**
     * The settings as they were set.
     *
     * @throws IllegalArgumentException naming the setting, its value and what is allowed
     */
    public KinesisClientSettings build() {
      return new KinesisClientSettings(
          region,
          endpoint,
          credentials,
          endpointVariants,
          proxy,
          tlsTrust,
          wireFormat,
          connections,
          connectTimeout,
          callTimeout);
    }
  }
}
