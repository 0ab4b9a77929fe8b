// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.clusterdata;

import static io.sparkarrays.spark.clusterdata.Mutation.asItStands;
import static io.sparkarrays.spark.clusterdata.Mutation.refused;
import static io.sparkarrays.spark.clusterdata.Mutation.same;

import io.sparkarrays.clusterdata.ClusterDataSet;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;

/** Damages partition files, and puts other things in the place of files and folders. */
final class FileMutations {

  private static final List<String> STRANGERS =
      List.of(
          "partition-1",
          "partition-99999999",
          "partition-0000000x",
          "partition-2147483647",
          "partition-2147483648",
          "partition-99999999999999999999",
          "partition-000000000",
          "partition-",
          "partition--0000001",
          "notes\n.txt",
          "\u00e4\u20ac",
          ".tmp-partition-00000000-1");

  private final Random random;
  private final List<String> partitions;

  /**
   * @param partitions the names of the partition files that are there
   */
  FileMutations(Random random, List<String> partitions) {
    this.random = random;
    this.partitions = partitions;
  }

  Mutation next() {
    int kind = random.nextInt(partitions.isEmpty() ? 4 : 12);
    return switch (kind) {
      case 0 -> other("sidecar", ClusterDataSet.SIDECAR);
      case 1 -> parts();
      case 2 -> other("data set", "");
      case 3 -> beside();
      case 4 -> stranger();
      case 5 -> other("partition", "parts/" + partition());
      case 6 -> deleted();
      case 7, 8 -> resized();
      case 9 -> overwritten();
      case 10 -> linked();
      default -> whenPlanned();
    };
  }

  private String partition() {
    return partitions.get(random.nextInt(partitions.size()));
  }

  private Mutation deleted() {
    String file = "parts/" + partition();
    return asItStands(file + " deleted", ds -> Files.delete(ds.resolve(file)));
  }

  private Mutation resized() {
    String file = "parts/" + partition();
    double part = random.nextDouble();
    return switch (random.nextInt(4)) {
      case 0 -> refused(file + " cut off", ds -> resize(ds.resolve(file), s -> (long) (s * part)));
      case 1 -> refused(file + " empty", ds -> resize(ds.resolve(file), s -> 0));
      case 2 -> {
        int more = 1 + random.nextInt(5000);
        yield refused(file + " longer by " + more, ds -> resize(ds.resolve(file), s -> s + more));
      }
      default -> {
        long length = 1L << (30 + random.nextInt(13));
        yield refused(
            file + " of " + length + " bytes", ds -> resize(ds.resolve(file), s -> length));
      }
    };
  }

  private static void resize(Path file, LongUnaryOperator length) throws IOException {
    SidecarMutations.grow(file, length.applyAsLong(Files.size(file)));
  }

  private Mutation overwritten() {
    String file = "parts/" + partition();
    long seed = random.nextLong();
    return asItStands(
        file + " other bytes",
        ds -> {
          byte[] bytes = new byte[(int) Files.size(ds.resolve(file))];
          new Random(seed).nextBytes(bytes);
          Files.write(ds.resolve(file), bytes);
        });
  }

  /** A link to another partition, to itself by another name, and two copies under swapped names. */
  private Mutation linked() {
    String file = partition();
    String target = partition();
    return switch (random.nextInt(3)) {
      case 0 ->
          asItStands(
              file + " moved and linked",
              ds -> {
                Path moved = ds.resolve("elsewhere");
                Files.move(ds.resolve("parts/" + file), moved);
                Files.createSymbolicLink(ds.resolve("parts/" + file), moved);
              });
      case 1 ->
          asItStands(
              file + " exchanged with " + target,
              ds -> {
                Path kept = ds.resolve("kept");
                Files.move(ds.resolve("parts/" + file), kept);
                if (!file.equals(target)) {
                  Files.move(ds.resolve("parts/" + target), ds.resolve("parts/" + file));
                }
                Files.move(kept, ds.resolve("parts/" + target));
              });
      default ->
          file.equals(target)
              ? refused(
                  file + " linked to itself",
                  ds -> replace(ds.resolve("parts/" + file), "cyclic link"))
              : asItStands(
                  file + " linked to " + target,
                  ds -> {
                    Files.delete(ds.resolve("parts/" + file));
                    Files.createSymbolicLink(ds.resolve("parts/" + file), Path.of(target));
                  });
    };
  }

  private Mutation stranger() {
    String name = STRANGERS.get(random.nextInt(STRANGERS.size()));
    return same(
        "a stranger " + name.replace("\n", "\\n"),
        ds -> Files.write(ds.resolve("parts").resolve(name), new byte[random.nextInt(99)]));
  }

  /** The partition is as planned no more when its task comes to read it. */
  private Mutation whenPlanned() {
    String file = "parts/" + partition();
    return switch (random.nextInt(3)) {
      case 0 -> refused(file + " deleted", ds -> Files.delete(ds.resolve(file))).whenPlanned();
      case 1 -> resized().whenPlanned();
      default -> other("partition", file).whenPlanned();
    };
  }

  /** An empty folder has no partitions, which is no fault. */
  private Mutation parts() {
    Mutation other = other("parts", "parts");
    return other.name().endsWith("folder") ? asItStands(other.name(), other.act()) : other;
  }

  /** Something else in the place of a file or folder. */
  private Mutation other(String what, String path) {
    String kind = KINDS.get(random.nextInt(KINDS.size()));
    return refused(what + " as " + kind, ds -> replace(ds.resolve(path), kind));
  }

  private static final List<String> KINDS =
      List.of(
          "folder",
          "full folder",
          "pipe",
          "socket",
          "dangling link",
          "cyclic link",
          "link to a pipe",
          "link to /dev/zero",
          "link to /dev/null",
          "link to /dev/full",
          "link to /proc/self/stat",
          "link through a file",
          "empty file");

  private static void replace(Path path, String kind) throws IOException, InterruptedException {
    remove(path);
    switch (kind) {
      case "folder" -> Files.createDirectory(path);
      case "full folder" -> Files.createDirectories(path.resolve("a/b"));
      case "pipe" -> pipe(path);
      case "socket" -> socket(path);
      case "dangling link" -> Files.createSymbolicLink(path, Path.of("nowhere"));
      case "cyclic link" -> Files.createSymbolicLink(path, path.getFileName());
      case "link to a pipe" -> {
        pipe(path.resolveSibling("pipe"));
        Files.createSymbolicLink(path, Path.of("pipe"));
      }
      case "link through a file" -> {
        Files.createFile(path.resolveSibling("file"));
        Files.createSymbolicLink(path, Path.of("file/inside"));
      }
      case "empty file" -> Files.createFile(path);
      default -> Files.createSymbolicLink(path, Path.of(kind.substring("link to ".length())));
    }
  }

  private static void pipe(Path path) throws IOException, InterruptedException {
    if (new ProcessBuilder("mkfifo", path.toString()).start().waitFor() != 0) {
      throw new IOException("mkfifo " + path);
    }
  }

  /** The file stays when nobody listens any more. */
  private static void socket(Path path) throws IOException {
    // Bound under a short name: an address has room for a hundred characters.
    Path near = Files.createTempDirectory("s").resolve("s");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(near));
    }
    Files.move(near, path);
    Files.delete(near.getParent());
  }

  static void remove(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> all = Files.walk(path)) {
      for (Path entry : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(entry);
      }
    }
  }

  /** What an interrupted write may have left beside the data set, damaged. */
  private Mutation beside() {
    String kind = Arrays.asList("commit", "staging", "old", "tmp", "gone").get(random.nextInt(5));
    String record =
        Arrays.asList(
                "",
                "{",
                "null",
                "[]",
                "{\"version\": 1}",
                "{\"version\": 2, \"swap\": true}",
                "{\"version\": 1, \"swap\": null, \"partitions\": {}}",
                "{\"version\": 1, \"swap\": true, \"partitions\": null}",
                "{\"version\": 1, \"swap\": true, \"partitions\": {\"a\": [1e400, -5, null]}}",
                "{\"version\": 1, \"swap\": true, \"partitions\": {\"a\": null}}",
                "[".repeat(100_000),
                "\ud83d")
            .get(random.nextInt(12));
    int shape = random.nextInt(4);
    return asItStands(
        "beside it a ." + kind + " as " + (shape < 2 ? record.length() + " characters" : shape),
        ds -> {
          Path path = ds.resolveSibling("." + ds.getFileName() + ".job-7." + kind);
          if (shape < 2) {
            Files.write(path, record.getBytes(StandardCharsets.UTF_8));
          } else if (shape == 2) {
            SidecarMutations.grow(path, 1L << 36);
          } else {
            replace(path, KINDS.get(random.nextInt(KINDS.size())));
          }
        });
  }
}
