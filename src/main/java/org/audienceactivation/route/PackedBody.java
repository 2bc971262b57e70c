package org.audienceactivation.route;

import io.netty.buffer.ByteBuf;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import org.apache.activemq.artemis.api.core.ActiveMQBuffer;
import org.apache.activemq.artemis.jms.client.ActiveMQMessage;
import org.apache.qpid.jms.message.JmsMessage;
import org.apache.qpid.jms.provider.amqp.message.AmqpJmsMessageFacade;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.messaging.Data;
import org.apache.qpid.proton.amqp.messaging.Section;

/**
 * The bytes of a message as they came, for the dead letter: JMS has them for none but a
 * BytesMessage, the clients have them for all. Nothing of Java is unpacked.
 */
final class PackedBody {

  private PackedBody() {}

  /**
   * The bytes of the body: of AMQP a data section, or the whole message in its encoding; of Artemis
   * the body in its encoding. Empty for the message of another client.
   *
   * @throws JMSException if they cannot be had
   */
  static byte[] of(Message message) throws JMSException {
    String client = message.getClass().getName();
    try {
      if (client.startsWith("org.apache.qpid.jms.")) {
        return Qpid.bytes(message);
      }
      return client.startsWith("org.apache.activemq.artemis.")
          ? Artemis.bytes(message)
          : new byte[0];
    } catch (RuntimeException e) {
      JMSException failure = new JMSException("its bytes cannot be had");
      failure.initCause(e);
      throw failure;
    }
  }

  /** Apart, since its client is there only for the AMQP source. */
  private static final class Qpid {
    static byte[] bytes(Message message) {
      if (!(((JmsMessage) message).getFacade() instanceof AmqpJmsMessageFacade facade)) {
        return new byte[0];
      }
      ByteBuf buffer = facade.encodeMessage();
      byte[] encoded = new byte[buffer.readableBytes()];
      buffer.readBytes(encoded);
      var decoded = org.apache.qpid.proton.message.Message.Factory.create();
      decoded.decode(encoded, 0, encoded.length);
      Section body = decoded.getBody();
      if (body instanceof Data data) {
        Binary binary = data.getValue();
        return binary == null ? new byte[0] : copy(binary);
      }
      return encoded;
    }

    private static byte[] copy(Binary binary) {
      byte[] bytes = new byte[binary.getLength()];
      System.arraycopy(binary.getArray(), binary.getArrayOffset(), bytes, 0, bytes.length);
      return bytes;
    }
  }

  /** Apart, since its client is there only for the JMS source. */
  private static final class Artemis {
    static byte[] bytes(Message message) {
      ActiveMQBuffer buffer = ((ActiveMQMessage) message).getCoreMessage().getDataBuffer();
      byte[] bytes = new byte[buffer.readableBytes()];
      buffer.readBytes(bytes);
      return bytes;
    }
  }
}
