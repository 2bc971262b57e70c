package org.audienceactivation.sample;

import java.io.IOException;
import java.util.List;

/** Writes who the profile is about: XDM's attributes and those of an invented tenant. */
final class AttributeWriter {
  private static final List<String> EMOJI = List.of("🎉", "👩🏽‍🚀", "🐙", "🇺🇳", "☕️");
  private static final List<String> TIERS = List.of("bronze", "silver", "gold", "très privé");
  private static final List<String> COLOURS = List.of("teal", "ocker", "朱色", "blå");
  private static final List<String> GENDERS = List.of("female", "male", "non_specific");
  private static final List<String> INTERESTS =
      List.of("cycling", "théâtre", "料理", "шахи", "gardening", "موسيقى");
  private static final List<String> NOTES =
      List.of(
          "Prefers to be called after six.",
          "Said \"never again\" and came back the week after.",
          "Keeps files in C:\\exports\\new and asks about them.",
          "First line\nsecond line\twith a tab.",
          "Liest am liebsten gedruckte Kataloge, auch ältere.",
          "注文は電話より電子メールを好む。",
          "Slash / ampersand & less-than < and a line separator\u2028inside.");

  private final Dice dice;

  AttributeWriter(Dice dice) {
    this.dice = dice;
  }

  void id(Pen pen) throws IOException {
    if (dice.chance(0.5)) {
      pen.textAs("_id", dice.digits(18));
    }
  }

  void person(Pen pen, Persona persona) throws IOException {
    if (dice.chance(0.02)) {
      return;
    }
    if (dice.chance(0.01)) {
      pen.nothing("person");
      return;
    }
    pen.open("person");
    name(pen, persona);
    personEmail(pen, persona);
    if (dice.chance(0.3)) {
      pen.text("birthDate", Moments.birthDate(dice));
    }
    if (dice.chance(0.2)) {
      pen.text("gender", dice.oneOf(GENDERS));
    }
    pen.close();
  }

  private void personEmail(Pen pen, Persona persona) throws IOException {
    if (dice.chance(0.85)) {
      pen.text("email", persona.emailAsTyped(dice));
    } else if (dice.chance(0.3)) {
      pen.nothing("email");
    }
  }

  private void name(Pen pen, Persona persona) throws IOException {
    if (dice.chance(0.05)) {
      return;
    }
    pen.open("name");
    pen.text("firstName", persona.first().text());
    if (dice.chance(0.03)) {
      pen.nothing("lastName");
    } else {
      pen.text("lastName", persona.last().text());
    }
    if (dice.chance(0.05)) {
      pen.text("nickName", persona.first().text() + " " + dice.oneOf(EMOJI));
    }
    pen.close();
  }

  void contact(Pen pen, Persona persona) throws IOException {
    if (dice.chance(0.45)) {
      pen.open("personalEmail");
      pen.text("address", persona.emailAsTyped(dice));
      if (dice.chance(0.3)) {
        pen.bool("primary", dice.chance(0.8));
      }
      pen.close();
    }
    mobilePhone(pen, persona);
    if (dice.chance(0.25)) {
      pen.open("homeAddress");
      pen.text("city", dice.oneOf(persona.culture().cities()));
      pen.text("countryCode", persona.culture().country());
      pen.close();
    }
  }

  private void mobilePhone(Pen pen, Persona persona) throws IOException {
    if (dice.chance(0.3)) {
      pen.open("mobilePhone");
      pen.text("number", persona.phoneAsTyped(dice));
      pen.close();
    } else if (dice.chance(0.02)) {
      pen.nothing("mobilePhone");
    }
  }

  void tenant(Pen pen) throws IOException {
    if (dice.chance(0.45)) {
      return;
    }
    pen.openAs("_acme");
    if (dice.chance(0.8)) {
      loyalty(pen);
    }
    if (dice.chance(0.35)) {
      preferences(pen);
    }
    if (dice.chance(0.08)) {
      interests(pen);
    }
    if (dice.chance(0.04)) {
      notes(pen);
    }
    pen.close();
  }

  private void loyalty(Pen pen) throws IOException {
    pen.openAs("loyalty");
    if (dice.chance(0.05)) {
      pen.nothingAs("tier");
    } else {
      pen.textAs("tier", dice.oneOf(TIERS));
    }
    pen.numberAs("points", Integer.toString(dice.below(90_000)));
    if (dice.chance(0.2)) {
      pen.numberAs("turnover", dice.below(5_000) + "." + dice.below(10) + "0");
    }
    pen.close();
  }

  /** A field of type map: its keys are data. */
  private void preferences(Pen pen) throws IOException {
    pen.openAs("preferences");
    if (dice.chance(0.6)) {
      pen.textAs("colour", dice.oneOf(COLOURS));
    }
    if (dice.chance(0.5)) {
      pen.textAs("shop." + dice.digits(2), "visited");
    }
    if (dice.chance(0.4)) {
      pen.boolAs("printed catalogue", dice.chance(0.5));
    }
    pen.close();
  }

  private void interests(Pen pen) throws IOException {
    pen.openArrayAs("interests");
    for (int i = dice.below(5); i >= 0; i--) {
      pen.element(dice.oneOf(INTERESTS));
    }
    pen.closeArray();
  }

  /** What makes the longest lines. */
  private void notes(Pen pen) throws IOException {
    StringBuilder notes = new StringBuilder();
    for (int i = dice.below(50); i >= 0; i--) {
      notes.append(dice.oneOf(NOTES)).append(' ');
    }
    pen.textAs("notes", notes.append(dice.oneOf(EMOJI)).toString());
  }
}
