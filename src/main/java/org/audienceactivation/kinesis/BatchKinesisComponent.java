package org.audienceactivation.kinesis;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.component.aws2.kinesis.Kinesis2Component;
import org.apache.camel.component.aws2.kinesis.Kinesis2Configuration;
import org.apache.camel.component.aws2.kinesis.KinesisConnection;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.annotations.Component;
import org.audienceactivation.kinesis.sender.KinesisSender;
import org.audienceactivation.kinesis.sender.SenderSettings;
import org.audienceactivation.kinesis.sender.SenderStatus;
import org.audienceactivation.kinesis.sender.StreamRecord;

/**
 * {@code aws2-kinesis} with another producer: same URI syntax and options, and ours beside them.
 *
 * <p>Found by Camel under {@value #SCHEME}; whoever binds an instance as {@code aws2-kinesis} gives
 * all routes that use Camel's own component this producer. Unlike Camel's own component it gives
 * each endpoint the client that its options ask for, shares clients and senders among equal
 * endpoints, closes them when the last of these stops, and never closes a client of the user's.
 */
@Component(BatchKinesisComponent.SCHEME)
public class BatchKinesisComponent extends Kinesis2Component {

  public static final String SCHEME = "aws2-kinesis-batch";

  /** What {@code clientSettings} stands in the place of. */
  private static final Set<String> CLIENT_OPTIONS =
      Set.of(
          "accesskey",
          "amazonkinesisclient",
          "calltimeout",
          "cborenabled",
          "dualstackendpoint",
          "fipsendpoint",
          "overrideendpoint",
          "profilecredentialsname",
          "proxyhost",
          "proxyport",
          "proxyprotocol",
          "region",
          "rolearn",
          "roleexternalid",
          "rolesessionname",
          "secretkey",
          "sessiontoken",
          "trustallcertificates",
          "uriendpointoverride",
          "usedefaultcredentialsprovider",
          "useprofilecredentialsprovider",
          "usesessioncredentials");

  private final SharedSenders senders =
      new SharedSenders((client, stream) -> SenderWatch.in(getCamelContext(), client, stream));
  private final KinesisConnection connection = new EndpointConnection();
  private final PropertyConfigurer componentConfigurer = new BatchKinesisComponentConfigurer();
  private final PropertyConfigurer endpointConfigurer = new BatchKinesisEndpointConfigurer();

  public BatchKinesisComponent() {
    this(null);
  }

  /**
   * A component for this context.
   *
   * @param context may be null, as Camel has it; then it is set before the component is used
   */
  @SuppressWarnings("this-escape") // the overridden setter only looks at its argument
  public BatchKinesisComponent(CamelContext context) {
    super(context);
    super.setConfiguration(new BatchKinesisConfiguration());
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
      throws Exception {
    BatchKinesisEndpoint.requireStreamName(remaining);
    List<String> clientOptions = clientOptions(parameters);
    BatchKinesisConfiguration configuration = getConfiguration().copy();
    configuration.setStreamName(remaining);
    BatchKinesisEndpoint endpoint = new BatchKinesisEndpoint(uri, configuration, this);
    setProperties(endpoint, parameters);
    if (configuration.getClientSettings() != null && !clientOptions.isEmpty()) {
      throw new IllegalArgumentException(
          "clientSettings stands in the place of %s; set either it or them"
              .formatted(String.join(", ", clientOptions)));
    }
    endpoint.requireValidOptions();
    return endpoint;
  }

  private static List<String> clientOptions(Map<String, Object> parameters) {
    return parameters.keySet().stream()
        .filter(name -> CLIENT_OPTIONS.contains(BatchKinesisOption.plain(name)))
        .sorted()
        .toList();
  }

  @Override
  public BatchKinesisConfiguration getConfiguration() {
    return (BatchKinesisConfiguration) super.getConfiguration();
  }

  /**
   * Options of the component, from which every endpoint starts.
   *
   * @throws IllegalArgumentException if it is not a {@link BatchKinesisConfiguration}
   */
  @Override
  public void setConfiguration(Kinesis2Configuration configuration) {
    if (!(configuration instanceof BatchKinesisConfiguration)) {
      throw new IllegalArgumentException(
          "configuration of component %s must be a %s"
              .formatted(SCHEME, BatchKinesisConfiguration.class.getName()));
    }
    super.setConfiguration(configuration);
  }

  @Override
  public KinesisConnection getConnection() {
    return connection;
  }

  @Override
  public PropertyConfigurer getComponentPropertyConfigurer() {
    return componentConfigurer;
  }

  @Override
  public PropertyConfigurer getEndpointPropertyConfigurer() {
    return endpointConfigurer;
  }

  /**
   * Gives up what is not delivered yet, for a host that has to stop: calls under way are awaited
   * for a bounded time, every other record is returned to who gave it, and so is what comes later.
   */
  public void withdraw() {
    withdraw(SenderSettings.DEFAULT_CLOSE_WITHIN);
  }

  /**
   * The same within a time that the host sets: for all streams together, however many of them do
   * not answer.
   */
  public void withdraw(Duration within) {
    senders.withdraw(within);
  }

  /**
   * Closes all senders side by side, each within its own {@code closeWithin}; for a context that
   * stops, when its routes have had their time.
   */
  void endAll() {
    senders.closeHeld();
  }

  /**
   * Lets go of records whose caller waits no longer: what no call carries is returned at once. What
   * a call carries is awaited, and would be sent again if that fails; so ask again until each has
   * its result.
   */
  public void withdraw(List<StreamRecord> records) {
    senders.held().forEach(sender -> sender.withdraw(records));
  }

  /**
   * Whether records wait, and all of them for streams that have taken nothing for so long: then
   * waiting some more is unlikely to help them.
   */
  public boolean waitsInVain(Duration howLong) {
    List<SenderStatus> busy =
        senders.held().stream()
            .map(KinesisSender::status)
            .filter(status -> status.openRecords() > 0)
            .toList();
    return !busy.isEmpty() && busy.stream().allMatch(status -> status.waitsInVain(howLong));
  }

  SharedSenders senders() {
    return senders;
  }

  /**
   * Who starts it again wants it to send. Camel's own method would hand the user's client to a
   * connection that closes it.
   */
  @Override
  protected void doStart() {
    senders.resume();
  }

  /** Senders and clients end with the producers and endpoints that hold them. */
  @Override
  protected void doStop() {}
}
