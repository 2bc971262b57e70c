package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Iterator;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.audienceactivation.profile.NdjsonReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportsTest {
  @TempDir Path folder;

  private Exports exports() {
    return new Exports(
        new PlansInForce(Plans.NONE),
        NdjsonReader.Limits.DEFAULT,
        folder,
        new StopSignal(),
        Clock.systemUTC());
  }

  private static Exchange fileExchange(Path file) {
    Exchange exchange = new DefaultExchange(new DefaultCamelContext());
    exchange.getMessage().setHeader(Exchange.FILE_PATH, file.toString());
    exchange.getMessage().setHeader(Exchange.FILE_NAME, file.getFileName().toString());
    return exchange;
  }

  @Test
  void a_file_that_cannot_be_opened_counts_as_one_that_stays_with_its_source() {
    Exports exports = exports();

    assertThatThrownBy(() -> exports.batches(fileExchange(folder.resolve("gone.ndjson"))))
        .isInstanceOf(UnsettledSourceException.class)
        .hasMessageContaining("gone.ndjson: cannot be opened");
    assertThat(exports.hasFailures()).isTrue();
  }

  @Test
  void a_settled_file_that_is_still_there_is_not_handed_out_again() throws Exception {
    Path file = Files.writeString(folder.resolve("a.ndjson"), "\n");
    Exports exports = exports();
    read(exports, file).end();
    assertThat(exports.hasFailures()).isFalse();

    ExportFile again = read(exports, file);

    assertThat(again.hasNext()).isFalse();
    assertThat(exports.hasFailures()).as("the move to done has failed").isTrue();
  }

  @Test
  void a_file_that_was_written_to_while_it_was_read_is_not_settled() throws Exception {
    Path file = Files.writeString(folder.resolve("a.ndjson"), "\n");
    ExportFile export = read(exports(), file);

    Files.writeString(file, "\n\n");

    assertThat(export.isSettled()).isFalse();
  }

  @Test
  void a_batch_that_is_promised_is_handed_out_though_the_application_stops() throws Exception {
    Path file = Files.writeString(folder.resolve("a.ndjson"), "{}\n");
    StopSignal stop = new StopSignal();
    Exports exports =
        new Exports(
            new PlansInForce(Plans.NONE),
            NdjsonReader.Limits.DEFAULT,
            folder,
            stop,
            Clock.systemUTC());
    Iterator<ProfileBatch> batches = exports.batches(fileExchange(file));

    assertThat(batches.hasNext()).isTrue();
    stop.give();

    assertThat(batches.hasNext()).isTrue();
    assertThat(batches.next().records()).hasSize(1);
    assertThat(batches.hasNext()).isFalse();
  }

  private static ExportFile read(Exports exports, Path file) throws Exception {
    ExportFile export = (ExportFile) exports.batches(fileExchange(file));
    assertThat(export.hasNext()).isFalse();
    return export;
  }
}
