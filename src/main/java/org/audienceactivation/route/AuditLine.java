package org.audienceactivation.route;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import org.audienceactivation.accounting.Reason;
import org.audienceactivation.governance.Finding;
import org.audienceactivation.profile.Identity;
import org.audienceactivation.profile.IdentityMap;
import org.audienceactivation.profile.NamespaceCodes;
import org.audienceactivation.profile.RawRecord;

/**
 * One line of the audit log: that a profile, or one of its identities, was withheld, and why. Its
 * JSON form is published as {@code schemas/audit.schema.json}. It holds nothing of the profile but
 * namespaces and keyed hashes of identities.
 */
record AuditLine(
    Instant time, String runId, String destination, RawRecord raw, Withholding withheld) {

  /** A profile may have any number of identities, a line may not. */
  private static final int MOST_IDENTITIES = 50;

  void write(JsonGenerator json, IdentityHash hash) throws IOException {
    Finding why = withheld.why();
    Reason reason = why.refusal().orElseThrow();
    json.writeStartObject();
    json.writeNumberField("formatVersion", 1);
    json.writeStringField("time", time.toString());
    json.writeStringField("runId", runId);
    json.writeStringField("destination", destination);
    json.writeStringField("withheld", withheld.kind().label());
    json.writeStringField("reason", reason.code().code());
    if (reason.subject().isPresent()) {
      json.writeStringField("subject", reason.subject().get());
    }
    json.writeObjectFieldStart("policy");
    json.writeStringField("id", why.policy().id());
    json.writeStringField("version", why.policy().version());
    json.writeEndObject();
    json.writeStringField("path", why.path());
    json.writeStringField("answer", why.answer());
    json.writeObjectFieldStart("source");
    json.writeStringField("name", raw.source());
    json.writeNumberField("line", raw.line());
    json.writeEndObject();
    writeIdentities(json, hash);
    json.writeEndObject();
  }

  private void writeIdentities(JsonGenerator json, IdentityHash hash) throws IOException {
    IdentityMap identities = withheld.identities();
    json.writeArrayFieldStart("identities");
    int count = 0;
    for (String namespace : identities.namespaces()) {
      for (Identity identity : identities.of(namespace)) {
        if (count < MOST_IDENTITIES) {
          write(json, NamespaceCodes.codeOf(namespace), identity, hash);
        }
        count++;
      }
    }
    json.writeEndArray();
    if (count > MOST_IDENTITIES) {
      json.writeNumberField("moreIdentities", count - MOST_IDENTITIES);
    }
  }

  private static void write(
      JsonGenerator json, String namespace, Identity identity, IdentityHash hash)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("namespace", namespace);
    json.writeStringField("hmac", hash.of(namespace, identity.id()));
    json.writeEndObject();
  }
}
