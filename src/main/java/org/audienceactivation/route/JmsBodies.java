package org.audienceactivation.route;

import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Session;
import jakarta.jms.StreamMessage;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.io.InputStream;
import org.springframework.jms.support.converter.MessageConverter;

/**
 * What the JMS and AMQP sources take out of a message: text, or bytes, which are streamed if they
 * are many. Anything else is named and left packed: who unpacks an object of Java runs what its
 * sender wants.
 */
final class JmsBodies implements MessageConverter {
  static final String BEAN = "jmsBodies";

  private static final int STREAMED_FROM_BYTES = 64 * 1024;

  /**
   * The body; null if there is none. A stream must be read while the message's session waits.
   *
   * @throws JMSException if it cannot be received, so the broker keeps it
   */
  @Override
  public Object fromMessage(Message message) throws JMSException {
    if (message instanceof TextMessage text) {
      return text.getText();
    }
    if (message instanceof BytesMessage bytes) {
      return fromBytes(bytes);
    }
    if (message instanceof ObjectMessage) {
      return new ForeignBody("ObjectMessage", PackedBody.of(message));
    }
    if (message instanceof MapMessage) {
      return new ForeignBody("MapMessage", PackedBody.of(message));
    }
    return message instanceof StreamMessage
        ? new ForeignBody("StreamMessage", PackedBody.of(message))
        : null;
  }

  private static Object fromBytes(BytesMessage message) throws JMSException {
    long length = message.getBodyLength();
    if (length > STREAMED_FROM_BYTES) {
      return new Body(message);
    }
    byte[] bytes = new byte[(int) length];
    return message.readBytes(bytes) < 0 ? new byte[0] : bytes;
  }

  @Override
  public Message toMessage(Object body, Session session) {
    throw new UnsupportedOperationException("a source sends nothing");
  }

  /** The bytes of a message, as they come. */
  private static final class Body extends InputStream {
    private final BytesMessage message;
    private final byte[] block = new byte[16 * 1024];
    private int at;
    private int end;

    Body(BytesMessage message) {
      this.message = message;
    }

    @Override
    public int read() throws IOException {
      return fill() ? block[at++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (!fill()) {
        return -1;
      }
      int count = Math.min(length, end - at);
      System.arraycopy(block, at, bytes, offset, count);
      at += count;
      return count;
    }

    private boolean fill() throws IOException {
      if (at < end) {
        return true;
      }
      try {
        at = 0;
        end = Math.max(0, message.readBytes(block));
        return end > 0;
      } catch (JMSException | RuntimeException e) {
        end = 0;
        throw new IOException("the message cannot be received on", e);
      }
    }
  }
}
