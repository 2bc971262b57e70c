package org.audienceactivation.route;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.ExchangeHelper;
import org.audienceactivation.http.Upload;
import org.audienceactivation.kinesis.sender.StreamRecord;
import org.audienceactivation.profile.JoinedReader;
import org.audienceactivation.profile.MessageReader;
import org.audienceactivation.profile.RecordReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bean {@code messages} of the routes whose source hands over messages: reads what the exchange
 * carries, one message or those of one poll, and hands out its records in batches. Thread-safe.
 *
 * <p>What is no profile is a rejected record and no exception: a broker would hand such a message
 * in again, and in the end take it for poison itself, where nobody of ours would count it.
 */
public final class Messages {
  private static final Logger LOG = LoggerFactory.getLogger(Messages.class);

  /** A header that names the source in dead letters and logs; otherwise the route's id does. */
  static final String SOURCE = "AudienceActivationSource";

  /** A header that names the message; otherwise Camel's id of it does. */
  static final String MESSAGE_ID = "AudienceActivationMessageId";

  private static final int LONGEST_NAME = 64;
  private static final int STREAMED_FROM_CHARS = 64 * 1024;

  /** Whether what the exchange carries is one message of a broker, which counts its attempts. */
  private static final String IS_ONE_MESSAGE = "AudienceActivationIsOneMessage";

  private final PlansInForce plans;
  private final MessageReader.Limits limits;
  private final StopSignal stop;
  private final Consumer<List<StreamRecord>> withdrawal;
  private final Set<SourceDelivery> open = ConcurrentHashMap.newKeySet();
  private final AtomicLong opened = new AtomicLong();
  private final Pauses pauses = new Pauses(System::nanoTime);

  /**
   * Messages for these destinations.
   *
   * @param withdrawal lets senders let go of records whose caller waits no longer
   */
  Messages(
      PlansInForce plans,
      MessageReader.Limits limits,
      StopSignal stop,
      Consumer<List<StreamRecord>> withdrawal) {
    this.withdrawal = withdrawal;
    this.plans = plans;
    this.limits = limits;
    this.stop = stop;
  }

  /**
   * The batches of the message in the exchange, or of the messages.
   *
   * @throws UnsettledSourceException if not even the beginning of the message can be received; it
   *     stays with its source
   */
  public Iterator<ProfileBatch> batches(Exchange exchange) throws UnsettledSourceException {
    Object body = exchange.getMessage().getBody();
    SourceDelivery delivery;
    if (body instanceof Upload upload) {
      delivery = call(exchange, upload);
    } else if (body instanceof List<?> polled && isPoll(polled)) {
      delivery = poll(exchange, polled);
    } else {
      delivery = message(exchange);
    }
    open.add(delivery);
    delivery.giveTo(exchange);
    return delivery;
  }

  private SourceDelivery message(Exchange exchange) throws UnsettledSourceException {
    Message message = exchange.getMessage();
    String source = named(message).orElseGet(exchange::getFromRouteId);
    String id = source + "#" + opened.incrementAndGet() + ":" + id(message);
    return new MessageDelivery(id, read(source, message), plans, stop, open::remove);
  }

  private SourceDelivery call(Exchange exchange, Upload upload) throws UnsettledSourceException {
    Message message = exchange.getMessage();
    String source = named(message).orElseGet(exchange::getFromRouteId);
    String id = source + "#" + opened.incrementAndGet() + ":" + id(message);
    return new CallDelivery(
        id, read(source, upload), plans, stop, upload, withdrawal, this::callEnded);
  }

  /** What Camel's batch consumer of Kafka hands over: an exchange for each message. */
  private static boolean isPoll(List<?> polled) {
    return !polled.isEmpty() && polled.stream().allMatch(Exchange.class::isInstance);
  }

  private SourceDelivery poll(Exchange exchange, List<?> polled) {
    List<Message> messages = polled.stream().map(one -> ((Exchange) one).getMessage()).toList();
    return KafkaDelivery.of(
        exchange.getFromRouteId() + "#" + opened.incrementAndGet(),
        messages,
        new JoinedReader(messages.stream().map(this::readPolled).iterator(), limits.batches()),
        plans,
        stop,
        open::remove);
  }

  private RecordReader readPolled(Message message) {
    String position = KafkaDelivery.position(message);
    String source = named(message).map(name -> name + ":" + position).orElse(position);
    Object body = message.getBody() instanceof String text ? bytes(text) : message.getBody();
    return inMemory(source, body)
        .orElseGet(() -> MessageReader.unreadable(source, new byte[0], isNeither(body)));
  }

  private static Optional<String> named(Message message) {
    return Optional.ofNullable(message.getHeader(SOURCE, String.class))
        .filter(name -> !name.isBlank())
        .map(Messages::printable);
  }

  private static String id(Message message) {
    return printable(rawId(message));
  }

  private static String rawId(Message message) {
    String named = message.getHeader(MESSAGE_ID, String.class);
    return named == null || named.isBlank() ? message.getMessageId() : named;
  }

  /** Names come from whoever sent the message, and go into logs. */
  private static String printable(String name) {
    String kept = name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
    return kept.replaceAll("[^\\p{Alnum}._:/@-]", "_");
  }

  private RecordReader read(String source, Message message) throws UnsettledSourceException {
    Object body = message.getBody();
    Optional<RecordReader> inMemory = inMemory(source, body);
    if (inMemory.isPresent()) {
      return inMemory.get();
    }
    if (body instanceof ForeignBody foreign) {
      return MessageReader.unreadable(
          source, foreign.raw(), "the message holds neither bytes nor text: " + foreign.kind());
    }
    InputStream stream = stream(message);
    if (stream == null) {
      return MessageReader.unreadable(source, new byte[0], isNeither(body));
    }
    try {
      return MessageReader.open(source, stream, limits);
    } catch (IOException e) {
      String what = "cannot be received (" + e.getClass().getSimpleName() + ")";
      LOG.warn("{}: a message {}; it stays with its source", source, what);
      throw new UnsettledSourceException(source + ": " + what);
    }
  }

  private static InputStream stream(Message message) {
    Object body = message.getBody();
    if (body instanceof InputStream input) {
      return input;
    }
    if (body instanceof String text) {
      return new TextBytes(text);
    }
    return ExchangeHelper.convertToType(message.getExchange(), InputStream.class, body);
  }

  private Optional<RecordReader> inMemory(String source, Object body) {
    if (body == null) {
      return Optional.of(MessageReader.open(source, new byte[0], limits));
    }
    if (body instanceof byte[] bytes) {
      return Optional.of(MessageReader.open(source, bytes, limits));
    }
    if (body instanceof String text && text.length() < STREAMED_FROM_CHARS) {
      return Optional.of(MessageReader.open(source, bytes(text), limits));
    }
    return Optional.empty();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String isNeither(Object body) {
    return "the message holds neither bytes nor text: " + body.getClass().getSimpleName();
  }

  /** The body bounds itself, and says why it cannot be read. */
  private RecordReader read(String source, Upload upload) throws UnsettledSourceException {
    try {
      return MessageReader.open(
          source, upload, new MessageReader.Limits(limits.batches(), Integer.MAX_VALUE));
    } catch (IOException e) {
      throw new UnsettledSourceException(source + ": " + e.getMessage());
    }
  }

  private void callEnded(CallDelivery delivery) {
    open.remove(delivery);
  }

  /** Notes what a route is given, before its first step. */
  void begin(Exchange exchange) {
    exchange.setProperty(IS_ONE_MESSAGE, true); // also if its body cannot be had
    Object body = exchange.getMessage().getBody();
    boolean isCall = body instanceof Upload;
    boolean isPoll = body instanceof List<?> polled && isPoll(polled);
    exchange.setProperty(IS_ONE_MESSAGE, !isCall && !isPoll);
  }

  /**
   * Keeps a message that failed for a while, wherever in its route that was, before its source is
   * told. A caller does not wait for that, and Kafka's consumer waits by itself.
   */
  void done(Exchange exchange) {
    if (!Boolean.TRUE.equals(exchange.getProperty(IS_ONE_MESSAGE))) {
      return;
    }
    String route = exchange.getFromRouteId();
    String message = rawId(exchange.getMessage());
    Exception failure = exchange.getException();
    if (failure == null) {
      pauses.isSettled(route, message);
      return;
    }
    if (!(failure instanceof UnsettledSourceException)) {
      LOG.warn(
          "{}: a step failed ({}); its message stays with its source and will come again",
          route,
          SourceFailures.kind(failure));
    }
    stop.pause(pauses.afterFailure(route, message));
  }

  /** How many deliveries have not ended. */
  int open() {
    return open.size();
  }

  /** Counts what is still open as returned, when nothing works on it any more. */
  void giveBackOpen() {
    for (SourceDelivery delivery : List.copyOf(open)) {
      delivery.giveBackUnsettled();
      delivery.end();
    }
  }
}
