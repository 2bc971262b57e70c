package org.audienceactivation.route;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.audienceactivation.profile.Identity;
import org.audienceactivation.profile.IdentityMap;
import org.audienceactivation.profile.Profile;
import org.audienceactivation.profile.RawRecord;

/** The record that stands for a profile which a snapshot does not show any more. */
final class MissingProfile {
  private static final JsonFactory JSON = new JsonFactory();

  private MissingProfile() {}

  /** All that is known of it: its identities, as an export would show them. */
  static RawRecord raw(String source, long number, Profile profile) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeObjectFieldStart("identityMap");
      write(profile.identities(), json);
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw new AssertionError("writing to memory does not fail", e);
    }
    return RawRecord.of(source, number, bytes.toByteArray());
  }

  private static void write(IdentityMap identities, JsonGenerator json) throws IOException {
    for (String namespace : identities.namespaces()) {
      json.writeArrayFieldStart(namespace);
      for (Identity identity : identities.of(namespace)) {
        json.writeStartObject();
        json.writeStringField("id", identity.id());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
  }
}
