package org.audienceactivation.sample;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Writes {@code segmentMembership}: up to twelve audiences of several origins. */
final class MembershipWriter {
  private static final String PLATFORM = "ups";
  private static final List<String> OTHER_ORIGINS =
      List.of("AAM", "AEPSegmentMatch", "CustomerAudienceUpload");
  private static final int MOST = 12;

  /** Audiences that exist and that nobody maps; the same in every export. */
  private static final List<String> UNMAPPED = unmapped(new Dice(2020));

  private final Dice dice;

  MembershipWriter(Dice dice) {
    this.dice = dice;
  }

  private static List<String> unmapped(Dice dice) {
    return Stream.generate(dice::uuid).limit(48).toList();
  }

  void write(Pen pen, Draft.Memberships memberships) throws IOException {
    switch (memberships) {
      case MAPPED -> writeWith(pen, mapped());
      case UNMAPPED -> writeUnmapped(pen);
    }
  }

  private List<String> mapped() {
    if (dice.chance(0.35)) {
      return SampleAudience.MAPPED.stream().map(SampleAudience::id).toList();
    }
    return List.of(dice.oneOf(SampleAudience.MAPPED).id());
  }

  private void writeUnmapped(Pen pen) throws IOException {
    switch (dice.below(10)) {
      case 0 -> {}
      case 1 -> pen.nothing("segmentMembership");
      case 2 -> pen.raw("segmentMembership", "{}");
      case 3 -> pen.raw("segmentMembership", "{\"ups\":{}}");
      default -> writeWith(pen, List.of());
    }
  }

  private void writeWith(Pen pen, List<String> mapped) throws IOException {
    int total = total();
    int foreign = total > mapped.size() + 1 && dice.chance(0.3) ? 1 : 0;
    pen.open("segmentMembership");
    if (dice.chance(0.5)) {
      writeForeign(pen, foreign);
      writePlatform(pen, mapped, total - foreign);
    } else {
      writePlatform(pen, mapped, total - foreign);
      writeForeign(pen, foreign);
    }
    pen.close();
  }

  /** Few, mostly; the most, now and then. */
  private int total() {
    return dice.chance(0.6) ? dice.below(3) : Math.min(dice.below(MOST + 1), dice.below(MOST + 1));
  }

  private void writePlatform(Pen pen, List<String> mapped, int atLeast) throws IOException {
    List<String> ids = new ArrayList<>(mapped);
    int offset = dice.below(UNMAPPED.size());
    while (ids.size() < atLeast) {
      ids.add(UNMAPPED.get((offset + ids.size()) % UNMAPPED.size()));
    }
    dice.shuffle(ids);
    pen.openAs(PLATFORM);
    for (String id : ids) {
      membership(pen, id);
    }
    pen.close();
  }

  /** Another namespace, in which even the id of a mapped audience is another audience. */
  private void writeForeign(Pen pen, int count) throws IOException {
    if (count == 0) {
      return;
    }
    pen.openAs(dice.oneOf(OTHER_ORIGINS));
    membership(pen, dice.chance(0.2) ? dice.oneOf(SampleAudience.MAPPED).id() : dice.digits(8));
    pen.close();
  }

  private void membership(Pen pen, String id) throws IOException {
    pen.openAs(id);
    if (dice.chance(0.7)) {
      time(pen);
      status(pen);
    } else {
      status(pen);
      time(pen);
    }
    if (dice.chance(0.1)) {
      pen.text("version", Integer.toString(1 + dice.below(12)));
    }
    if (dice.chance(0.08)) {
      pen.text("validUntil", Moments.draw(dice));
    }
    if (dice.chance(0.02)) {
      pen.raw(
          "payload",
          "{\"payloadType\":\"propensity\",\"payloadPropensityValue\":0." + dice.digits(2) + "}");
    }
    pen.close();
  }

  private void time(Pen pen) throws IOException {
    if (!dice.chance(0.02)) {
      pen.text("lastQualificationTime", Moments.draw(dice));
    }
  }

  private void status(Pen pen) throws IOException {
    int percent = dice.below(100);
    if (percent < 60) {
      pen.text("status", "realized");
    } else if (percent < 80) {
      pen.text("status", "exited");
    } else if (percent < 92) {
      pen.text("status", "existing");
    }
  }
}
