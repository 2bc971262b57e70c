package org.audienceactivation.governance;

import java.util.Set;
import org.audienceactivation.profile.JsonValue;
import org.audienceactivation.profile.XdmPath;

/**
 * One thing that a destination asks of profiles. Thread-safe, and asked once a record: it answers
 * with a finding that was made beforehand.
 */
interface ConsentCheck {

  /** What it asks, for people. */
  String title();

  /** What must be read of a profile. */
  Set<XdmPath> needs();

  Finding ask(JsonValue.Obj attributes);

  /** The same decision, with what it rests on. */
  Explanation explain(JsonValue.Obj attributes);
}
