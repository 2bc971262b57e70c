package org.audienceactivation.http;

import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands the calls of one path to its route, and takes the answer from where the route ends. */
final class HttpConsumer extends DefaultConsumer implements PlatformHttpConsumer, Suspendable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpConsumer.class);

  private final PlatformHttpEndpoint endpoint;
  private final HttpEngine engine;
  private final String path;

  HttpConsumer(PlatformHttpEndpoint endpoint, Processor processor, HttpEngine engine) {
    super(endpoint, processor);
    this.endpoint = endpoint;
    this.engine = engine;
    this.path = endpoint.getPath().startsWith("/") ? endpoint.getPath() : "/" + endpoint.getPath();
  }

  @Override
  public PlatformHttpEndpoint getEndpoint() {
    return endpoint;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    engine.attach(this);
  }

  @Override
  protected void doStop() throws Exception {
    engine.detach(this);
    super.doStop();
  }

  String path() {
    return path;
  }

  /** The methods that it takes, in the order of the alphabet. */
  Set<String> methods() {
    return words(endpoint.getHttpMethodRestrict(), "POST").stream()
        .map(method -> method.toUpperCase(Locale.ROOT))
        .collect(TreeSet::new, Set::add, Set::addAll);
  }

  /** The media types that it takes; none if it takes all. */
  Set<String> consumes() {
    return words(endpoint.getConsumes(), "");
  }

  private static Set<String> words(String list, String otherwise) {
    Set<String> words = new TreeSet<>();
    for (String word : (list == null ? otherwise : list).split(",", -1)) {
      if (!word.isBlank()) {
        words.add(word.trim());
      }
    }
    return words;
  }

  /**
   * Takes a call through the route. Blocks until that has ended, and always answers.
   *
   * @param ended run when the route has ended, before the caller can know it
   */
  void process(HttpCall call, Runnable ended) {
    Runnable answer;
    try {
      answer = answerOfRoute(call);
    } finally {
      ended.run();
    }
    answer.run();
  }

  private Runnable answerOfRoute(HttpCall call) {
    Exchange exchange = createExchange(false);
    try {
      exchange.setPattern(ExchangePattern.InOut);
      // a cache would read the body to its end before the first step sees it
      exchange.getExchangeExtension().setStreamCacheDisabled(true);
      fill(exchange.getMessage(), call.request());
      exchange.getMessage().setBody(call.upload());
      createUoW(exchange);
      getProcessor().process(exchange);
    } catch (Exception e) {
      exchange.setException(e);
    }
    try {
      return answer(call, exchange);
    } finally {
      doneUoW(exchange);
      releaseExchange(exchange, false);
    }
  }

  /** What lets the caller in stays here, so that no step can pass it on or log it. */
  private void fill(Message message, HttpServerRequest request) {
    HeaderFilterStrategy filter = endpoint.getHeaderFilterStrategy();
    for (Map.Entry<String, String> header : request.headers()) {
      if (!Access.isSecret(header.getKey())
          && !filter.applyFilterToExternalHeaders(
              header.getKey(), header.getValue(), message.getExchange())) {
        message.setHeader(header.getKey(), header.getValue());
      }
    }
    message.setHeader(Exchange.HTTP_METHOD, request.method().name());
    message.setHeader(Exchange.HTTP_PATH, request.path());
    message.setHeader(Exchange.HTTP_QUERY, request.query());
  }

  private Runnable answer(HttpCall call, Exchange exchange) {
    Message message = exchange.getMessage();
    if (message.getBody() instanceof HttpAnswer answer) {
      return () -> call.answer(answer);
    }
    if (call.upload().cut().isPresent()) {
      Upload.Cut cut = call.upload().cut().get();
      return () -> call.answerCut(cut);
    }
    if (exchange.getException() != null) {
      // only the type: its message may quote the body
      LOG.warn("{}: a call failed with {}", path, exchange.getException().getClass().getName());
      return () -> call.refuse(Problem.failed());
    }
    boolean hasBody = !(message.getBody() instanceof Upload);
    byte[] body = hasBody ? message.getBody(byte[].class) : null;
    int status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, 200, Integer.class);
    String type =
        hasBody ? message.getHeader(Exchange.CONTENT_TYPE, "text/plain", String.class) : "";
    return () -> call.answer(status, type, body == null ? new byte[0] : body);
  }
}
