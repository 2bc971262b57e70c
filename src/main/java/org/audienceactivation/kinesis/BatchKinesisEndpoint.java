package org.audienceactivation.kinesis;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.component.aws2.kinesis.Kinesis2Endpoint;
import org.apache.camel.spi.UriEndpoint;
import org.audienceactivation.kinesis.ClientSource.FromSettings;
import org.audienceactivation.kinesis.ClientSource.OfTheUser;
import org.audienceactivation.kinesis.SharedSenders.Hold;
import org.audienceactivation.kinesis.SharedSenders.SenderKey;
import org.audienceactivation.kinesis.sender.KinesisSender;
import org.audienceactivation.kinesis.sender.SkewReport;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/**
 * A stream, with the client that the options of this endpoint ask for and no other.
 *
 * <p>The consumer is Camel's own polling one, on that client. Its other forms (asynchronous client,
 * Kinesis Client Library) are refused when the endpoint is made.
 */
@UriEndpoint(
    firstVersion = "4.18.0",
    scheme = BatchKinesisComponent.SCHEME,
    title = "AWS Kinesis Batch",
    syntax = BatchKinesisComponent.SCHEME + ":streamName",
    category = {Category.CLOUD, Category.MESSAGING},
    headersClass = BatchKinesisConstants.class)
public class BatchKinesisEndpoint extends Kinesis2Endpoint {

  private static final Pattern STREAM_ARN =
      Pattern.compile("arn:aws[a-z-]*:kinesis:([a-z0-9-]+):[0-9]*:stream/(.+)");

  private Hold<KinesisClient> consumerClient;

  BatchKinesisEndpoint(
      String uri, BatchKinesisConfiguration configuration, BatchKinesisComponent component) {
    super(uri, configuration, component);
  }

  /**
   * Checks the name as Kinesis does.
   *
   * @throws IllegalArgumentException saying what is allowed, and of an ARN which part is the name
   */
  static void requireStreamName(String name) {
    Matcher arn = STREAM_ARN.matcher(name);
    if (arn.matches()) {
      throw new IllegalArgumentException(
          "'%s' is the ARN of a stream, not its name; write %s:%s?region=%s"
              .formatted(name, BatchKinesisComponent.SCHEME, arn.group(2), arn.group(1)));
    }
    KinesisSender.requireStreamName(name);
  }

  /**
   * Checks what can be checked before anything is built.
   *
   * @throws IllegalArgumentException naming the option, its value and what is allowed
   */
  void requireValidOptions() {
    getConfiguration().senderSettings();
    getConfiguration().effectiveClientSettings();
    refuse(
        "asyncClient",
        getConfiguration().isAsyncClient(),
        "its producer holds no thread without it; leave it out");
    refuse(
        "useKclConsumers",
        getConfiguration().isUseKclConsumers(),
        "for it use Camel's own aws2-kinesis (Kinesis2Component)");
  }

  private static void refuse(String option, boolean set, String remedy) {
    if (set) {
      throw new IllegalArgumentException(
          "%s is not supported by %s: %s".formatted(option, BatchKinesisComponent.SCHEME, remedy));
    }
  }

  /** The sender that this endpoint shares with all that are equal to it. */
  Hold<KinesisSender> sender() {
    return getComponent().senders().sender(senderKey());
  }

  /**
   * How evenly the stream is used by this endpoint and those that share its sender, since the first
   * of them started. Empty while no producer of them is started. Thread-safe; meant to be asked now
   * and then, not for every exchange.
   */
  public Optional<SkewReport> skew() {
    return getComponent().senders().find(senderKey()).map(KinesisSender::skew);
  }

  /**
   * Whether records wait, of this endpoint or of those that share its sender, and the stream has
   * taken nothing for so long: then waiting some more is unlikely to help them.
   */
  public boolean waitsInVain(Duration howLong) {
    return getComponent()
        .senders()
        .find(senderKey())
        .filter(sender -> sender.status().waitsInVain(howLong))
        .isPresent();
  }

  private SenderKey senderKey() {
    return new SenderKey(
        clientSource(), getConfiguration().getStreamName(), getConfiguration().senderSettings());
  }

  private ClientSource clientSource() {
    KinesisClient own = getConfiguration().getAmazonKinesisClient();
    boolean ownWins = own != null && getConfiguration().getClientSettings() == null;
    return ownWins
        ? new OfTheUser(own)
        : new FromSettings(getConfiguration().effectiveClientSettings());
  }

  @Override
  public Producer createProducer() {
    return new BatchKinesisProducer(this);
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    boolean fromANumber =
        getConfiguration().getIteratorType() == ShardIteratorType.AFTER_SEQUENCE_NUMBER
            || getConfiguration().getIteratorType() == ShardIteratorType.AT_SEQUENCE_NUMBER;
    if (fromANumber && getConfiguration().getSequenceNumber().isEmpty()) {
      throw new IllegalArgumentException(
          "iteratorType=" + getConfiguration().getIteratorType() + " needs sequenceNumber");
    }
    return super.createConsumer(processor);
  }

  /** The client of this endpoint, which stays open until the endpoint stops. */
  @Override
  public synchronized KinesisClient getClient() {
    if (consumerClient == null) {
      consumerClient = getComponent().senders().client(clientSource());
    }
    return consumerClient.get();
  }

  @Override
  public BatchKinesisComponent getComponent() {
    return (BatchKinesisComponent) super.getComponent();
  }

  @Override
  public BatchKinesisConfiguration getConfiguration() {
    return (BatchKinesisConfiguration) super.getConfiguration();
  }

  /** Camel's own method would take the first endpoint's client and turn CBOR off for the JVM. */
  @Override
  protected void doStart() {}

  /** Camel's own method would close the client under everybody who shares it. */
  @Override
  public synchronized void doStop() {
    if (consumerClient != null) {
      consumerClient.close();
      consumerClient = null;
    }
  }
}
