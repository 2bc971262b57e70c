package org.audienceactivation.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.audienceactivation.profile.Profiles.profile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** What a LinkedHashMap does is right: the compact map only has to do the same for less. */
class CompactMapTest {

  private static final int MANY = 100_000;

  @Property
  void it_is_a_linked_hash_map_with_few_and_with_many_keys(
      @ForAll @Size(max = 60) List<@IntRange(max = 30) Integer> keys) {
    Map<String, Integer> model = new LinkedHashMap<>();
    CompactMap<String, Integer> compact = new CompactMap<>();

    for (int value = 0; value < keys.size(); value++) {
      String key = "k" + keys.get(value);
      if (value % 3 == 0) {
        model.putIfAbsent(key, value);
        compact.putIfAbsent(key, value);
      } else {
        model.put(key, value);
        compact.put(key, value);
      }
    }

    assertThat(compact.keys()).containsExactlyElementsOf(model.keySet());
    assertThat(compact.values()).containsExactlyElementsOf(model.values());
    assertThat(compact.isEmpty()).isEqualTo(model.isEmpty());
    for (int key = 0; key <= 31; key++) {
      assertThat(compact.get("k" + key)).isEqualTo(model.get("k" + key));
    }
  }

  @Property
  void objects_are_equal_whatever_the_order_of_their_members(
      @ForAll @Size(max = 20) Set<@IntRange(max = 99) Integer> keys) {
    List<Integer> backwards = new ArrayList<>(keys);
    Collections.reverse(backwards);
    JsonValue.Obj object = object(keys);

    assertThat(object).isEqualTo(object(backwards)).hasSameHashCodeAs(object(backwards));
    assertThat(object.hashCode()).isEqualTo(object.members().hashCode());
    backwards.add(100);
    assertThat(object).isNotEqualTo(object(backwards));
    backwards.remove(0);
    assertThat(object.equals(object(backwards))).isEqualTo(keys.isEmpty());
  }

  private static JsonValue.Obj object(Iterable<Integer> keys) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    keys.forEach(key -> members.put("k" + key, new JsonValue.Num("" + key)));
    return JsonValue.Obj.of(members);
  }

  @Test
  void of_a_key_that_comes_twice_the_last_value_stands_in_the_first_place() {
    JsonValue.Obj object = attribute("{\"a\":1,\"b\":2,\"xdm:a\":3}");

    assertThat(object.members())
        .containsExactly(
            Map.entry("a", new JsonValue.Num("3")), Map.entry("b", new JsonValue.Num("2")));
  }

  @Test
  void a_hundred_thousand_members_memberships_or_identities_take_no_longer_each_than_a_few() {
    String members = repeated("\"%1$d\":%1$d");
    String memberships = repeated("\"%1$d\":{}");
    String identities = repeated("\"%1$d\":[{\"id\":\"%1$d\"}]");
    String line =
        """
        {"o":{%s},"segmentMembership":{"ups":{%s}},"identityMap":{%s}}
        """
            .formatted(members, memberships, identities);
    Projection wanted = new Projection(Set.of(XdmPath.of("o")), AudienceScope.all());

    Profile profile =
        Assertions.assertTimeoutPreemptively(
            Duration.ofSeconds(20), () -> profile(line, wanted), "quadratic");

    assertThat(profile.attributes().get("o").orElseThrow())
        .isInstanceOfSatisfying(
            JsonValue.Obj.class, object -> assertThat(object.size()).isEqualTo(MANY));
    assertThat(profile.memberships()).hasSize(MANY);
    assertThat(profile.identities().namespaces()).hasSize(MANY);
  }

  private static String repeated(String member) {
    return IntStream.range(0, MANY).mapToObj(member::formatted).collect(Collectors.joining(","));
  }

  private static JsonValue.Obj attribute(String json) {
    Profile profile = profile("{\"o\":" + json + "}", Projection.ofPaths(Set.of(XdmPath.of("o"))));
    return (JsonValue.Obj) profile.attributes().get("o").orElseThrow();
  }
}
