package org.audienceactivation.localkinesis;

import java.util.regex.Pattern;

/** Reads the region out of a signature that is otherwise ignored. */
final class Region {

  /** Where calls without a readable credential scope go. */
  static final String DEFAULT = "us-east-1";

  private static final String CREDENTIAL = "Credential=";
  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,64}");

  private Region() {}

  /**
   * The third part of {@code Credential=KEY/DATE/REGION/SERVICE/aws4_request}; {@link #DEFAULT} for
   * a header that has none.
   */
  static String ofAuthorization(String header) {
    int start = header.indexOf(CREDENTIAL);
    if (start < 0) {
      return DEFAULT;
    }
    int end = header.indexOf(',', start);
    String scope = header.substring(start + CREDENTIAL.length(), end < 0 ? header.length() : end);
    String[] parts = scope.split("/", -1);
    // counted from the end: an access key id may hold slashes
    return parts.length >= 5 && isName(parts[parts.length - 3]) ? parts[parts.length - 3] : DEFAULT;
  }

  /** Regions become folders, so they are held to the letters of a region. */
  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }
}
