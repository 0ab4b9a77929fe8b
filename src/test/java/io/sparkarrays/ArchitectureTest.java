// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the picture of the packages in CONTRIBUTING.md: what each may use, no cycles, and nothing
 * of Spark outside the glue. A package that is not in the table is an error, so nothing escapes it.
 * The table names packages before they have classes; an empty one breaks no rule.
 */
final class ArchitectureTest {

  private static final String ROOT = "io.sparkarrays.";

  /** What the glue is made of: it may use everything but Scala's own types. */
  private static final String[] GLUE = {ROOT + "spark..", ROOT + "app.."};

  /** Each format package and what it may use beside itself and the JDK. */
  private static final Map<String, String[]> FORMATS = formats();

  private static JavaClasses project;

  private static Map<String, String[]> formats() {
    Map<String, String[]> may = new LinkedHashMap<>();
    may.put("core", new String[] {});
    may.put("reduce", new String[] {ROOT + "core.."});
    may.put("clusterdata", new String[] {ROOT + "core..", "com.fasterxml.jackson.."});
    may.put(
        "codec",
        // Decompressors: each optional, found at run time.
        new String[] {
          ROOT + "core..",
          "net.jpountz..",
          "com.github.luben.zstd..",
          "org.xerial.snappy..",
          "org.apache.commons.compress.."
        });
    may.put(
        "hdf5",
        new String[] {
          ROOT + "core..",
          ROOT + "codec..",
          // A decompressor and the HDF Group's library: each optional, found at run time.
          "com.intel.gkl..",
          "hdf.hdf5lib..",
          "org.bytedeco.."
        });
    may.put("swmr", new String[] {ROOT + "core..", ROOT + "hdf5.."});
    may.put("genericio", new String[] {ROOT + "core..", ROOT + "codec.."});
    may.put("npz", new String[] {ROOT + "core.."});
    may.put(
        "memdata",
        new String[] {
          ROOT + "core..", ROOT + "hdf5..", ROOT + "codec..", "com.fasterxml.jackson.."
        });
    return may;
  }

  @BeforeAll
  static void readClasses() {
    project =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.sparkarrays");
    assertThat(project).as("classes of the project on the class path").isNotEmpty();
  }

  static Stream<String> formatPackages() {
    return FORMATS.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("formatPackages")
  void usesOnlyWhatTheTableGrants(String name) {
    String own = ROOT + name + "..";
    String[] granted =
        Stream.concat(Stream.of(own, "java.."), Arrays.stream(FORMATS.get(name)))
            .toArray(String[]::new);
    classes()
        .that()
        .resideInAPackage(own)
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(granted))
        .allowEmptyShould(true)
        .check(project);
  }

  @Test
  void everyPackageIsInTheTable() {
    String[] known =
        Stream.concat(formatPackages().map(name -> ROOT + name + ".."), Arrays.stream(GLUE))
            .toArray(String[]::new);
    classes().should().resideInAnyPackage(known).check(project);
  }

  @Test
  void onlyTheGlueKnowsSpark() {
    noClasses()
        .that(not(resideInAnyPackage(GLUE)))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark..", "org.apache.arrow..", "org.apache.hadoop..")
        .check(project);
  }

  @Test
  void theGlueKnowsNoFormat() {
    String[] glue =
        Stream.of(
                "catalog",
                "read",
                "write",
                "source",
                "options",
                "metrics",
                "hosts",
                "hadoop",
                "functions",
                "reduction",
                "stream",
                "verify")
            .map(name -> ROOT + "spark." + name + "..")
            .toArray(String[]::new);
    String[] formats =
        // The stores have no package without Spark.
        Stream.concat(FORMATS.keySet().stream(), Stream.of("stores"))
            .filter(name -> !List.of("core", "reduce").contains(name))
            .flatMap(name -> Stream.of(ROOT + name + "..", ROOT + "spark." + name + ".."))
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAnyPackage(glue)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(formats)
        .check(project);
  }

  @Test
  void nothingUsesScala() {
    noClasses().should().dependOnClassesThat().resideInAPackage("scala..").check(project);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.sparkarrays.(**)").should().beFreeOfCycles().check(project);
  }
}
