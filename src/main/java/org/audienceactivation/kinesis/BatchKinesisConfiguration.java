package org.audienceactivation.kinesis;

import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.component.aws2.kinesis.Kinesis2Configuration;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.audienceactivation.kinesis.sender.Credentials;
import org.audienceactivation.kinesis.sender.Credentials.DefaultChain;
import org.audienceactivation.kinesis.sender.Credentials.NamedProfile;
import org.audienceactivation.kinesis.sender.Credentials.Role;
import org.audienceactivation.kinesis.sender.Credentials.StaticKeys;
import org.audienceactivation.kinesis.sender.DeliveryOrder;
import org.audienceactivation.kinesis.sender.KinesisClientSettings;
import org.audienceactivation.kinesis.sender.KinesisClientSettings.EndpointVariant;
import org.audienceactivation.kinesis.sender.KinesisClientSettings.TlsTrust;
import org.audienceactivation.kinesis.sender.KinesisClientSettings.WireFormat;
import org.audienceactivation.kinesis.sender.SenderSettings;

/**
 * The options of {@code aws2-kinesis} and ours beside them, as Camel binds them; turned into {@link
 * SenderSettings} and {@link KinesisClientSettings} before anything is done with them. A bean in
 * Camel's sense, so options that are not set are null here, and only here.
 */
@UriParams
public class BatchKinesisConfiguration extends Kinesis2Configuration {

  private static final String DEFAULT_PROFILE = "default";
  private static final Pattern SESSION_NAME = Pattern.compile("[A-Za-z0-9_+=,.@-]{2,64}");
  private static final Pattern ROLE_ARN = Pattern.compile("arn:aws[a-z-]*:iam::[0-9]{12}:role/.+");

  @UriParam(
      label = "producer",
      defaultValue = "0",
      javaType = "java.time.Duration",
      description =
          "How long a record is sent again after its first failure; then it is refused. 0: as long as it takes, so that an outage blocks and loses nothing.")
  private Duration retryFor = SenderSettings.DEFAULT_RETRY_FOR;

  @UriParam(
      label = "producer",
      defaultValue = "0",
      description =
          "How many calls may fail for a record before it is refused. 0: as many as it takes.")
  private int maxAttempts = SenderSettings.DEFAULT_MAX_ATTEMPTS;

  @UriParam(
      label = "producer",
      defaultValue = "100ms",
      javaType = "java.time.Duration",
      description =
          "Upper bound of the wait after the first failure; it doubles with each further one. The wait is drawn between zero and the bound.")
  private Duration backoffMin = SenderSettings.DEFAULT_BACKOFF_MIN;

  @UriParam(
      label = "producer",
      defaultValue = "20s",
      javaType = "java.time.Duration",
      description = "The bound beyond which the wait between two attempts does not grow.")
  private Duration backoffMax = SenderSettings.DEFAULT_BACKOFF_MAX;

  @UriParam(
      label = "producer",
      defaultValue = "8",
      description = "How many PutRecords calls to the stream may be under way at once.")
  private int callsInFlight = SenderSettings.DEFAULT_CALLS_IN_FLIGHT;

  @UriParam(
      label = "producer",
      defaultValue = "0",
      description =
          "The largest record that the stream takes, in bytes of partition key and data. Larger ones are refused without a call. 0: the stream is asked when a record exceeds 1 MiB.")
  private int maxRecordBytes = SenderSettings.DEFAULT_MAX_RECORD_BYTES;

  @UriParam(
      label = "producer",
      defaultValue = "5242880",
      description =
          "The most that goes into one call, in bytes of partition keys and data. The service takes 10485760, older deployments of it half.")
  private int maxCallBytes = SenderSettings.DEFAULT_MAX_BYTES_PER_CALL;

  @UriParam(
      label = "producer",
      defaultValue = "perKey",
      enums = "perKey,latestWins,none",
      javaType = "org.audienceactivation.kinesis.sender.DeliveryOrder",
      description =
          "What is kept in order: perKey, the records of one partition key; latestWins, the same, and a record that still waits gives way to a newer one of its key; none.")
  private DeliveryOrder order = SenderSettings.DEFAULT_ORDER;

  @UriParam(
      label = "producer",
      defaultValue = "33554432",
      description =
          "How much may wait for the stream, in bytes of keys, data and some 256 bytes a record. A route that brings more is blocked until there is room.")
  private int maxBufferedBytes = SenderSettings.DEFAULT_MAX_BUFFERED_BYTES;

  @UriParam(
      label = "producer",
      defaultValue = "500",
      description = "The most records that go into one call.")
  private int maxRecordsPerCall = SenderSettings.DEFAULT_MAX_RECORDS_PER_CALL;

  @UriParam(
      label = "producer",
      defaultValue = "10s",
      javaType = "java.time.Duration",
      description =
          "How long calls under way are awaited when the last endpoint of the stream stops; what they carry is then returned to the exchanges. In a context that stops, all streams share this time.")
  private Duration closeWithin = SenderSettings.DEFAULT_CLOSE_WITHIN;

  @UriParam(
      label = "security",
      description = "A role to be assumed with the credentials that the other options give.")
  private String roleArn;

  @UriParam(
      label = "security",
      secret = true,
      description = "The external id that the owner of the role asks for.")
  private String roleExternalId;

  @UriParam(
      label = "security",
      defaultValue = Role.DEFAULT_SESSION_NAME,
      description = "The name under which the role's owner sees the session.")
  private String roleSessionName = Role.DEFAULT_SESSION_NAME;

  @UriParam(label = "common", description = "Use the FIPS endpoint of the region.")
  private boolean fipsEndpoint;

  @UriParam(label = "common", description = "Use the endpoint of the region that also has IPv6.")
  private boolean dualStackEndpoint;

  @UriParam(
      label = "common",
      defaultValue = "30s",
      javaType = "java.time.Duration",
      description = "How long one call may take.")
  private Duration callTimeout = KinesisClientSettings.DEFAULT_CALL_TIMEOUT;

  @UriParam(
      description =
          "Reference to a KinesisClientSettings bean in place of region, endpoint, keys and role.")
  @Metadata(label = "advanced")
  private KinesisClientSettings clientSettings;

  /**
   * What the sender is to keep to.
   *
   * @throws IllegalArgumentException naming the option, its value and what is allowed
   */
  SenderSettings senderSettings() {
    if (maxCallBytes < 1 || maxCallBytes > SenderSettings.BYTES_LIMIT) {
      throw new IllegalArgumentException(
          "maxCallBytes is %d; allowed is 1 to %d"
              .formatted(maxCallBytes, SenderSettings.BYTES_LIMIT));
    }
    return SenderSettings.builder()
        .retryFor(retryFor)
        .maxAttempts(maxAttempts)
        .backoffMin(backoffMin)
        .backoffMax(backoffMax)
        .callsInFlight(callsInFlight)
        .maxRecordBytes(maxRecordBytes)
        .maxBytesPerCall(maxCallBytes)
        .maxRecordsPerCall(maxRecordsPerCall)
        .order(order)
        .maxBufferedBytes(maxBufferedBytes)
        .closeWithin(closeWithin)
        .build();
  }

  /**
   * What makes the client of this endpoint, if it is not a bean of the user's.
   *
   * @throws IllegalArgumentException naming the option and what is missing or wrong
   */
  KinesisClientSettings effectiveClientSettings() {
    if (clientSettings != null) {
      return clientSettings;
    }
    KinesisClientSettings.Builder client =
        KinesisClientSettings.builder()
            .credentials(credentials())
            .endpointVariants(endpointVariants())
            .tlsTrust(isTrustAllCertificates() ? TlsTrust.ANY_CERTIFICATE : TlsTrust.VERIFY)
            .wireFormat(isCborEnabled() ? WireFormat.CBOR : WireFormat.JSON)
            .callTimeout(callTimeout);
    given(getRegion()).ifPresent(client::region);
    endpointOverride().ifPresent(client::endpoint);
    proxy().ifPresent(client::proxy);
    return client.build();
  }

  private Credentials credentials() {
    Optional<String> arn = given(roleArn);
    if (arn.isEmpty()) {
      if (given(roleExternalId).isPresent()) {
        throw new IllegalArgumentException("roleExternalId is set, but not roleArn");
      }
      return baseCredentials();
    }
    if (!ROLE_ARN.matcher(arn.get()).matches()) {
      throw new IllegalArgumentException(
          "roleArn '%s' is no ARN of a role; expected is arn:aws:iam::123456789012:role/NAME"
              .formatted(arn.get()));
    }
    return new Role(
        arn.get(), given(roleExternalId), sessionName(), baseCredentials(), Optional.empty());
  }

  private String sessionName() {
    String name = given(roleSessionName).orElse(Role.DEFAULT_SESSION_NAME);
    if (!SESSION_NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "roleSessionName is '%s'; allowed are 2 to 64 letters, digits and _+=,.@-"
              .formatted(name));
    }
    return name;
  }

  /** In Camel's order: default chain, profile, session keys, keys; without any, the chain. */
  private Credentials baseCredentials() {
    if (isUseDefaultCredentialsProvider()) {
      return new DefaultChain();
    }
    if (isUseProfileCredentialsProvider()) {
      return profile();
    }
    if (given(getProfileCredentialsName()).isPresent()) {
      throw new IllegalArgumentException(
          "profileCredentialsName is set, but not useProfileCredentialsProvider=true, without which the profile is not used");
    }
    return keys().<Credentials>map(keys -> keys).orElseGet(DefaultChain::new);
  }

  private NamedProfile profile() {
    boolean keysToo =
        Stream.of(getAccessKey(), getSecretKey(), getSessionToken())
            .anyMatch(key -> given(key).isPresent());
    if (keysToo || isUseSessionCredentials()) {
      throw new IllegalArgumentException(
          "useProfileCredentialsProvider=true takes the credentials of a profile, and keys are set beside it; set either it or accessKey, secretKey and sessionToken");
    }
    return new NamedProfile(given(getProfileCredentialsName()).orElse(DEFAULT_PROFILE));
  }

  private Optional<StaticKeys> keys() {
    Optional<String> accessKey = given(getAccessKey());
    Optional<String> secretKey = given(getSecretKey());
    if (accessKey.isPresent() != secretKey.isPresent()) {
      throw new IllegalArgumentException(
          "accessKey and secretKey belong together; %s is missing"
              .formatted(accessKey.isPresent() ? "secretKey" : "accessKey"));
    }
    Optional<String> token = given(getSessionToken());
    if (isUseSessionCredentials() && (accessKey.isEmpty() || token.isEmpty())) {
      throw new IllegalArgumentException(
          "useSessionCredentials needs accessKey, secretKey and sessionToken");
    }
    if (token.isPresent() && !isUseSessionCredentials()) {
      throw new IllegalArgumentException(
          "sessionToken is set, but not useSessionCredentials=true, without which it is not sent");
    }
    return accessKey.map(key -> new StaticKeys(key, secretKey.orElseThrow(), token));
  }

  private Set<EndpointVariant> endpointVariants() {
    Set<EndpointVariant> variants = EnumSet.noneOf(EndpointVariant.class);
    if (fipsEndpoint) {
      variants.add(EndpointVariant.FIPS);
    }
    if (dualStackEndpoint) {
      variants.add(EndpointVariant.DUAL_STACK);
    }
    return variants;
  }

  private Optional<URI> endpointOverride() {
    if (!isOverrideEndpoint()) {
      if (given(getUriEndpointOverride()).isPresent()) {
        throw new IllegalArgumentException(
            "uriEndpointOverride is set, but not overrideEndpoint=true, without which records go to AWS itself");
      }
      return Optional.empty();
    }
    if (fipsEndpoint || dualStackEndpoint) {
      throw new IllegalArgumentException(
          "%s and overrideEndpoint exclude each other: records go either to the region's endpoint or to uriEndpointOverride"
              .formatted(fipsEndpoint ? "fipsEndpoint" : "dualStackEndpoint"));
    }
    String uri =
        given(getUriEndpointOverride())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "overrideEndpoint is true, but uriEndpointOverride is not set"));
    return Optional.of(uri("uriEndpointOverride", uri));
  }

  private Optional<URI> proxy() {
    Optional<String> host = given(getProxyHost());
    if (host.isPresent() != (getProxyPort() != null)) {
      throw new IllegalArgumentException(
          "proxyHost and proxyPort belong together; %s is missing"
              .formatted(host.isPresent() ? "proxyPort" : "proxyHost"));
    }
    return host.map(
        name -> uri("proxyHost", getProxyProtocol() + "://" + name + ":" + getProxyPort()));
  }

  private static URI uri(String option, String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "%s is '%s'; expected is http://host:port or https://host:port".formatted(option, text),
          e);
    }
  }

  private static Optional<String> given(String value) {
    return Optional.ofNullable(value).filter(text -> !text.isBlank());
  }

  @Override
  public BatchKinesisConfiguration copy() {
    return (BatchKinesisConfiguration) super.copy();
  }

  public Duration getRetryFor() {
    return retryFor;
  }

  public void setRetryFor(Duration retryFor) {
    this.retryFor = retryFor;
  }

  public int getMaxAttempts() {
    return maxAttempts;
  }

  public void setMaxAttempts(int maxAttempts) {
    this.maxAttempts = maxAttempts;
  }

  public Duration getBackoffMin() {
    return backoffMin;
  }

  public void setBackoffMin(Duration backoffMin) {
    this.backoffMin = backoffMin;
  }

  public Duration getBackoffMax() {
    return backoffMax;
  }

  public void setBackoffMax(Duration backoffMax) {
    this.backoffMax = backoffMax;
  }

  public int getCallsInFlight() {
    return callsInFlight;
  }

  public void setCallsInFlight(int callsInFlight) {
    this.callsInFlight = callsInFlight;
  }

  public int getMaxRecordBytes() {
    return maxRecordBytes;
  }

  public void setMaxRecordBytes(int maxRecordBytes) {
    this.maxRecordBytes = maxRecordBytes;
  }

  public int getMaxCallBytes() {
    return maxCallBytes;
  }

  public void setMaxCallBytes(int maxCallBytes) {
    this.maxCallBytes = maxCallBytes;
  }

  public DeliveryOrder getOrder() {
    return order;
  }

  public void setOrder(DeliveryOrder order) {
    this.order = order;
  }

  public Duration getCloseWithin() {
    return closeWithin;
  }

  public void setCloseWithin(Duration closeWithin) {
    this.closeWithin = closeWithin;
  }

  public int getMaxBufferedBytes() {
    return maxBufferedBytes;
  }

  public void setMaxBufferedBytes(int maxBufferedBytes) {
    this.maxBufferedBytes = maxBufferedBytes;
  }

  public int getMaxRecordsPerCall() {
    return maxRecordsPerCall;
  }

  public void setMaxRecordsPerCall(int maxRecordsPerCall) {
    this.maxRecordsPerCall = maxRecordsPerCall;
  }

  public String getRoleArn() {
    return roleArn;
  }

  public void setRoleArn(String roleArn) {
    this.roleArn = roleArn;
  }

  public String getRoleExternalId() {
    return roleExternalId;
  }

  public void setRoleExternalId(String roleExternalId) {
    this.roleExternalId = roleExternalId;
  }

  public String getRoleSessionName() {
    return roleSessionName;
  }

  public void setRoleSessionName(String roleSessionName) {
    this.roleSessionName = roleSessionName;
  }

  public boolean isFipsEndpoint() {
    return fipsEndpoint;
  }

  public void setFipsEndpoint(boolean fipsEndpoint) {
    this.fipsEndpoint = fipsEndpoint;
  }

  public boolean isDualStackEndpoint() {
    return dualStackEndpoint;
  }

  public void setDualStackEndpoint(boolean dualStackEndpoint) {
    this.dualStackEndpoint = dualStackEndpoint;
  }

  public Duration getCallTimeout() {
    return callTimeout;
  }

  public void setCallTimeout(Duration callTimeout) {
    this.callTimeout = callTimeout;
  }

  public KinesisClientSettings getClientSettings() {
    return clientSettings;
  }

  public void setClientSettings(KinesisClientSettings clientSettings) {
    this.clientSettings = clientSettings;
  }
}
