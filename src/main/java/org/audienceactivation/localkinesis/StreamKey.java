package org.audienceactivation.localkinesis;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a stream is known by: the same name in two regions is two streams. */
record StreamKey(String region, String name) implements Comparable<StreamKey> {

  /** The account of all streams. */
  static final String ACCOUNT = "000000000000";

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{1,128}");
  private static final Pattern ARN =
      Pattern.compile("arn:aws[a-z-]*:kinesis:([^:]*):\\d{12}:stream/([^/]+)");
  private static final Comparator<StreamKey> ORDER =
      Comparator.comparing(StreamKey::region).thenComparing(StreamKey::name);

  StreamKey {
    if (!Region.isName(region)) {
      throw ApiException.validation(
          "region", "satisfy regular expression pattern: [a-z0-9-]{1,64}");
    }
    if (!NAME.matcher(name).matches()) {
      throw ApiException.validation(
          "streamName", "satisfy regular expression pattern: [a-zA-Z0-9_.-]{1,128}");
    }
  }

  /** The stream that a request names by {@code StreamName}, {@code StreamARN} or both. */
  static StreamKey of(String region, Optional<String> name, Optional<String> arn) {
    if (arn.isEmpty()) {
      return new StreamKey(
          region,
          name.orElseThrow(
              () -> ApiException.invalidArgument("either StreamName or StreamARN must be given")));
    }
    StreamKey key = ofArn(arn.get());
    if (name.isPresent() && !name.get().equals(key.name)) {
      throw ApiException.invalidArgument("StreamName and StreamARN name different streams");
    }
    return key;
  }

  static StreamKey of(Call call, Fields fields) {
    return of(call.region(), fields.text("StreamName"), fields.text("StreamARN"));
  }

  String arn() {
    return "arn:aws:kinesis:" + region + ":" + ACCOUNT + ":stream/" + name;
  }

  /** The words with which the service speaks of a stream. */
  String described() {
    return "Stream " + name + " under account " + ACCOUNT + " in " + region;
  }

  @Override
  public int compareTo(StreamKey other) {
    return ORDER.compare(this, other);
  }

  private static StreamKey ofArn(String arn) {
    Matcher matcher = ARN.matcher(arn);
    if (!matcher.matches()) {
      throw ApiException.validation(
          "streamARN",
          "satisfy regular expression pattern: arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+");
    }
    return new StreamKey(matcher.group(1), matcher.group(2));
  }
}
