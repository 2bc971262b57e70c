package org.audienceactivation.route;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.audienceactivation.accounting.Reason;
import org.audienceactivation.accounting.ReasonCode;
import org.audienceactivation.profile.JsonValue;
import org.audienceactivation.profile.Profile;
import org.audienceactivation.profile.Rejection;

/**
 * Brings the results of steps for single profiles back to their places in the batch: a map is the
 * profile's new attributes, an empty body drops the profile, a failure rejects it. Consents stay
 * what they were. Results may come in any order.
 */
final class IntoBatch implements AggregationStrategy {

  /** Of an exchange whose step has failed for good, and whose error handler has said so. */
  static final String FAILED = "AudienceActivationStepFailed";

  private static final List<String> CONSENTS =
      Stream.concat(Stream.of("consents"), Profile.CONSENT_RESULTS.stream()).toList();

  @Override
  public Exchange aggregate(Exchange before, Exchange result) {
    throw new UnsupportedOperationException("Camel gives the exchange that was split, too");
  }

  @Override
  public Exchange aggregate(Exchange before, Exchange result, Exchange split) {
    if (result != null) {
      int place = result.getProperty(Exchange.SPLIT_INDEX, Integer.class);
      take(result, EachProfile.handedOut(split, place));
    }
    return split;
  }

  private static void take(Exchange result, BatchRecord record) {
    if (result.getException() != null || result.getProperty(FAILED, false, Boolean.class)) {
      reject(record, ReasonCode.STEP_FAILED, "a step for single profiles failed");
      return;
    }
    Object body = result.getMessage().getBody();
    if (body == null || body.equals("")) {
      reject(record, ReasonCode.DROPPED_BY_STEP, "");
      return;
    }
    if (!(body instanceof Map<?, ?> attributes)) {
      reject(
          record,
          ReasonCode.STEP_FAILED,
          "a step has left a "
              + body.getClass().getSimpleName()
              + " in the place of the profile's attributes");
      return;
    }
    Profile profile = record.profile().orElseThrow();
    try {
      record.change(profile.withAttributes(withConsents(attributes, profile.attributes())));
    } catch (IllegalArgumentException e) {
      reject(record, ReasonCode.STEP_FAILED, "what a step has made: " + e.getMessage());
    }
  }

  private static void reject(BatchRecord record, ReasonCode code, String detail) {
    record.reject(new Rejection(Reason.of(code), detail));
  }

  private static JsonValue.Obj withConsents(Map<?, ?> attributes, JsonValue.Obj before) {
    JsonValue.Obj changed = PlainJson.back(attributes, before);
    Map<String, JsonValue> members = new LinkedHashMap<>(changed.members());
    for (String key : CONSENTS) {
      members.remove(key);
      before.get(key).ifPresent(consents -> members.put(key, consents));
    }
    return JsonValue.Obj.of(members);
  }
}
