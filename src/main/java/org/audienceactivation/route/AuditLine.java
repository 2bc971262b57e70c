package org.audienceactivation.route;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.audienceactivation.accounting.LeftOut;
import org.audienceactivation.accounting.Reason;
import org.audienceactivation.governance.Finding;
import org.audienceactivation.governance.PolicyRef;
import org.audienceactivation.governance.Withheld;
import org.audienceactivation.governance.WithheldIdentity;
import org.audienceactivation.profile.Identity;
import org.audienceactivation.profile.IdentityMap;
import org.audienceactivation.profile.NamespaceCodes;
import org.audienceactivation.profile.RawRecord;

/**
 * One line of the audit log: that a profile, or parts of it, were withheld from a destination, or
 * would have been, and why. Its JSON form is published as {@code schemas/audit.schema.json}. It
 * holds nothing of the profile but namespaces and keyed hashes of identities.
 *
 * @param time in the form of ISO 8601
 */
record AuditLine(
    String time, String runId, String destination, RawRecord raw, Withholding withheld) {
  private static final Pattern CODE = Pattern.compile("(?=.*[a-z])[a-z0-9_.:/()\\- ]{1,64}");
  private static final String NO_CODE = "?";

  /** A profile may have any number of identities, and a destination of policies; a line may not. */
  private static final int MOST = 50;

  private static final int MOST_LABELS = 10;

  void write(JsonGenerator json, IdentityHash hash) throws IOException {
    json.writeStartObject();
    json.writeNumberField("formatVersion", 1);
    json.writeStringField("time", time);
    json.writeStringField("runId", runId);
    json.writeStringField("destination", destination);
    json.writeStringField("withheld", extent());
    if (withheld.whole().isPresent()) {
      writeWhy(json, withheld.whole().get());
    }
    if (hasLeftOut()) {
      writeLeftOut(json, hash);
    }
    if (withheld.hasAudited()) {
      writeAudited(json);
    }
    json.writeObjectFieldStart("source");
    json.writeStringField("name", raw.source());
    json.writeNumberField("line", raw.line());
    json.writeEndObject();
    writeIdentities(json, hash);
    json.writeEndObject();
  }

  private String extent() {
    if (withheld.whole().isPresent()) {
      return "profile";
    }
    return hasLeftOut() ? "parts" : "nothing";
  }

  private boolean hasLeftOut() {
    return !withheld.refused().isEmpty() || !withheld.leftOut().isEmpty();
  }

  private static void writeWhy(JsonGenerator json, Finding why) throws IOException {
    Reason reason = why.refusal().orElseThrow();
    json.writeStringField("reason", reason.code().code());
    if (reason.subject().isPresent()) {
      json.writeStringField("subject", reason.subject().get());
    }
    writePolicy(json, why.policy());
    json.writeStringField("path", why.path());
    json.writeStringField("answer", why.answer());
  }

  private static void writePolicy(JsonGenerator json, PolicyRef policy) throws IOException {
    json.writeObjectFieldStart("policy");
    json.writeStringField("id", policy.id());
    json.writeStringField("version", policy.version());
    json.writeEndObject();
  }

  private void writeLeftOut(JsonGenerator json, IdentityHash hash) throws IOException {
    List<WithheldIdentity> refused = first(withheld.refused(), MOST);
    List<Withheld> parts = first(withheld.leftOut(), MOST - refused.size());
    json.writeArrayFieldStart("leftOut");
    for (WithheldIdentity one : refused) {
      write(json, one, hash);
    }
    for (Withheld one : parts) {
      write(json, one);
    }
    json.writeEndArray();
    int all = withheld.refused().size() + withheld.leftOut().size();
    writeMore(json, "moreLeftOut", all - refused.size() - parts.size());
  }

  private void writeAudited(JsonGenerator json) throws IOException {
    List<Withheld> audited = first(withheld.audited(), MOST);
    json.writeArrayFieldStart("audited");
    if (withheld.wouldExclude().isPresent()) {
      json.writeStartObject();
      json.writeStringField("part", LeftOut.PROFILE);
      writeWhy(json, withheld.wouldExclude().get());
      json.writeEndObject();
    }
    for (Withheld one : audited) {
      write(json, one);
    }
    json.writeEndArray();
    writeMore(json, "moreAudited", withheld.audited().size() - audited.size());
  }

  private static <T> List<T> first(List<T> all, int most) {
    return all.subList(0, Math.min(all.size(), most));
  }

  private static void writeMore(JsonGenerator json, String field, int more) throws IOException {
    if (more > 0) {
      json.writeNumberField(field, more);
    }
  }

  private static void write(JsonGenerator json, WithheldIdentity one, IdentityHash hash)
      throws IOException {
    String namespace = code(one.namespace());
    json.writeStartObject();
    json.writeStringField("part", LeftOut.IDENTITY);
    json.writeStringField("namespace", namespace);
    json.writeStringField(
        "hmac", hash.of(NamespaceCodes.codeOf(one.namespace()), one.identity().id()));
    writeWhy(json, one.why());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Withheld one) throws IOException {
    json.writeStartObject();
    json.writeStringField("part", one.part().toString());
    json.writeStringField("reason", one.reason());
    writePolicy(json, one.policy());
    json.writeStringField("path", one.part().path());
    json.writeArrayFieldStart("labels");
    for (String label : first(one.labels(), MOST_LABELS)) {
      json.writeString(label);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void writeIdentities(JsonGenerator json, IdentityHash hash) throws IOException {
    IdentityMap identities = withheld.named();
    json.writeArrayFieldStart("identities");
    int count = 0;
    for (String namespace : identities.namespaces()) {
      for (Identity identity : identities.of(namespace)) {
        if (count < MOST) {
          write(json, namespace, identity, hash);
        }
        count++;
      }
    }
    json.writeEndArray();
    writeMore(json, "moreIdentities", count - MOST);
  }

  private static void write(
      JsonGenerator json, String namespace, Identity identity, IdentityHash hash)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("namespace", code(namespace));
    json.writeStringField("hmac", hash.of(NamespaceCodes.codeOf(namespace), identity.id()));
    json.writeEndObject();
  }

  /** Exports may hold anything as a key, an address too: what looks like no code is not shown. */
  private static String code(String namespace) {
    String code = NamespaceCodes.codeOf(namespace);
    return CODE.matcher(code).matches() ? code : NO_CODE;
  }
}
