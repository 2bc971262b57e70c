package org.audienceactivation.destination;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.audienceactivation.audience.AudienceCatalogue;
import org.audienceactivation.governance.ConsentPolicy;
import org.audienceactivation.governance.Decision;
import org.audienceactivation.governance.Governance;
import org.audienceactivation.governance.Restrictions;
import org.audienceactivation.governance.Rulebook;
import org.audienceactivation.governance.Rules;
import org.audienceactivation.governance.Verdict;
import org.audienceactivation.profile.Profile;
import org.audienceactivation.profile.Profiles;

/**
 * For any labels, policies, destinations and profiles. Every value of a profile is a word of its
 * own, so that an event shows by itself which of them it holds.
 */
class PolicyPropertiesTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern WORD = Pattern.compile("v[0-9]+v");
  private static final List<String> KEYS = List.of("a", "b", "c");

  /** Namespaces, each with all the ways in which exports spell it. */
  private static final Map<String, List<String>> SPELLINGS =
      Map.of(
          "email",
          List.of("Email", "Emails", "https://data.adobe.io/entities/namespace/6"),
          "ecid",
          List.of("ECID", "Experience Cloud ID", "https://data.adobe.io/entities/namespace/4"),
          "n3",
          List.of("N3", "https://data.adobe.io/entities/namespace/4711"));

  /**
   * What people configured; labels by field, namespace, audience and dataset.
   *
   * @param builtOn what audience A is built on; nothing if empty
   */
  record Home(
      Map<List<String>, Set<String>> fields,
      Map<String, Set<String>> namespaces,
      Map<String, Set<String>> audiences,
      List<String> builtOn,
      Set<String> dataset,
      String attributes,
      String mapped) {

    /** Its own, and those of all that the audience is built on. */
    Set<String> labelsOfAudience(String id) {
      Set<String> carried = new TreeSet<>(audiences.getOrDefault(id, Set.of()));
      if (!id.equals("A") || builtOn.isEmpty()) {
        return carried;
      }
      String root = builtOn.get(0);
      if (root.equals("identityMap")) {
        String namespace = builtOn.size() == 1 ? "*" : builtOn.get(1);
        namespaces.forEach(
            (name, own) -> {
              if (namespace.equals("*") || namespace.equals(name)) {
                carried.addAll(own);
              }
            });
      } else if (root.equals("segmentMembership")) {
        carried.addAll(audiences.getOrDefault("B", Set.of()));
      } else {
        fields.forEach(
            (pattern, own) -> {
              if (ALL_PATHS.stream()
                  .anyMatch(path -> matches(pattern, path) && matches(builtOn, path))) {
                carried.addAll(own);
              }
            });
      }
      return carried;
    }

    Rulebook rules(List<Expression> policies) {
      List<String> labels = new ArrayList<>();
      fields.forEach((path, carried) -> labels.add(entry(String.join(".", path), carried)));
      List<String> ofNamespaces = new ArrayList<>();
      namespaces.forEach((name, carried) -> ofNamespaces.add(entry(name, carried)));
      List<String> ofAudiences = new ArrayList<>();
      audiences.forEach(
          (id, carried) -> ofAudiences.add("{id: " + id + ", labels: " + carried + "}"));
      if (!builtOn.isEmpty()) {
        ofAudiences.add("{id: A, builtOn: ['" + String.join(".", builtOn) + "']}");
      }
      List<String> written = new ArrayList<>();
      for (Expression policy : policies) {
        written.add(
            "{id: p%d, status: ENABLED, marketingActions: [analytics], deny: %s}"
                .formatted(written.size(), policy.yaml()));
      }
      String datasets = dataset.isEmpty() ? "{}" : "{crm: " + dataset + "}";
      return Rules.of(
          "labels: {fields: {%s}, namespaces: {%s}, audiences: [%s], datasets: %s}\npolicies: [%s]"
              .formatted(
                  String.join(", ", labels),
                  String.join(", ", ofNamespaces),
                  String.join(", ", ofAudiences),
                  datasets,
                  String.join(", ", written)));
    }

    private static String entry(String key, Set<String> labels) {
      return "'" + key + "': " + labels;
    }
  }

  /** A deny expression; a single label has no operands. */
  record Expression(String label, String operator, List<Expression> operands) {

    static Expression of(String label) {
      return new Expression(label, "", List.of());
    }

    String yaml() {
      return operands.isEmpty()
          ? "{label: " + label + "}"
          : "{operator: %s, operands: [%s]}"
              .formatted(
                  operator,
                  operands.stream().map(Expression::yaml).collect(Collectors.joining(", ")));
    }

    boolean denies(Set<String> labels) {
      if (operands.isEmpty()) {
        return labels.contains(label);
      }
      return operator.equals("AND")
          ? operands.stream().allMatch(one -> one.denies(labels))
          : operands.stream().anyMatch(one -> one.denies(labels));
    }
  }

  /** Every path of the profiles, and those that are one key longer. */
  private static final List<List<String>> ALL_PATHS = allPaths();

  private static List<List<String>> allPaths() {
    List<List<String>> paths = new ArrayList<>(List.of(List.of()));
    for (int at = 0; at < paths.size(); at++) {
      for (String key : paths.get(at).size() < 5 ? KEYS : List.<String>of()) {
        paths.add(with(paths.get(at), key));
      }
    }
    return paths;
  }

  /** The bytes and the partition key that leave; empty if nothing does. */
  private static String sent(Home home, List<Expression> policies, ObjectNode profile) {
    return sent(home, policies, List.of(), profile);
  }

  private static String sent(
      Home home, List<Expression> policies, List<String> consentPolicies, ObjectNode profile) {
    Destination destination =
        Destination.read(
                "d.yaml",
                """
                stream: {name: s, region: r}
                audiences: %s
                attributes: %s
                marketingActions: [analytics]
                enforcement: strip
                """
                    .formatted(home.mapped(), home.attributes()),
                UnaryOperator.identity(),
                AudienceCatalogue.empty())
            .toOptional()
            .orElseThrow();
    Rulebook rules = home.rules(policies);
    Verdict verdict = rules.judge(destination.outgoing());
    Governance governance =
        new Governance(
                destination.consent(),
                consentPolicies.stream().map(yaml -> consentPolicy(yaml, rules)).toList(),
                Set.copyOf(destination.marketingActions()),
                rules.labelsOf(destination.outgoing()))
            .with(Restrictions.all(verdict, destination.outgoing()), Restrictions.NONE);
    Profile read =
        Profiles.profile(profile.toString(), destination.needs().union(governance.needs()));
    boolean isSelected = new Selection(destination.audiences()).selects(read);
    if (isSelected && governance.decide(read) instanceof Decision.Allowed allowed) {
      Mapped mapped = new Mapping(destination, AudienceCatalogue.empty()).map(allowed.profile());
      if (mapped instanceof Mapped.Event event) {
        return new String(event.event().data(), UTF_8) + "\n" + event.event().partitionKey();
      }
    }
    return "";
  }

  private static ConsentPolicy consentPolicy(String yaml, Rulebook rules) {
    return ConsentPolicy.read("c.yaml", yaml, UnaryOperator.identity(), Optional.of(rules))
        .toOptional()
        .orElseThrow();
  }

  private static Set<String> words(String text) {
    return WORD.matcher(text)
        .results()
        .map(found -> found.group())
        .collect(Collectors.toCollection(HashSet::new));
  }

  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  void no_value_under_a_denied_path_is_anywhere_in_the_bytes_sent(
      @ForAll("homes") Home home,
      @ForAll("labels") Set<String> denied,
      @ForAll("profiles") ObjectNode profile,
      @ForAll("spellings") Spelling spelling) {
    List<Expression> policies = denied.stream().map(Expression::of).toList();

    Set<String> sent = words(sent(home, policies, spelling.of(profile)));

    Map<String, Set<String>> carried = labelsOfWords(home, profile);
    for (String word : sent) {
      assertThat(carried.get(word)).as(word).doesNotContainAnyElementsOf(denied);
    }
  }

  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  void what_carries_c12_leaves_no_destination(
      @ForAll("homes") Home home,
      @ForAll("profiles") ObjectNode profile,
      @ForAll("spellings") Spelling spelling) {
    Home closed =
        new Home(
            withC12(home.fields()),
            withC12(home.namespaces()),
            withC12(home.audiences()),
            home.builtOn(),
            home.dataset(),
            home.attributes(),
            home.mapped());

    Set<String> sent = words(sent(closed, List.of(), spelling.of(profile)));

    Map<String, Set<String>> carried = labelsOfWords(closed, profile);
    sent.forEach(word -> assertThat(carried.get(word)).as(word).doesNotContain("C12"));
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void an_identity_that_refuses_is_nowhere_in_the_bytes_even_if_consents_are_mapped(
      @ForAll("homes") Home home,
      @ForAll("refusing") ObjectNode profile,
      @ForAll("spellings") Spelling spelling) {
    Home mapping =
        new Home(
            home.fields(),
            home.namespaces(),
            home.audiences(),
            home.builtOn(),
            home.dataset(),
            "[consents, a]",
            home.mapped());

    Set<String> sent = words(sent(mapping, List.of(), spelling.of(profile)));

    sent.retainAll(words(profile.get("consents").toString()));
    assertThat(sent).isEmpty();
  }

  /**
   * One way of writing a profile that says the same.
   *
   * @param namespace which spelling of each namespace
   */
  record Spelling(boolean isPrefixed, boolean hasArrays, boolean isLoud, int namespace) {

    ObjectNode of(ObjectNode profile) {
      ObjectNode spelled = JSON.createObjectNode();
      for (Map.Entry<String, JsonNode> member : profile.properties()) {
        switch (member.getKey()) {
          case "identityMap" -> putIdentities(spelled, member.getValue());
          case "segmentMembership" -> putMemberships(spelled, member.getValue().get("ups"));
          case "consents" -> spelled.set(key("consents"), member.getValue());
          default -> spelled.set(key(member.getKey()), prefixed(member.getValue()));
        }
      }
      return spelled;
    }

    private String key(String key) {
      return isPrefixed ? "xdm:" + key : key;
    }

    private JsonNode prefixed(JsonNode node) {
      if (node.isArray()) {
        ArrayNode array = JSON.createArrayNode();
        node.forEach(item -> array.add(prefixed(item)));
        return array;
      }
      if (!node.isObject()) {
        return node;
      }
      ObjectNode object = JSON.createObjectNode();
      node.properties()
          .forEach(member -> object.set(key(member.getKey()), prefixed(member.getValue())));
      return object;
    }

    private void putIdentities(ObjectNode spelled, JsonNode identities) {
      ArrayNode array = JSON.createArrayNode();
      ObjectNode map = JSON.createObjectNode();
      for (Map.Entry<String, JsonNode> one : identities.properties()) {
        List<String> spellings = SPELLINGS.getOrDefault(one.getKey(), List.of(one.getKey()));
        String name = spellings.get(namespace % spellings.size());
        map.set(name, one.getValue());
        ObjectNode item = array.addObject();
        item.set("id", one.getValue().get(0).get("id"));
        item.putObject("namespace").put("code", name);
      }
      spelled.set(key(hasArrays ? "identities" : "identityMap"), hasArrays ? array : map);
    }

    private void putMemberships(ObjectNode spelled, JsonNode memberships) {
      String ups = isLoud ? "UPS" : "ups";
      ArrayNode array = JSON.createArrayNode();
      for (Map.Entry<String, JsonNode> one : memberships.properties()) {
        ObjectNode item = array.addObject();
        item.set("status", one.getValue().get("status"));
        ObjectNode id = item.putObject("segmentID").put("_id", one.getKey());
        id.putObject("namespace").put("code", ups);
      }
      JsonNode map = JSON.createObjectNode().set(ups, memberships);
      spelled.set(key(hasArrays ? "segments" : "segmentMembership"), hasArrays ? array : map);
    }
  }

  @Provide
  Arbitrary<Spelling> spellings() {
    Arbitrary<Boolean> either = Arbitraries.of(true, false);
    return Combinators.combine(either, either, either, Arbitraries.integers().between(0, 2))
        .as(Spelling::new);
  }

  private static <T> Map<T, Set<String>> withC12(Map<T, Set<String>> labels) {
    Map<T, Set<String>> closed = new LinkedHashMap<>();
    labels.forEach(
        (thing, carried) ->
            closed.put(thing, carried.contains("I1") ? Set.of("C12", "I1") : carried));
    return closed;
  }

  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  void one_policy_more_never_lets_more_through(
      @ForAll("homes") Home home,
      @ForAll("policies") List<Expression> policies,
      @ForAll("expressions") Expression another,
      @ForAll("profiles") ObjectNode profile) {
    List<Expression> more = new ArrayList<>(policies);
    more.add(another);

    Set<String> before = words(sent(home, policies, profile));

    assertThat(before).containsAll(words(sent(home, more, profile)));
  }

  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  void nor_does_one_more_of_either_kind_beside_any_of_the_other(
      @ForAll("homes") Home home,
      @ForAll("policies") List<Expression> policies,
      @ForAll("expressions") Expression another,
      @ForAll("consents") List<String> consents,
      @ForAll("consent") String anotherConsent,
      @ForAll("refusing") ObjectNode profile) {
    List<Expression> more = new ArrayList<>(policies);
    more.add(another);
    List<String> moreConsents = new ArrayList<>(consents);
    moreConsents.add(anotherConsent);

    Set<String> before = words(sent(home, policies, consents, profile));
    Set<String> withAnother = words(sent(home, more, consents, profile));
    Set<String> withAnotherConsent = words(sent(home, policies, moreConsents, profile));
    Set<String> withBoth = words(sent(home, more, moreConsents, profile));

    assertThat(before).containsAll(withAnother).containsAll(withAnotherConsent);
    assertThat(withAnother).containsAll(withBoth);
    assertThat(withAnotherConsent).containsAll(withBoth);
  }

  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  void what_is_sent_breaks_no_policy(
      @ForAll("homes") Home home,
      @ForAll("policies") List<Expression> policies,
      @ForAll("profiles") ObjectNode profile)
      throws IOException {
    String sent = sent(home, policies, profile);
    if (sent.isEmpty()) {
      return;
    }
    Map<String, Set<String>> carried = labelsOfWords(home, profile);
    JsonNode event = JSON.readTree(sent);
    Set<String> beside = new HashSet<>(home.dataset());
    words(((ObjectNode) event).without("segmentMembership").toString())
        .forEach(word -> beside.addAll(carried.get(word)));
    for (JsonNode audience : event.path("segmentMembership").path("ups")) {
      Set<String> together = new HashSet<>(beside);
      together.addAll(carried.get(audience.path("status").asText()));
      assertThat(policies).noneMatch(policy -> policy.denies(together));
    }
  }

  /**
   * Of every word in the profile the labels on the way to it, found without the code under test.
   */
  private static Map<String, Set<String>> labelsOfWords(Home home, ObjectNode profile) {
    Map<String, Set<String>> carried = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> member : profile.properties()) {
      switch (member.getKey()) {
        case "identityMap" ->
            member
                .getValue()
                .properties()
                .forEach(
                    namespace ->
                        words(namespace.getValue().toString())
                            .forEach(
                                word ->
                                    carried.put(
                                        word,
                                        home.namespaces()
                                            .getOrDefault(namespace.getKey(), Set.of()))));
        case "segmentMembership" ->
            member
                .getValue()
                .path("ups")
                .properties()
                .forEach(
                    audience ->
                        words(audience.getValue().toString())
                            .forEach(
                                word ->
                                    carried.put(word, home.labelsOfAudience(audience.getKey()))));
        default -> collect(member.getValue(), List.of(member.getKey()), home, carried);
      }
    }
    return carried;
  }

  private static void collect(
      JsonNode node, List<String> steps, Home home, Map<String, Set<String>> carried) {
    if (node.isObject()) {
      node.properties()
          .forEach(
              member -> collect(member.getValue(), with(steps, member.getKey()), home, carried));
    } else if (node.isArray()) {
      node.forEach(item -> collect(item, with(steps, "[]"), home, carried));
    } else {
      Set<String> labels = new TreeSet<>();
      home.fields()
          .forEach(
              (pattern, own) -> {
                if (matches(pattern, steps)) {
                  labels.addAll(own);
                }
              });
      carried.put(node.asText(), labels);
    }
  }

  /** Whether the steps lead to or below what the pattern means; lists need no step of their own. */
  private static boolean matches(List<String> pattern, List<String> steps) {
    if (pattern.isEmpty()) {
      return true;
    }
    if (steps.isEmpty()) {
      return false;
    }
    List<String> rest = steps.subList(1, steps.size());
    List<String> further = pattern.subList(1, pattern.size());
    boolean isAny = pattern.get(0).equals("*");
    if (steps.get(0).equals("[]")) {
      return matches(pattern, rest) || (isAny && matches(further, rest));
    }
    return (isAny || pattern.get(0).equals(steps.get(0))) && matches(further, rest);
  }

  private static List<String> with(List<String> steps, String step) {
    List<String> longer = new ArrayList<>(steps);
    longer.add(step);
    return longer;
  }

  @Provide
  Arbitrary<Set<String>> labels() {
    return Arbitraries.of("C2", "C3", "I1").set().ofMinSize(1).ofMaxSize(2);
  }

  @Provide
  Arbitrary<Home> homes() {
    Arbitrary<List<String>> paths =
        Combinators.combine(
                Arbitraries.of("a", "b"), Arbitraries.of("a", "b", "c", "*").list().ofMaxSize(2))
            .as(
                (first, rest) -> {
                  List<String> path = new ArrayList<>(List.of(first));
                  path.addAll(rest);
                  return path;
                });
    return Combinators.combine(
            Arbitraries.maps(paths, labels()).ofMaxSize(5),
            Arbitraries.maps(Arbitraries.of("email", "ecid", "n3"), labels()).ofMaxSize(2),
            Arbitraries.maps(Arbitraries.of("A", "B"), labels()).ofMaxSize(2),
            Arbitraries.oneOf(
                paths,
                Arbitraries.of(
                    List.<String>of(),
                    List.of("identityMap"),
                    List.of("identityMap", "email"),
                    List.of("segmentMembership", "ups", "B"))),
            Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.just(Set.<String>of())), Tuple.of(1, labels())),
            Arbitraries.of("[a, b]", "[a.b, b]", "[a.b.c, a.c, b.a]", "[b.a, b.c, a]"),
            Arbitraries.of("all", "[{id: A}, {id: B}]", "[{id: A}]"))
        .as(Home::new);
  }

  @Provide
  Arbitrary<Expression> expressions() {
    Arbitrary<Expression> leaves = Arbitraries.of("C2", "C3", "I1").map(Expression::of);
    Arbitrary<Expression> pairs = joined(leaves);
    return Arbitraries.oneOf(leaves, pairs, joined(Arbitraries.oneOf(leaves, pairs)));
  }

  private static Arbitrary<Expression> joined(Arbitrary<Expression> operands) {
    return Combinators.combine(
            Arbitraries.of("AND", "OR"), operands.list().ofMinSize(2).ofMaxSize(3))
        .as((operator, several) -> new Expression("", operator, several));
  }

  @Provide
  Arbitrary<List<Expression>> policies() {
    return expressions().list().ofMaxSize(3);
  }

  @Provide
  Arbitrary<String> consent() {
    return Combinators.combine(
            Arbitraries.of(
                "",
                "if: {marketingAction: analytics}\n",
                "if: {label: C2}\n",
                "if: {operator: AND, operands: [{label: I1}, {label: C3}]}\n"),
            Arbitraries.of("a", "b", "a.b", "b.c", "a.*.a"),
            Arbitraries.of("true", "false"))
        .as(
            (to, path, exists) ->
                "status: ENABLED\n%sthen: {path: %s, exists: %s}".formatted(to, path, exists));
  }

  @Provide
  Arbitrary<List<String>> consents() {
    return consent().list().ofMaxSize(2);
  }

  /** Some of whose identities refuse for themselves. */
  @Provide
  Arbitrary<ObjectNode> refusing() {
    return Combinators.combine(profiles(), Arbitraries.of("email", "ecid", "n3").set())
        .as(
            (profile, namespaces) -> {
              ObjectNode refusals = profile.putObject("consents").putObject("idSpecific");
              namespaces.removeIf(name -> profile.at("/identityMap/" + name).isMissingNode());
              for (String namespace : namespaces) {
                String id = profile.at("/identityMap/" + namespace + "/0/id").asText();
                refusals.putObject(namespace).putObject(id).putObject("share").put("val", "n");
              }
              return profile;
            });
  }

  @Provide
  Arbitrary<ObjectNode> profiles() {
    Arbitrary<JsonNode> scalars = Arbitraries.create(() -> JSON.getNodeFactory().textNode("?"));
    Arbitrary<JsonNode> level1 = Arbitraries.oneOf(scalars, containers(scalars));
    Arbitrary<JsonNode> level2 = Arbitraries.oneOf(containers(scalars), containers(level1));
    return Combinators.combine(
            objects(level2),
            Arbitraries.of("email", "ecid", "n3", "n4").set().ofMinSize(1),
            Arbitraries.of("A", "B", "C").set().ofMinSize(1))
        .as(
            (tree, namespaces, audiences) -> {
              ObjectNode profile = tree.deepCopy();
              ObjectNode identities = profile.putObject("identityMap");
              namespaces.forEach(name -> identities.putArray(name).addObject().put("id", "?"));
              ObjectNode ups = profile.putObject("segmentMembership").putObject("ups");
              audiences.forEach(id -> ups.putObject(id).put("status", "?"));
              return (ObjectNode) numbered(profile, new int[1]);
            });
  }

  private static Arbitrary<JsonNode> containers(Arbitrary<JsonNode> values) {
    Arbitrary<JsonNode> arrays =
        values
            .list()
            .ofMinSize(1)
            .ofMaxSize(2)
            .map(
                items -> {
                  ArrayNode array = JSON.createArrayNode();
                  items.forEach(array::add);
                  return array;
                });
    return Arbitraries.oneOf(objects(values).map(JsonNode.class::cast), arrays);
  }

  private static Arbitrary<ObjectNode> objects(Arbitrary<JsonNode> values) {
    return Arbitraries.maps(Arbitraries.of("a", "b", "c"), values)
        .ofMinSize(1)
        .ofMaxSize(3)
        .map(
            members -> {
              ObjectNode object = JSON.createObjectNode();
              members.forEach(object::set);
              return object;
            });
  }

  /** The same tree with a word of its own for each value. */
  private static JsonNode numbered(JsonNode node, int[] next) {
    if (node.isObject()) {
      ObjectNode object = JSON.createObjectNode();
      node.properties()
          .forEach(member -> object.set(member.getKey(), numbered(member.getValue(), next)));
      return object;
    }
    if (node.isArray()) {
      ArrayNode array = JSON.createArrayNode();
      node.forEach(item -> array.add(numbered(item, next)));
      return array;
    }
    return JSON.getNodeFactory().textNode("v" + next[0]++ + "v");
  }
}
