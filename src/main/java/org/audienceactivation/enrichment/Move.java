package org.audienceactivation.enrichment;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.audienceactivation.profile.Derived;
import org.audienceactivation.profile.JsonValue;
import org.audienceactivation.profile.XdmPath;

/** Whatever stands at one path stands at another; what was there is replaced. */
record Move(XdmPath from, XdmPath to) implements Rule {

  @Override
  public JsonValue.Obj apply(JsonValue.Obj attributes) {
    Optional<JsonValue> found = attributes.at(from);
    return found.isEmpty() || found.get() == JsonValue.Null.NULL
        ? attributes
        : attributes.without(from).with(to, found.get());
  }

  @Override
  public Set<XdmPath> reads() {
    return Set.of(from);
  }

  @Override
  public List<Derived> derives() {
    return List.of(new Derived(to, Set.of(from)));
  }
}
