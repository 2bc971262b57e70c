package org.audienceactivation;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Each package is a room with one job; arrows go only downwards. */
@AnalyzeClasses(
    packages = "org.audienceactivation",
    importOptions = ImportOption.DoNotIncludeTests.class)
class RoomsTest {
  private static final String ROOT = "org.audienceactivation.";

  @ArchTest
  static final ArchRule rooms_know_only_the_rooms_below_them =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("cli")
          .definedBy(ROOT + "cli..")
          .layer("route")
          .definedBy(ROOT + "route..")
          .layer("http")
          .definedBy(ROOT + "http..")
          .layer("kinesis")
          .definedBy(ROOT + "kinesis..")
          .layer("sqs")
          .definedBy(ROOT + "sqs..")
          .layer("destination")
          .definedBy(ROOT + "destination..")
          .layer("governance")
          .definedBy(ROOT + "governance..")
          .layer("audience")
          .definedBy(ROOT + "audience..")
          .layer("profile")
          .definedBy(ROOT + "profile..")
          .layer("config")
          .definedBy(ROOT + "config..")
          .layer("accounting")
          .definedBy(ROOT + "accounting..")
          .layer("enrichment")
          .definedBy(ROOT + "enrichment..")
          .layer("flow")
          .definedBy(ROOT + "flow..")
          .layer("state")
          .definedBy(ROOT + "state..")
          .layer("localkinesis")
          .definedBy(ROOT + "localkinesis..")
          .layer("sample")
          .definedBy(ROOT + "sample..")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("route")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("http")
          .mayOnlyBeAccessedByLayers("route", "cli")
          .whereLayer("kinesis")
          .mayOnlyBeAccessedByLayers("route", "cli")
          .whereLayer("sqs")
          .mayOnlyBeAccessedByLayers("route")
          .whereLayer("localkinesis")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("sample")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("enrichment")
          .mayOnlyBeAccessedByLayers("route", "cli")
          .whereLayer("flow")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("destination")
          .mayOnlyBeAccessedByLayers("flow", "route", "cli")
          .whereLayer("governance")
          .mayOnlyBeAccessedByLayers("destination", "route", "cli")
          .whereLayer("audience")
          .mayOnlyBeAccessedByLayers("governance", "destination", "flow", "route", "cli")
          .whereLayer("profile")
          .mayOnlyBeAccessedByLayers(
              "audience", "governance", "destination", "flow", "enrichment", "route", "cli")
          .whereLayer("state")
          .mayOnlyBeAccessedByLayers("destination", "route", "cli")
          .whereLayer("config")
          .mayOnlyBeAccessedByLayers(
              "audience", "governance", "destination", "flow", "enrichment", "route", "cli");

  @ArchTest
  static final ArchRule rooms_that_know_nothing_of_ours =
      noClasses()
          .that()
          .resideInAnyPackage(
              ROOT + "accounting..",
              ROOT + "config..",
              ROOT + "localkinesis..",
              ROOT + "sample..",
              ROOT + "sqs..",
              ROOT + "state..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              ROOT + "cli..",
              ROOT + "route..",
              ROOT + "kinesis..",
              ROOT + "destination..",
              ROOT + "governance..",
              ROOT + "audience..",
              ROOT + "profile..");

  @ArchTest
  static final ArchRule the_sender_knows_nothing_of_profiles =
      classes()
          .that()
          .resideInAPackage(ROOT + "kinesis..")
          .should()
          .onlyDependOnClassesThat(
              com.tngtech.archunit.base.DescribedPredicate.describe(
                  "are no rooms of ours but kinesis",
                  type ->
                      !type.getPackageName().startsWith(ROOT)
                          || type.getPackageName().startsWith(ROOT + "kinesis")));

  @ArchTest
  static final ArchRule the_server_knows_nothing_of_profiles =
      classes()
          .that()
          .resideInAPackage(ROOT + "http..")
          .should()
          .onlyDependOnClassesThat(
              com.tngtech.archunit.base.DescribedPredicate.describe(
                  "are no rooms of ours but http",
                  type ->
                      !type.getPackageName().startsWith(ROOT)
                          || type.getPackageName().startsWith(ROOT + "http")));

  @ArchTest
  static final ArchRule the_core_is_pure =
      noClasses()
          .that()
          .resideInAnyPackage(
              ROOT + "accounting..",
              ROOT + "profile..",
              ROOT + "audience..",
              ROOT + "governance..",
              ROOT + "destination..",
              ROOT + "config..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.camel..", "software.amazon..", "io.vertx..", "java.net.http..");

  @ArchTest
  static final ArchRule the_sender_is_free_of_camel =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "kinesis.sender..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.camel..");

  @ArchTest
  static final ArchRule nothing_is_called_manager_helper_or_utils =
      noClasses()
          .should()
          .haveSimpleNameEndingWith("Manager")
          .orShould()
          .haveSimpleNameEndingWith("Helper")
          .orShould()
          .haveSimpleNameEndingWith("Utils")
          .orShould()
          .haveSimpleNameEndingWith("Util");
}
