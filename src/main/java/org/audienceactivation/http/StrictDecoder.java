package org.audienceactivation.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Reads requests as the server's own decoder does, but does not hide that one has said its length
 * twice: by {@code Content-Length} and by chunks. Such a request is to be refused, as a proxy in
 * front may have understood the other one (RFC 9112, section 6.3).
 */
final class StrictDecoder extends VertxHttpRequestDecoder {
  /** The name of the server's own, as its pipeline calls it. */
  private static final String REPLACED = "httpDecoder";

  private StrictDecoder(HttpServerOptions options) {
    super(options);
  }

  /** To be called before anything is read from the connection. */
  static void decode(HttpConnection connection, HttpServerOptions options) {
    ((ConnectionBase) connection)
        .channel()
        .pipeline()
        .replace(REPLACED, REPLACED, new StrictDecoder(options));
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    String length = message.headers().get(HttpHeaderNames.CONTENT_LENGTH);
    super.handleTransferEncodingChunkedWithContentLength(message);
    message.headers().set(HttpHeaderNames.CONTENT_LENGTH, length);
  }
}
