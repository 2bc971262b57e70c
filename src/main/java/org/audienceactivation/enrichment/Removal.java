package org.audienceactivation.enrichment;

import java.util.List;
import java.util.Set;
import org.audienceactivation.profile.Derived;
import org.audienceactivation.profile.JsonValue;
import org.audienceactivation.profile.XdmPath;

/** Takes an attribute away, with all below it. */
record Removal(XdmPath path) implements Rule {

  @Override
  public JsonValue.Obj apply(JsonValue.Obj attributes) {
    return attributes.without(path);
  }

  @Override
  public Set<XdmPath> reads() {
    return Set.of();
  }

  @Override
  public List<Derived> derives() {
    return List.of();
  }
}
