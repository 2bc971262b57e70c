package org.audienceactivation;

/** XDM profiles for tests, as one line of an export. */
public final class Profiles {
  /** The two audiences that the shipped destination maps. */
  public static final String AUDIENCE = "7841ba61-23c1-4bb3-a495-00d3g5fe1e93";

  public static final String OTHER_AUDIENCE = "59bd2fkd-3c48-4b18-bf56-4f5c5e6967ae";

  private Profiles() {}

  /** In a mapped audience, with an ECID of this name, and consent. */
  public static String prospect(String ecid) {
    return profile(ecid, AUDIENCE, "y");
  }

  public static String refusing(String ecid) {
    return profile(ecid, AUDIENCE, "n");
  }

  public static String inNoMappedAudience(String ecid) {
    return profile(ecid, "some-other-audience", "y");
  }

  public static String withoutIdentity() {
    return prospect("x").replaceAll("\"identityMap\":\\{.*?\\}\\]\\},", "");
  }

  private static String profile(String ecid, String audience, String share) {
    return """
        {"person":{"email":"%s@example.com"},"identityMap":{"ecid":[{"id":"%s"}]},\
        "segmentMembership":{"ups":{"%s":{"status":"realized","lastQualificationTime":"2026-01-02T03:04:05Z"}}},\
        "consents":{"share":{"val":"%s"}}}"""
        .formatted(ecid, ecid, audience, share);
  }

  /** The event of {@link #prospect} for a destination that maps person.email and its audience. */
  public static String event(String ecid) {
    return """
        {"person":{"email":"%s@example.com"},\
        "segmentMembership":{"ups":{"%s":{"lastQualificationTime":"2026-01-02T03:04:05Z","status":"realized"}}},\
        "identityMap":{"ecid":[{"id":"%s"}]}}"""
        .formatted(ecid, AUDIENCE, ecid);
  }
}
