package org.audienceactivation.route;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.audienceactivation.profile.ProfileReader;
import org.audienceactivation.profile.RawRecord;
import org.audienceactivation.profile.Reading;

/** Makes a profile of each raw record, or says why it is none. */
final class Decode implements Processor {
  /** What nobody foresaw in one record must not fail its batch, and so its file, for ever. */
  private static Reading decode(ProfileReader reader, RawRecord raw) {
    try {
      return reader.read(raw);
    } catch (RuntimeException e) {
      return Unforeseen.in(e);
    }
  }

  @Override
  public void process(Exchange exchange) {
    ProfileBatch batch = Bodies.profileBatch(exchange);
    ProfileReader reader = batch.reader();
    batch.received();
    for (BatchRecord record : batch.records()) {
      if (record.isRaw()) {
        record.decoded(decode(reader, record.raw()));
      }
    }
  }
}
