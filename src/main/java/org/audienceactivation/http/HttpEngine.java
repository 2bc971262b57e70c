package org.audienceactivation.http;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;

/**
 * The engine of {@code platform-http}: one server for all routes that read from it. It listens from
 * the start of the first of them to the end of the last. Thread-safe.
 */
public final class HttpEngine implements PlatformHttpEngine {
  private final HttpSettings settings;
  private final Access access;
  private final Map<String, byte[]> documents;

  /** Also those that have ended while others go on: who calls them is told to come again. */
  private final Map<String, HttpConsumer> consumers = new ConcurrentHashMap<>();

  // guarded by this object
  private final Set<HttpConsumer> attached = new HashSet<>();
  private Optional<HttpFront> front = Optional.empty();

  /**
   * An engine that does not listen yet.
   *
   * @param documents JSON that anybody may read, by path
   */
  public HttpEngine(HttpSettings settings, Access access, Map<String, byte[]> documents) {
    this.settings = settings;
    this.access = access;
    this.documents = Map.copyOf(documents);
  }

  @Override
  public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
    return new HttpConsumer(endpoint, processor, this);
  }

  /** The port that is listened on; before that the one that is set. */
  @Override
  public synchronized int getServerPort() {
    return front.map(HttpFront::port).orElse(settings.port());
  }

  synchronized void attach(HttpConsumer consumer) {
    consumers.put(consumer.path(), consumer);
    attached.add(consumer);
    if (front.isEmpty()) {
      access.requireTokenCheck();
      front = Optional.of(HttpFront.open(settings, access, documents, consumers));
    }
  }

  /** Answers what is in progress first, if it ends within some seconds. */
  synchronized void detach(HttpConsumer consumer) {
    if (!attached.remove(consumer) || !attached.isEmpty()) {
      return;
    }
    front.ifPresent(HttpFront::close);
    front = Optional.empty();
    consumers.clear();
  }
}
