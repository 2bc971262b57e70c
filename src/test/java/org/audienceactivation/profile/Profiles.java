package org.audienceactivation.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Profiles for tests, read as the program reads them. */
public final class Profiles {

  private Profiles() {}

  public static RawRecord record(String json) {
    return RawRecord.of("test", 1, json.getBytes(StandardCharsets.UTF_8));
  }

  public static Projection wanting(AudienceScope audiences, String... paths) {
    return new Projection(
        Arrays.stream(paths).map(XdmPath::of).collect(Collectors.toSet()), audiences);
  }

  public static Reading read(String json, Projection projection) {
    return new ProfileReader(projection).read(record(json));
  }

  public static Profile profile(String json, Projection projection) {
    Reading reading = read(json, projection);
    assertThat(reading).isInstanceOf(Profile.class);
    return (Profile) reading;
  }

  public static Rejection rejection(String json, Projection projection) {
    Reading reading = read(json, projection);
    assertThat(reading).isInstanceOf(Rejection.class);
    return (Rejection) reading;
  }
}
