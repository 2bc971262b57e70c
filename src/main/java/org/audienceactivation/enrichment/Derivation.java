package org.audienceactivation.enrichment;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.audienceactivation.profile.Derived;
import org.audienceactivation.profile.JsonValue;
import org.audienceactivation.profile.XdmPath;

/**
 * A text that is made of others; where that gives nothing, what is there stays.
 *
 * @param making gets the attributes
 */
record Derivation(Set<XdmPath> reads, XdmPath to, Function<JsonValue.Obj, Optional<String>> making)
    implements Rule {

  /** One that is made of the text at one place. */
  static Derivation of(XdmPath from, XdmPath to, Function<String, Optional<String>> making) {
    return new Derivation(
        Set.of(from), to, attributes -> Texts.at(from, attributes).flatMap(making));
  }

  @Override
  public JsonValue.Obj apply(JsonValue.Obj attributes) {
    return making
        .apply(attributes)
        .map(text -> attributes.with(to, new JsonValue.Text(text)))
        .orElse(attributes);
  }

  @Override
  public List<Derived> derives() {
    return List.of(new Derived(to, reads));
  }
}
