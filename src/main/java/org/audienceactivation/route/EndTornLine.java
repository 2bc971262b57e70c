package org.audienceactivation.route;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Runs before dead letters are written once more. The write that failed may have left part of a
 * line; a line break in front keeps the documents, which now come again whole, off that line.
 */
final class EndTornLine implements Processor {
  @Override
  public void process(Exchange exchange) {
    byte[] documents = exchange.getMessage().getBody(byte[].class);
    if (documents == null || documents.length == 0 || documents[0] == '\n') {
      return;
    }
    byte[] onALineOfTheirOwn = new byte[documents.length + 1];
    onALineOfTheirOwn[0] = '\n';
    System.arraycopy(documents, 0, onALineOfTheirOwn, 1, documents.length);
    exchange.getMessage().setBody(onALineOfTheirOwn);
  }
}
