package org.audienceactivation.sample;

import java.util.List;

/**
 * An audience that the sample exports have members of, in the namespace {@code ups}.
 *
 * <p>The ids are those of the example event in the public documentation of the Amazon Kinesis
 * destination. They look like UUIDs and are none (both contain letters that are not hexadecimal),
 * which is why nothing may check the shape of an id.
 */
public record SampleAudience(String id, String name) {

  /** The audiences that the destination {@code prospects} maps, in the order of its file. */
  public static final List<SampleAudience> MAPPED =
      List.of(
          new SampleAudience("7841ba61-23c1-4bb3-a495-00d3g5fe1e93", "Read the spring catalogue"),
          new SampleAudience("59bd2fkd-3c48-4b18-bf56-4f5c5e6967ae", "Asked for a test ride"));
}
