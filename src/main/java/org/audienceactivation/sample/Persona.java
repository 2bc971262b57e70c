package org.audienceactivation.sample;

import java.util.List;

/** Who a profile is about: what its attributes and its identities have in common. */
record Persona(
    Culture culture, Culture.Name first, Culture.Name last, String email, PhoneRange.Phone phone) {

  /** The domains that RFC 2606 keeps for examples. */
  private static final List<String> DOMAINS = List.of("example.com", "example.net", "example.org");

  static Persona draw(Dice dice) {
    Culture culture = dice.oneOf(Culture.ALL);
    Culture.Name first = dice.oneOf(culture.firstNames());
    Culture.Name last = dice.oneOf(culture.lastNames());
    String number = Integer.toString(dice.below(36 * 36 * 36 * 36), 36);
    String email = first.latin() + "." + last.latin() + "." + number + "@" + dice.oneOf(DOMAINS);
    return new Persona(culture, first, last, email, culture.phones().draw(dice));
  }

  /** The address, now and then as people type it: with capitals, or with spaces around it. */
  String emailAsTyped(Dice dice) {
    if (dice.chance(0.04)) {
      return Character.toUpperCase(email.charAt(0)) + email.substring(1);
    }
    return dice.chance(0.02) ? " " + email + " " : email;
  }

  String phoneAsTyped(Dice dice) {
    return switch (dice.below(3)) {
      case 0 -> phone.e164();
      case 1 -> phone.international();
      default -> phone.national();
    };
  }
}
