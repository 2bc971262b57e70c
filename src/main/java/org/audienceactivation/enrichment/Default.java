package org.audienceactivation.enrichment;

import java.util.List;
import java.util.Set;
import org.audienceactivation.profile.Derived;
import org.audienceactivation.profile.JsonValue;
import org.audienceactivation.profile.XdmPath;

/** A value for those who have none. */
record Default(XdmPath path, JsonValue value) implements Rule {

  @Override
  public JsonValue.Obj apply(JsonValue.Obj attributes) {
    boolean isMissing = attributes.at(path).orElse(JsonValue.Null.NULL) == JsonValue.Null.NULL;
    return isMissing ? attributes.with(path, value) : attributes;
  }

  @Override
  public Set<XdmPath> reads() {
    return Set.of(path);
  }

  @Override
  public List<Derived> derives() {
    return List.of();
  }
}
