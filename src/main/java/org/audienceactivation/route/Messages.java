package org.audienceactivation.route;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.ExchangeHelper;
import org.audienceactivation.profile.MessageReader;
import org.audienceactivation.profile.RecordReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bean {@code messages} of the routes whose source hands over messages: reads the one that the
 * exchange carries, and hands out its records in batches. Thread-safe.
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
  private static final int LONGEST_PAUSE_SECONDS = 60;

  private final List<DestinationPlan> plans;
  private final MessageReader.Limits limits;
  private final StopSignal stop;
  private final Set<MessageDelivery> open = ConcurrentHashMap.newKeySet();
  private final AtomicLong opened = new AtomicLong();
  private final AtomicInteger failures = new AtomicInteger();

  Messages(List<DestinationPlan> plans, MessageReader.Limits limits, StopSignal stop) {
    this.plans = List.copyOf(plans);
    this.limits = limits;
    this.stop = stop;
  }

  /**
   * The batches of the message in the exchange. While messages fail, which is while a step of the
   * pipeline is broken, each waits a little first: up to a minute, so that they do not go round and
   * round between us and their broker.
   *
   * @throws UnsettledSourceException if not even the beginning of the message can be received; it
   *     stays with its source
   */
  public Iterator<ProfileBatch> batches(Exchange exchange) throws UnsettledSourceException {
    pauseAfterFailures();
    Message message = exchange.getMessage();
    String source = source(exchange);
    String id = source + "#" + opened.incrementAndGet() + ":" + id(message);
    MessageDelivery delivery =
        new MessageDelivery(id, read(source, message), plans, stop, this::ended);
    open.add(delivery);
    delivery.giveTo(exchange);
    return delivery;
  }

  private static String source(Exchange exchange) {
    String named = exchange.getMessage().getHeader(SOURCE, String.class);
    return named == null || named.isBlank() ? exchange.getFromRouteId() : printable(named);
  }

  private static String id(Message message) {
    String named = message.getHeader(MESSAGE_ID, String.class);
    return printable(named == null || named.isBlank() ? message.getMessageId() : named);
  }

  /** Names come from whoever sent the message, and go into logs. */
  private static String printable(String name) {
    String kept = name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
    return kept.replaceAll("[^\\p{Alnum}._:/@-]", "_");
  }

  private RecordReader read(String source, Message message) throws UnsettledSourceException {
    Object body = message.getBody();
    if (body == null) {
      return MessageReader.open(source, new byte[0], limits);
    }
    if (body instanceof byte[] bytes) {
      return MessageReader.open(source, bytes, limits);
    }
    if (body instanceof String text) {
      return MessageReader.open(source, text.getBytes(StandardCharsets.UTF_8), limits);
    }
    InputStream stream =
        body instanceof InputStream input
            ? input
            : ExchangeHelper.convertToType(message.getExchange(), InputStream.class, body);
    if (stream == null) {
      return MessageReader.unreadable(
          source, "the message holds neither bytes nor text: " + body.getClass().getSimpleName());
    }
    try {
      return MessageReader.open(source, stream, limits);
    } catch (IOException e) {
      String what = "cannot be received (" + e.getClass().getSimpleName() + ")";
      LOG.warn("{}: a message {}; it stays with its source", source, what);
      throw new UnsettledSourceException(source + ": " + what);
    }
  }

  private void pauseAfterFailures() {
    int count = failures.get();
    if (count > 0) {
      stop.pause(Duration.ofSeconds(Math.min(1L << Math.min(count - 1, 6), LONGEST_PAUSE_SECONDS)));
    }
  }

  private void ended(MessageDelivery delivery) {
    open.remove(delivery);
    if (delivery.isSettled()) {
      failures.set(0);
    } else {
      failures.incrementAndGet();
    }
  }

  /** Counts what is still open as returned, when nothing works on it any more. */
  void giveBackOpen() {
    for (MessageDelivery delivery : List.copyOf(open)) {
      delivery.giveBackUnsettled();
      delivery.end();
    }
  }
}
