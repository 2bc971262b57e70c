package org.audienceactivation.sample;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Writes {@code identityMap}: codes of namespaces in whatever case the export's source used. */
final class IdentityWriter {
  private static final List<String> STATES = List.of("ambiguous", "authenticated", "loggedOut");
  private static final List<String> EMAIL_CODES = List.of("Email", "Email", "email", "EMAIL");
  private static final List<String> HASH_CODES = List.of("email_lc_sha256", "Email_LC_SHA256");
  private static final List<String> CUSTOM_CODES = List.of("AcmeCrmId", "acme_loyalty");

  private final Dice dice;
  private final MessageDigest sha256;

  IdentityWriter(Dice dice) {
    this.dice = dice;
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  void write(Pen pen, Draft.Identities identities, Persona persona) throws IOException {
    switch (identities) {
      case SOME -> writeSome(pen, persona);
      case NONE -> writeNone(pen);
    }
  }

  private void writeNone(Pen pen) throws IOException {
    switch (dice.below(5)) {
      case 0 -> {}
      case 1 -> pen.nothing("identityMap");
      case 2 -> pen.raw("identityMap", "{\"ECID\":[]}");
      case 3 -> pen.raw("identityMap", "{\"ECID\":[],\"Email\":null}");
      default -> pen.raw("identityMap", "{}");
    }
  }

  private void writeSome(Pen pen, Persona persona) throws IOException {
    boolean hasEcid = dice.chance(0.8);
    pen.open("identityMap");
    if (hasEcid) {
      ecids(pen, dice.chance(0.5) ? "ECID" : "ecid");
    }
    if (!hasEcid || dice.chance(0.45)) {
      one(pen, dice.oneOf(EMAIL_CODES), persona.emailAsTyped(dice));
    }
    if (dice.chance(0.3)) {
      one(pen, dice.oneOf(HASH_CODES), hash(persona.email()));
    }
    if (dice.chance(0.12)) {
      one(pen, dice.chance(0.8) ? "Phone" : "phone", persona.phone().e164());
    }
    if (dice.chance(0.12)) {
      one(pen, dice.oneOf(CUSTOM_CODES), dice.digits(9));
    }
    if (dice.chance(0.06)) {
      one(pen, dice.chance(0.5) ? "GAID" : "IDFA", dice.uuid());
    }
    pen.close();
  }

  private void ecids(Pen pen, String code) throws IOException {
    pen.openArrayAs(code);
    identity(pen, dice.digits(38));
    while (dice.chance(0.15)) {
      identity(pen, dice.digits(38));
    }
    pen.closeArray();
  }

  private void one(Pen pen, String code, String id) throws IOException {
    pen.openArrayAs(code);
    identity(pen, id);
    pen.closeArray();
  }

  private void identity(Pen pen, String id) throws IOException {
    pen.open();
    pen.text("id", id);
    if (dice.chance(0.25)) {
      pen.text("authenticatedState", dice.oneOf(STATES));
    }
    if (dice.chance(0.2)) {
      pen.bool("primary", dice.chance(0.5));
    }
    pen.close();
  }

  private String hash(String email) {
    return HexFormat.of().formatHex(sha256.digest(email.getBytes(UTF_8)));
  }
}
