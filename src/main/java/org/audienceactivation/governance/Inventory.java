package org.audienceactivation.governance;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.audienceactivation.governance.Labels.Labelled;
import org.audienceactivation.governance.Labels.LabelledAudience;
import org.audienceactivation.profile.AudienceRef;
import org.audienceactivation.profile.AudienceScope;
import org.audienceactivation.profile.XdmPath;

/**
 * Everything that a destination sends, part by part, with the labels that count for it.
 *
 * @param shared attributes and identities with a label: they go out beside any audience
 * @param audiences one by one, also those without a label, since policies are judged for each
 * @param datasets what all of it may come from
 */
record Inventory(List<Item> shared, List<Item> audiences, List<Evidence> datasets) {

  /** One part and the labels on it, but for those of parts around it. */
  record Item(Part part, List<Evidence> evidence) {
    Set<String> labels() {
      return evidence.stream().map(Evidence::label).collect(Collectors.toSet());
    }

    boolean carries(String label) {
      return evidence(label).isPresent();
    }

    Optional<Evidence> evidence(String label) {
      return evidence.stream().filter(one -> one.label().equals(label)).findFirst();
    }
  }

  static Inventory of(Labels labels, Outgoing outgoing) {
    return new InventoryTaking(labels, outgoing).take();
  }

  /** What remains when everything that carries the label has been left out. */
  Inventory without(String label) {
    if (datasets.stream().anyMatch(one -> one.label().equals(label))) {
      return new Inventory(List.of(), List.of(), List.of());
    }
    List<Part> gone = shared.stream().filter(item -> item.carries(label)).map(Item::part).toList();
    return new Inventory(
        shared.stream().filter(item -> gone.stream().noneMatch(item.part()::liesWithin)).toList(),
        audiences.stream().filter(item -> !item.carries(label)).toList(),
        datasets);
  }

  /** The outermost parts that carry the label; a dataset that does stands for all that is sent. */
  List<Evidence> carriersOf(String label) {
    List<Evidence> carriers = new ArrayList<>();
    datasets.stream().filter(one -> one.label().equals(label)).forEach(carriers::add);
    List<Part> outer =
        outermost(shared.stream().filter(item -> item.carries(label)).map(Item::part).toList());
    Stream.concat(shared.stream().filter(item -> outer.contains(item.part())), audiences.stream())
        .flatMap(item -> item.evidence(label).stream())
        .forEach(carriers::add);
    return carriers;
  }

  /** Those parts that lie within none of the others. */
  static List<Part> outermost(List<Part> parts) {
    return parts.stream()
        .filter(
            part ->
                parts.stream().noneMatch(other -> !other.equals(part) && part.liesWithin(other)))
        .toList();
  }

  /** The labels of datasets and of the attributes and identities outside the parts left out. */
  Set<String> labelsBeside(List<Part> leftOut) {
    Set<String> labels = datasets.stream().map(Evidence::label).collect(Collectors.toSet());
    for (Item item : shared) {
      if (leftOut.stream().noneMatch(item.part()::liesWithin)) {
        labels.addAll(item.labels());
      }
    }
    return labels;
  }

  /** Which parts carry the labels that make the expression match; none if it does not. */
  List<Evidence> lineage(Deny deny) {
    Set<String> beside = labelsBeside(List.of());
    Set<Evidence> lineage = new LinkedHashSet<>();
    Set<String> causesOfAll = new LinkedHashSet<>();
    List<Evidence> ofAudiences = new ArrayList<>();
    for (Item audience : audiences) {
      Set<String> together = new LinkedHashSet<>(beside);
      together.addAll(audience.labels());
      Set<String> causes = deny.causes(together);
      causesOfAll.addAll(causes);
      audience.evidence().stream()
          .filter(one -> causes.contains(one.label()))
          .forEach(ofAudiences::add);
    }
    shared.stream()
        .flatMap(item -> item.evidence().stream())
        .filter(one -> causesOfAll.contains(one.label()))
        .forEach(lineage::add);
    lineage.addAll(ofAudiences);
    datasets.stream().filter(one -> causesOfAll.contains(one.label())).forEach(lineage::add);
    return List.copyOf(lineage);
  }

  /** Takes the inventory of one destination. */
  private static final class InventoryTaking {

    /** The same in other forms, and its hashes; all namespaces by their codes. */
    private static final Map<String, List<String>> FORMS_OF =
        Map.of(
            "email", List.of("email_lc_sha256"),
            "phone", List.of("phone_e.164", "phone_sha256", "phone_sha256_e.164"),
            "phone_e.164", List.of("phone", "phone_sha256", "phone_sha256_e.164"));

    /** Labels of a namespace, its own or those of what it is another form of. */
    private record OfNamespace(String code, Set<String> labels, String inherited, Place place) {}

    private final Labels labels;
    private final Outgoing outgoing;
    private final List<OfNamespace> namespaces = new ArrayList<>();
    private final Map<Part, List<Evidence>> shared = new LinkedHashMap<>();
    private final Map<Part, List<Evidence>> audiences = new LinkedHashMap<>();

    InventoryTaking(Labels labels, Outgoing outgoing) {
      this.labels = labels;
      this.outgoing = outgoing;
      for (Labelled<String> own : labels.namespaces()) {
        namespaces.add(new OfNamespace(own.thing(), own.labels(), "", own.place()));
      }
      labels.namespaces().forEach(this::addForms);
    }

    /** What must not leave must not in another form either. */
    private void addForms(Labelled<String> source) {
      String c12 = CoreLabel.C12.label();
      if (source.labels().contains(c12)) {
        String from = new Part.Identities(source.thing()).path();
        for (String form : FORMS_OF.getOrDefault(source.thing(), List.of())) {
          namespaces.add(new OfNamespace(form, Set.of(c12), from, source.place()));
        }
      }
    }

    Inventory take() {
      outgoing.attributes().forEach(this::takeAttribute);
      takeIdentities();
      takeAudiences();
      List<Evidence> datasets = new ArrayList<>();
      for (Labelled<String> dataset : labels.datasets()) {
        add(datasets, new Part.Dataset(dataset.thing()), dataset.labels(), "", dataset.place());
      }
      return new Inventory(items(shared), items(audiences), List.copyOf(datasets));
    }

    private void takeAttribute(XdmPath mapped) {
      LabelPath path = LabelPath.of(mapped);
      Part whole = new Part.Attribute(path);
      for (Labelled<LabelPath> field : labels.fields()) {
        if (field.thing().covers(path)) {
          String from = field.thing().equals(path) ? "" : field.thing().toString();
          addShared(whole, field.labels(), from, field.place());
        }
      }
      for (Labelled<LabelPath> field : labels.fields()) {
        field
            .thing()
            .below(mapped)
            .ifPresent(
                below -> addShared(new Part.Attribute(below), field.labels(), "", field.place()));
      }
    }

    private void takeIdentities() {
      for (Labelled<Part> every : labels.everyIdentityOrAudience()) {
        if (every.thing() instanceof Part.AllIdentities) {
          addShared(every.thing(), every.labels(), "", every.place());
        }
      }
      for (OfNamespace one : namespaces) {
        addShared(new Part.Identities(one.code()), one.labels(), one.inherited(), one.place());
      }
    }

    private void addShared(Part part, Set<String> carried, String inherited, Place place) {
      add(shared.computeIfAbsent(part, key -> new ArrayList<>()), part, carried, inherited, place);
    }

    private void takeAudiences() {
      if (outgoing.shown() instanceof AudienceScope.Listed listed) {
        listed.audiences().forEach(this::takeAudience);
        return;
      }
      Map<AudienceRef, AudienceRef> labelled = new LinkedHashMap<>();
      labels.audiences().forEach(one -> labelled.putIfAbsent(one.ref().inLowerCase(), one.ref()));
      labelled.values().forEach(this::takeAudience);
      Part others = new Part.OtherAudiences();
      audiences.put(others, new ArrayList<>());
      takeEveryAudience(others);
    }

    private void takeAudience(AudienceRef ref) {
      Part part = new Part.Audience(ref);
      List<Evidence> evidence = audiences.computeIfAbsent(part, key -> new ArrayList<>());
      for (LabelledAudience audience : labels.audiences()) {
        if (audience.ref().inLowerCase().equals(ref.inLowerCase())) {
          add(evidence, part, audience.labels(), "", audience.place());
          Set<LabelledAudience> seen = new HashSet<>(Set.of(audience));
          audience.builtOn().forEach(path -> takeBuiltOn(evidence, part, path, seen));
        }
      }
      takeEveryAudience(part);
    }

    /**
     * What the path reads may be read by way of other audiences, too.
     *
     * @param seen those whose definitions have been gone through
     */
    private void takeBuiltOn(
        List<Evidence> evidence, Part part, LabelPath builtOn, Set<LabelledAudience> seen) {
      boolean isEverything = builtOn.segments().get(0).equals(LabelPath.ANY);
      if (isEverything || MapPaths.isOfIdentities(builtOn)) {
        takeBuiltOnIdentities(
            evidence, part, isEverything ? Optional.empty() : MapPaths.namespaces(builtOn));
      }
      if (isEverything || MapPaths.isOfAudiences(builtOn)) {
        takeBuiltOnAudiences(
            evidence, part, isEverything ? Optional.empty() : MapPaths.audiences(builtOn), seen);
      }
      for (Labelled<LabelPath> field : labels.fields()) {
        if (field.thing().overlaps(builtOn)) {
          add(evidence, part, field.labels(), field.thing().toString(), field.place());
        }
      }
    }

    private void takeBuiltOnIdentities(
        List<Evidence> evidence, Part part, Optional<Set<String>> codes) {
      for (OfNamespace one : namespaces) {
        if (codes.isEmpty() || codes.get().contains(one.code())) {
          String from = new Part.Identities(one.code()).path();
          add(evidence, part, one.labels(), from, one.place());
        }
      }
      for (Labelled<Part> every : labels.everyIdentityOrAudience()) {
        if (every.thing() instanceof Part.AllIdentities) {
          add(evidence, part, every.labels(), every.thing().path(), every.place());
        }
      }
    }

    private void takeBuiltOnAudiences(
        List<Evidence> evidence,
        Part part,
        Optional<Set<AudienceRef>> refs,
        Set<LabelledAudience> seen) {
      Set<AudienceRef> read = new HashSet<>();
      refs.orElse(Set.of()).forEach(ref -> read.add(ref.inLowerCase()));
      for (LabelledAudience other : labels.audiences()) {
        boolean isRead = refs.isEmpty() || read.contains(other.ref().inLowerCase());
        if (isRead && seen.add(other)) {
          String from = new Part.Audience(other.ref()).path();
          add(evidence, part, other.labels(), from, other.place());
          other.builtOn().forEach(path -> takeBuiltOn(evidence, part, path, seen));
        }
      }
    }

    private void takeEveryAudience(Part part) {
      for (Labelled<Part> every : labels.everyIdentityOrAudience()) {
        if (every.thing() instanceof Part.OtherAudiences) {
          add(audiences.get(part), part, every.labels(), "segmentMembership", every.place());
        }
      }
    }

    private static void add(
        List<Evidence> to, Part part, Set<String> carried, String inherited, Place place) {
      carried.forEach(label -> to.add(new Evidence(part, label, inherited, place)));
    }

    private static List<Item> items(Map<Part, List<Evidence>> found) {
      return found.entrySet().stream()
          .map(entry -> new Item(entry.getKey(), List.copyOf(entry.getValue())))
          .toList();
    }
  }
}
