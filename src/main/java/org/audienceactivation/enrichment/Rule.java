package org.audienceactivation.enrichment;

import java.util.List;
import java.util.Set;
import org.audienceactivation.profile.Derived;
import org.audienceactivation.profile.JsonValue;
import org.audienceactivation.profile.XdmPath;

/**
 * One rule of {@code enrichment.yaml}. Applied to what it has made it changes nothing, so a batch
 * may come again. Thread-safe.
 */
interface Rule {

  /** The attributes with what the rule makes of them; the same if there is nothing to make. */
  JsonValue.Obj apply(JsonValue.Obj attributes);

  /** What it must see of a profile. */
  Set<XdmPath> reads();

  /** What it makes, of what. */
  List<Derived> derives();

  /**
   * Fetches what {@link #apply} will need for these profiles, at once.
   *
   * @throws LookupException if that is not possible now
   */
  default void prepare(List<JsonValue.Obj> profiles) {}
}
