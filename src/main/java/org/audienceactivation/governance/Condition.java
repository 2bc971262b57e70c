package org.audienceactivation.governance;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.audienceactivation.profile.JsonValue;
import org.audienceactivation.profile.XdmPath;

/**
 * What a profile must satisfy for a consent policy, ready to be asked: every path is split, and
 * conditions on the elements of one list that are joined by AND are bound to the same element.
 */
sealed interface Condition {

  /** What {@link #failure} answers for what is satisfied. */
  int SATISFIED = -1;

  /** The key that stands for every element of a list. */
  String EACH_ELEMENT = "[]";

  /** The key that stands for every key of a map. */
  String EACH_KEY = "*";

  /**
   * The number of the first comparison that the value does not satisfy, or {@link #SATISFIED}.
   *
   * @param scope an object; {@code Null} stands for one that is missing
   */
  int failure(JsonValue scope);

  /** The same, with the comparisons that it rests on. */
  Explanation explain(JsonValue scope);

  /** Paths below the scope that are read. */
  Set<List<String>> reads();

  /** A value at a path. */
  record Comparison(int number, String path, List<String> keys, Steps steps, ValueTest test)
      implements Condition {

    @Override
    public int failure(JsonValue scope) {
      return test.accepts(steps.from(scope)) && !isBlocked(scope) ? SATISFIED : number;
    }

    /** Only {@code exists} could take what stands in the way for the value. */
    private boolean isBlocked(JsonValue scope) {
      return test instanceof ValueTest.Exists && steps.isBlocked(scope);
    }

    @Override
    public Explanation explain(JsonValue scope) {
      return Explanation.of(
          path + " " + test, result(failure(scope)), "is " + Shown.of(path, steps.from(scope)));
    }

    @Override
    public Set<List<String>> reads() {
      return Set.of(keys);
    }
  }

  /** All of these. */
  record AllOf(List<Condition> operands) implements Condition {
    public AllOf {
      operands = List.copyOf(operands);
    }

    @Override
    public int failure(JsonValue scope) {
      for (int at = 0; at < operands.size(); at++) { // asked once a record: no iterator
        int failure = operands.get(at).failure(scope);
        if (failure != SATISFIED) {
          return failure;
        }
      }
      return SATISFIED;
    }

    @Override
    public Explanation explain(JsonValue scope) {
      return Condition.explain("all of", operands, failure(scope), scope);
    }

    @Override
    public Set<List<String>> reads() {
      return readBy(operands);
    }
  }

  /** One of these. */
  record AnyOf(List<Condition> operands) implements Condition {
    public AnyOf {
      operands = List.copyOf(operands);
    }

    @Override
    public int failure(JsonValue scope) {
      int first = SATISFIED;
      for (int at = 0; at < operands.size(); at++) { // asked once a record: no iterator
        int failure = operands.get(at).failure(scope);
        if (failure == SATISFIED) {
          return SATISFIED;
        }
        first = first == SATISFIED ? failure : first;
      }
      return first;
    }

    @Override
    public Explanation explain(JsonValue scope) {
      return Condition.explain("one of", operands, failure(scope), scope);
    }

    @Override
    public Set<List<String>> reads() {
      return readBy(operands);
    }
  }

  /**
   * One element of a list, or one value of a map. A container that is missing or empty counts as
   * one with a missing element.
   *
   * @param first the number of its first comparison
   */
  record AnyElement(
      int first, String path, List<String> keys, Steps steps, boolean isList, Condition element)
      implements Condition {

    private static final List<JsonValue> ONE_MISSING = List.of(JsonValue.Null.NULL);

    @Override
    public int failure(JsonValue scope) {
      int failure = first;
      boolean isFirst = true;
      for (JsonValue candidate : candidates(scope)) {
        int one = element.failure(candidate);
        if (one == SATISFIED) {
          return SATISFIED;
        }
        failure = isFirst ? one : failure;
        isFirst = false;
      }
      return failure;
    }

    /** None if something else stands in the place of the container: that satisfies nothing. */
    private List<JsonValue> candidates(JsonValue scope) {
      JsonValue container = steps.from(scope);
      if (container == JsonValue.Null.NULL) {
        return ONE_MISSING;
      }
      if (isList && container instanceof JsonValue.Arr list) {
        return list.items().isEmpty() ? ONE_MISSING : list.items();
      }
      if (!isList && container instanceof JsonValue.Obj map && !steps.isBlocked(scope)) {
        return map.size() == 0 ? ONE_MISSING : List.copyOf(map.members().values());
      }
      return List.of();
    }

    @Override
    public Explanation explain(JsonValue scope) {
      List<JsonValue> candidates = candidates(scope);
      List<Condition> asked = element instanceof AllOf all ? all.operands() : List.of(element);
      return new Explanation(
          "one " + (isList ? "element" : "value") + " of " + path,
          result(failure(scope)),
          candidates.equals(ONE_MISSING)
              ? "there is none"
              : candidates.stream().filter(one -> element.failure(one) == SATISFIED).count()
                  + " of "
                  + candidates.size()
                  + " satisfies it",
          asked.stream().map(condition -> explain(condition, candidates)).toList());
    }

    private static Explanation explain(Condition condition, List<JsonValue> candidates) {
      long satisfied =
          candidates.stream().filter(one -> condition.failure(one) == SATISFIED).count();
      return Explanation.of(
          condition instanceof Comparison one ? one.path() + " " + one.test() : "one of several",
          satisfied > 0 ? Explanation.Result.PASSES : Explanation.Result.WITHHOLDS,
          "satisfied by " + satisfied + " of " + candidates.size());
    }

    @Override
    public Set<List<String>> reads() {
      return Set.of(keys);
    }
  }

  private static Explanation explain(
      String what, List<Condition> operands, int failure, JsonValue scope) {
    return new Explanation(
        what,
        result(failure),
        operands.size() + " conditions",
        operands.stream().map(operand -> operand.explain(scope)).toList());
  }

  private static Explanation.Result result(int failure) {
    return failure == SATISFIED ? Explanation.Result.PASSES : Explanation.Result.WITHHOLDS;
  }

  private static Set<List<String>> readBy(List<Condition> operands) {
    Set<List<String>> reads = new HashSet<>();
    operands.forEach(operand -> reads.addAll(operand.reads()));
    return reads;
  }

  /** What must be read of a profile. */
  default Set<XdmPath> needs() {
    Set<XdmPath> needs = new HashSet<>();
    reads().forEach(keys -> needs.add(new XdmPath(keys)));
    return needs;
  }

  /** A condition as it is written: a tree whose leaves compare the value at a path. */
  sealed interface Written {

    /**
     * A value at a path.
     *
     * @param number counts the comparisons of a policy, from zero
     * @param path as it is written
     * @param keys of the path, {@link #EACH_ELEMENT} and {@link #EACH_KEY} among them
     */
    record Leaf(int number, String path, List<String> keys, ValueTest test) implements Written {}

    /** Several, at least one, joined by AND or by OR. */
    record Group(boolean isAnd, List<Written> operands) implements Written {}
  }

  /**
   * Makes it ready to be asked.
   *
   * @throws IllegalArgumentException if an AND has several ORs that ask an element of a container
   *     and something else as well
   */
  static Condition of(Written written) {
    return of(written, 0);
  }

  /**
   * The same below a container.
   *
   * @param depth how many keys of every path are behind us
   */
  private static Condition of(Written written, int depth) {
    int container = containerOf(written, depth);
    boolean isOr = written instanceof Written.Group group && !group.isAnd();
    if (container >= 0 && !isOr) {
      return element(written, depth, container);
    }
    if (written instanceof Written.Leaf leaf) {
      List<String> keys = leaf.keys().subList(depth, leaf.keys().size());
      return new Comparison(leaf.number(), leaf.path(), keys, Steps.along(keys), leaf.test());
    }
    Written.Group group = (Written.Group) written;
    if (!group.isAnd()) {
      return new AnyOf(group.operands().stream().map(operand -> of(operand, depth)).toList());
    }
    List<Written> operands = flattened(group);
    List<Written.Group> mixed = mixed(operands, depth);
    if (mixed.size() > 1) { // each one more would multiply the alternatives
      throw new IllegalArgumentException(
          "an AND may have one OR that asks an element of a list or map and something else as well;"
              + " write it as an OR of ANDs");
    }
    if (!mixed.isEmpty()) {
      return of(distributed(operands, mixed.get(0)), depth);
    }
    return new AllOf(
        boundTogether(operands, depth).stream().map(operand -> of(operand, depth)).toList());
  }

  private static Condition element(Written written, int depth, int container) {
    List<String> keys = firstLeaf(written).keys();
    List<String> way = keys.subList(depth, container);
    return new AnyElement(
        firstLeaf(written).number(),
        String.join(".", keys.subList(0, container)),
        way,
        Steps.along(way),
        keys.get(container).equals(EACH_ELEMENT),
        of(written, container + 1));
  }

  /** An AND within an AND asks nothing else than its operands beside the others. */
  private static List<Written> flattened(Written.Group and) {
    List<Written> operands = new ArrayList<>();
    for (Written operand : and.operands()) {
      if (operand instanceof Written.Group group && group.isAnd()) {
        operands.addAll(flattened(group));
      } else {
        operands.add(operand);
      }
    }
    return operands;
  }

  /**
   * Each OR of which only a part is about the elements of a container that another operand asks of
   * too: as a whole it cannot be bound to one element, each of its operands can.
   */
  private static List<Written.Group> mixed(List<Written> operands, int depth) {
    List<Written.Group> mixed = new ArrayList<>();
    for (Written operand : operands) {
      if (operand instanceof Written.Group or
          && containerOf(or, depth) < 0
          && operands.stream().anyMatch(other -> other != or && shareContainer(or, other, depth))) {
        mixed.add(or);
      }
    }
    return mixed;
  }

  private static boolean shareContainer(Written one, Written other, int depth) {
    Set<List<String>> containers = new HashSet<>();
    leaves(one).forEach(leaf -> containers.addAll(containers(leaf, depth)));
    return leaves(other).stream()
        .anyMatch(leaf -> containers(leaf, depth).stream().anyMatch(containers::contains));
  }

  /** The outermost container that a leaf leads into, if any. */
  private static List<List<String>> containers(Written.Leaf leaf, int depth) {
    int container = containerOf(leaf, depth);
    return container < 0 ? List.of() : List.of(leaf.keys().subList(0, container + 1));
  }

  /** {@code a AND (b OR c)} as {@code (a AND b) OR (a AND c)}. */
  private static Written distributed(List<Written> operands, Written.Group or) {
    List<Written> alternatives = new ArrayList<>();
    for (Written alternative : or.operands()) {
      List<Written> joined = new ArrayList<>(operands);
      joined.set(operands.indexOf(or), alternative);
      alternatives.add(new Written.Group(true, joined));
    }
    return new Written.Group(false, alternatives);
  }

  /** Operands on the elements of one container become one operand. */
  private static List<Written> boundTogether(List<Written> operands, int depth) {
    Map<List<String>, List<Written>> byContainer = new LinkedHashMap<>();
    for (Written operand : operands) {
      int container = containerOf(operand, depth);
      List<String> key =
          container < 0
              ? List.of(Integer.toString(byContainer.size()))
              : firstLeaf(operand).keys().subList(0, container + 1);
      byContainer.computeIfAbsent(key, k -> new ArrayList<>()).add(operand);
    }
    List<Written> bound = new ArrayList<>();
    for (List<Written> together : byContainer.values()) {
      bound.add(together.size() == 1 ? together.get(0) : new Written.Group(true, together));
    }
    return bound;
  }

  /** Where the one container lies into which every path leads; negative if there is none. */
  private static int containerOf(Written written, int depth) {
    List<Written.Leaf> leaves = leaves(written);
    List<String> first = leaves.get(0).keys();
    int container = depth;
    while (container < first.size()
        && !first.get(container).equals(EACH_ELEMENT)
        && !first.get(container).equals(EACH_KEY)) {
      container++;
    }
    if (container == first.size()) {
      return -1;
    }
    List<String> prefix = first.subList(0, container + 1);
    int end = container + 1;
    boolean isShared =
        leaves.stream()
            .allMatch(
                leaf -> leaf.keys().size() >= end && leaf.keys().subList(0, end).equals(prefix));
    return isShared ? container : -1;
  }

  private static Written.Leaf firstLeaf(Written written) {
    return leaves(written).get(0);
  }

  /** All leaves, in their order. */
  static List<Written.Leaf> leaves(Written written) {
    if (written instanceof Written.Leaf leaf) {
      return List.of(leaf);
    }
    return ((Written.Group) written)
        .operands().stream().flatMap(operand -> leaves(operand).stream()).toList();
  }
}
