// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sparkarrays.core.Hyperslab;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reading through the HDF Group's library, of either jar, each in a JVM of its own. */
final class LibraryReaderTest {

  private static final Path JHDF5 = Path.of("target/jhdf5");

  /** What a class path offers. */
  enum Provider {
    BYTEDECO,
    JHDF5
  }

  @TempDir private Path temp;

  private static boolean isBytedeco(String jar) {
    return jar.contains("bytedeco");
  }

  private static Stream<String> classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator));
  }

  /** The jars of JHDF5; none without {@code make jhdf5}. */
  private static List<String> jhdf5() throws IOException {
    if (!Files.isDirectory(JHDF5)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(JHDF5)) {
      return files.map(Path::toString).filter(name -> name.endsWith(".jar")).toList();
    }
  }

  private static List<String> run(Stream<String> classPath, String... args) throws IOException {
    return java(classPath, LibraryProcess.class.getName(), args);
  }

  /** Runs a class or a source file, and gives the lines that it prints. */
  private static List<String> java(Stream<String> classPath, String main, String... args)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-Dfile.encoding=UTF-8"));
    command.addAll(List.of("-Djava.library.path=" + JHDF5.toAbsolutePath(), "-cp"));
    command.add(classPath.collect(Collectors.joining(File.pathSeparator)));
    command.add(main);
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LD_LIBRARY_PATH", JHDF5.toAbsolutePath().toString());
    Process process = builder.start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    return output.lines().filter(line -> !line.startsWith("SLF4J")).toList();
  }

  private static List<String> run(Provider provider, String... args) throws IOException {
    if (provider == Provider.BYTEDECO) {
      List<String> lines = run(classPath(), "version");
      assumeTrue(
          lines.size() == 1 && lines.get(0).startsWith("1.14"),
          "bytedeco's HDF5 does not load on this machine: " + lines);
      return run(classPath(), args);
    }
    assumeTrue(!jhdf5().isEmpty(), "JHDF5 is absent: run make jhdf5");
    return run(Stream.concat(withoutLibrary(), jhdf5().stream()), args);
  }

  private static Stream<String> withoutLibrary() {
    return classPath().filter(jar -> !isBytedeco(jar));
  }

  private static List<String> that(List<String> lines, String begin) {
    return lines.stream().filter(line -> line.startsWith(begin)).toList();
  }

  /**
   * The same bytes as we read, whole data sets and random slabs; what the library can't read is
   * newer than it, or of a filter that it lacks.
   */
  @ParameterizedTest
  @EnumSource
  void readsWhatWeRead(Provider provider) throws IOException {
    List<String> lines = run(provider, "compare");
    List<String> failed = that(lines, "failed: ");
    assertThat(failed)
        .allSatisfy(line -> assertThat(line).contains("[HDF5_LIBRARY_FAILED] src/test"))
        .allMatch(line -> line.contains("bad version number") || line.contains("lzf"));
    assertThat(that(lines, "equal "))
        .singleElement()
        .satisfies(line -> assertThat(Integer.parseInt(line.substring(6))).isGreaterThan(250));
    assertThat(lines).contains("left open 0");
    List<String> szip = that(lines, "by the library: ");
    assertThat(szip).hasSize(provider == Provider.JHDF5 ? 3 : 0).allMatch(l -> l.endsWith("true"));
    assertThat(that(lines, "by nobody: ")).allMatch(line -> line.contains("[UNSUPPORTED_FILTER]"));
    assertThat(lines)
        .allMatch(line -> line.matches("(failed|by nobody|by the library): .*|(equal|left) .*"));
  }

  @ParameterizedTest
  @EnumSource
  void threadsReadOneFile(Provider provider) throws IOException {
    assertThat(run(provider, "threads")).containsExactly("done");
  }

  @Test
  void szipIsReadByTheLibraryThatHasIt() throws IOException {
    List<String> lines = run(Provider.JHDF5, "szip", temp.resolve("szip.h5").toString());
    assertThat(lines).hasSize(3).contains("AUTO true", "LIBRARY true");
    assertThat(lines.get(1)).startsWith("JAVA [UNSUPPORTED_FILTER]").contains("4 (szip)");
  }

  /** What JHDF5's own writer makes of Java's types. */
  @Test
  void weReadWhatJhdf5Writes() throws IOException {
    assumeTrue(!jhdf5().isEmpty(), "JHDF5 is absent: run make jhdf5");
    Path path = temp.resolve("jhdf5.h5");
    Stream<String> jars = Stream.concat(withoutLibrary(), jhdf5().stream());
    assertThat(java(jars, "src/test/resources/jhdf5/JhdfWriter.java", path.toString())).isEmpty();
    try (Hdf5File file = Hdf5File.open(path, DataReader.JAVA)) {
      assertThat(values(file, "/strings/fixed")).containsExactly("Größe");
      assertThat(values(file, "/strings/variable")).containsExactly("variable, größer");
      assertThat(values(file, "/strings/array")).containsExactly("a", "bc", "");
      assertThat(attribute(file, "/strings", "title")).isEqualTo("some text");
      assertThat(values(file, "/flag")).containsExactly(true);
      assertThat(values(file, "/colour")).containsExactly("BLUE");
      assertThat(values(file, "/time")).containsExactly(1234567890123L);
      assertThat(values(file, "/events"))
          .containsExactly(
              Map.of("id", 1L, "energy", 2.5, "name", "one"),
              Map.of("id", -7L, "energy", 1e300, "name", "two"));
      assertThat(values(file, "/counts")).containsExactly(1L, 65535L, 300L);
      assertThat(values(file, "/deflated")).containsExactly(0.5, 1.5, -2.0);
      assertThat(file.dataset("/cube").shape().dims()).containsExactly(2, 3, 4);
      assertThat(values(file, "/cube")).hasSize(24).endsWith(22L * 22, 23L * 23);
      assertThat(attribute(file, "/cube", "answer")).isEqualTo(42L);
    }
  }

  private static List<Object> values(Hdf5File file, String path) throws IOException {
    Dataset dataset = file.dataset(path);
    return dataset.values(Hyperslab.all(dataset.shape()));
  }

  private static Object attribute(Hdf5File file, String path, String name) throws IOException {
    return file.get(path).attributes().find(name).orElseThrow().value();
  }

  @Test
  void saysWhatToAddIfNoLibraryIsThere() throws IOException {
    for (String what : List.of("version", "forced")) {
      assertThat(run(withoutLibrary(), what))
          .anyMatch(
              line ->
                  line.contains("[HDF5_LIBRARY_MISSING]")
                      && line.contains("--packages org.bytedeco:hdf5-platform:1.14.3-1.5.10"));
    }
  }

  @Test
  void saysWhyALibraryDoesNotLoad() throws IOException {
    assertThat(run(withoutNatives(), "version"))
        .anyMatch(
            line ->
                line.contains("[HDF5_LIBRARY_MISSING]")
                    && line.contains("its native part can't be loaded"));
  }

  private static Stream<String> withoutNatives() {
    return classPath().filter(jar -> !isBytedeco(jar) || !jar.contains("linux"));
  }

  @Test
  void namesTheFilterIfNoLibraryLoads() throws IOException {
    for (List<String> classPath : List.of(withoutLibrary().toList(), withoutNatives().toList())) {
      assertThat(run(classPath.stream(), "auto"))
          .singleElement()
          .asString()
          .contains("[UNSUPPORTED_FILTER]")
          .contains("4 (szip)");
    }
  }

  @Test
  void refusesTwoLibraries() throws IOException {
    assumeTrue(!jhdf5().isEmpty(), "JHDF5 is absent: run make jhdf5");
    assertThat(run(Stream.concat(classPath(), jhdf5().stream()), "version").get(0))
        .contains("[HDF5_LIBRARY_CONFLICT]")
        .contains("bytedeco")
        .contains("jhdf5");
  }
}
