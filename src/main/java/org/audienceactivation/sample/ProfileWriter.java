package org.audienceactivation.sample;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes one profile as one line without its end: everything that a draft leaves open is left to
 * chance.
 */
final class ProfileWriter {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          // otherwise what is outside the basic plane would always be escaped
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .build();
  private static final int HIGHEST_ASCII = 127;

  private final Dice dice;
  private final AttributeWriter attributes;
  private final MembershipWriter memberships;
  private final IdentityWriter identities;
  private final ConsentWriter consents;

  ProfileWriter(Dice dice) {
    this.dice = dice;
    this.attributes = new AttributeWriter(dice);
    this.memberships = new MembershipWriter(dice);
    this.identities = new IdentityWriter(dice);
    this.consents = new ConsentWriter(dice);
  }

  void write(Draft draft, OutputStream out) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out, JsonEncoding.UTF8)) {
      if (dice.chance(0.08)) {
        json.setHighestNonEscapedChar(HIGHEST_ASCII);
      }
      Pen pen = new Pen(json, dice.chance(0.02) ? "xdm:" : "");
      Persona persona = Persona.draw(dice);
      pen.open();
      for (Section section : order()) {
        write(section, draft, persona, pen);
      }
      pen.close();
    }
  }

  private List<Section> order() {
    if (dice.chance(0.8)) {
      return Section.ALL;
    }
    List<Section> order = new ArrayList<>(Section.ALL);
    dice.shuffle(order);
    return order;
  }

  private void write(Section section, Draft draft, Persona persona, Pen pen) throws IOException {
    Optional<Fault.WrongType> fault = draft.wrongTypeIn(section);
    if (fault.isPresent()) {
      pen.raw(fault.get().key(), fault.get().json());
      return;
    }
    switch (section) {
      case ID -> attributes.id(pen);
      case PERSON -> attributes.person(pen, persona);
      case CONTACT -> attributes.contact(pen, persona);
      case TENANT -> attributes.tenant(pen);
      case MEMBERSHIPS -> memberships.write(pen, draft.memberships());
      case IDENTITIES -> identities.write(pen, draft.identities(), persona);
      case CONSENTS -> consents.write(pen, draft.sharing());
    }
  }
}
