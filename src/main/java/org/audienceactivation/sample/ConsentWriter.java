package org.audienceactivation.sample;

import java.io.IOException;
import java.util.List;

/**
 * Writes {@code consents}; its {@code share.val} is what the destination {@code prospects} asks.
 */
final class ConsentWriter {
  private static final List<String> CHANNELS =
      List.of("any", "email", "push", "sms", "whatsApp", "call", "postalMail");
  private static final List<String> ANSWERS = List.of("y", "y", "y", "n", "p", "u");
  private static final List<String> REFUSALS = List.of("n", "n", "n", "n", "dn");
  private static final List<String> PERMISSIONS = List.of("y", "y", "y", "y", "y", "dy", "p", "u");

  private final Dice dice;

  ConsentWriter(Dice dice) {
    this.dice = dice;
  }

  void write(Pen pen, Draft.Sharing sharing) throws IOException {
    switch (sharing) {
      case REFUSED -> writeRefused(pen);
      case ALLOWED -> writeAllowed(pen);
    }
  }

  private void writeRefused(Pen pen) throws IOException {
    pen.open("consents");
    value(pen, "share", dice.oneOf(REFUSALS));
    marketing(pen);
    pen.close();
  }

  private void writeAllowed(Pen pen) throws IOException {
    if (dice.chance(0.3)) {
      return;
    }
    if (dice.chance(0.02)) {
      pen.nothing("consents");
      return;
    }
    pen.open("consents");
    marketing(pen);
    share(pen);
    if (dice.chance(0.2)) {
      value(pen, "collect", dice.oneOf(ANSWERS));
    }
    pen.close();
  }

  private void share(Pen pen) throws IOException {
    if (dice.chance(0.7)) {
      value(pen, "share", dice.oneOf(PERMISSIONS));
    } else if (dice.chance(0.1)) {
      pen.nothing("share");
    }
  }

  /** What other destinations may ask; a refusal here does not concern {@code share}. */
  private void marketing(Pen pen) throws IOException {
    if (dice.chance(0.55)) {
      return;
    }
    pen.open("marketing");
    for (String channel : CHANNELS) {
      if (dice.chance(0.2)) {
        channel(pen, channel);
      }
    }
    pen.close();
  }

  private void channel(Pen pen, String channel) throws IOException {
    pen.open(channel);
    pen.text("val", dice.oneOf(ANSWERS));
    if (dice.chance(0.2)) {
      pen.text("time", Moments.draw(dice));
    }
    pen.close();
  }

  private static void value(Pen pen, String name, String value) throws IOException {
    pen.open(name);
    pen.text("val", value);
    pen.close();
  }
}
