package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadLetterRouteTest {
  @TempDir Path folder;

  /** Writes half of what it gets, then fails; the second time it writes all. */
  private static final class DiskThatFillsUp implements Processor {
    private final Path file;
    private int writes;

    DiskThatFillsUp(Path file) {
      this.file = file;
    }

    @Override
    public void process(Exchange exchange) throws IOException {
      byte[] body = exchange.getMessage().getBody(byte[].class);
      boolean isFull = writes++ == 0;
      byte[] written = isFull ? java.util.Arrays.copyOf(body, body.length / 2) : body;
      Files.write(file, written, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      if (isFull) {
        throw new IOException("No space left on device");
      }
    }
  }

  @Test
  void documents_of_a_write_that_failed_halfway_come_again_on_lines_of_their_own()
      throws Exception {
    Path file = folder.resolve("letters.ndjson");
    try (DefaultCamelContext context = new DefaultCamelContext()) {
      context.addRoutes(
          new RouteBuilder() {
            @Override
            public void configure() {
              errorHandler(
                  defaultErrorHandler()
                      .maximumRedeliveries(3)
                      .redeliveryDelay(1)
                      .onRedelivery(new EndTornLine()));
              from("direct:dead-letter").process(new DiskThatFillsUp(file));
            }
          });
      context.start();

      context
          .createProducerTemplate()
          .requestBody(
              "direct:dead-letter", "{\"a\":1}\n{\"b\":2}\n".getBytes(StandardCharsets.UTF_8));
    }

    assertThat(Files.readString(file)).endsWith("\n{\"a\":1}\n{\"b\":2}\n");
  }
}
