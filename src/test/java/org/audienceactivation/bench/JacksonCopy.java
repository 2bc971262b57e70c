package org.audienceactivation.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;

/**
 * The limit of parsing: every token of the profiles' file from a Jackson parser to a generator, and
 * a byte array for each line. One thread.
 */
final class JacksonCopy implements Contestant {

  private final JsonFactory json = new JsonFactory();
  private final Load load;

  JacksonCopy(Load load) {
    this.load = load;
  }

  @Override
  public void pass(Watch watch) throws IOException {
    watch.start();
    int copied = 0;
    long bytes = 0;
    try (InputStream in = Files.newInputStream(load.profiles());
        JsonParser parser = json.createParser(in);
        ByteArrayBuilder out = new ByteArrayBuilder(2_048);
        JsonGenerator generator = json.createGenerator(out)) {
      generator.setRootValueSeparator(null);
      while (parser.nextToken() != null) {
        generator.copyCurrentStructure(parser);
        generator.flush();
        bytes += out.toByteArray().length;
        out.reset();
        copied++;
      }
    }
    watch.stop();
    if (copied != load.records() || bytes == 0) {
      throw new IllegalStateException(copied + " lines were copied, not " + load.records());
    }
  }

  @Override
  public void close() {}
}
