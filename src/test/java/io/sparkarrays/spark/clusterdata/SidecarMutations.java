// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.clusterdata;

import static io.sparkarrays.spark.clusterdata.Mutation.asItStands;
import static io.sparkarrays.spark.clusterdata.Mutation.refused;
import static io.sparkarrays.spark.clusterdata.Mutation.same;

import io.sparkarrays.clusterdata.ClusterDataSet;
import io.sparkarrays.clusterdata.PartitionStructure;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;

/** Damages the text of a sidecar. */
final class SidecarMutations {

  /** What no field may be. */
  private static final List<String> WRONG =
      List.of(
          "null",
          "true",
          "false",
          "\"1\"",
          "1.0",
          "1e400",
          "-1e400",
          "1e-400",
          "NaN",
          "Infinity",
          "-1",
          "0",
          "{}",
          "[]",
          "[[]]",
          "[[[]]]",
          "[[0]]",
          "[null]",
          "[[0, null]]",
          "[{}]",
          "4611686018427387904",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775809",
          "18446744073709551616",
          "0x10",
          "01",
          "+1",
          ".5",
          "1.",
          "'1'",
          "\"\\ud800\"",
          "\"unclosed",
          "\"float33\"",
          "\"object\"",
          "\"U10\"",
          "\"<f4\"",
          "\"datetime64[ns]\"",
          "\"complex512\"",
          "\"float32\\u0000\"",
          "\"\"",
          "undefined",
          "");

  private static final List<String> FIELDS =
      List.of("version", "slices", "shape", "sig_dims", "dtype");

  private static final List<String> DTYPES =
      List.of("uint8", "uint16", "int32", ">u2", ">f4", "float64", "complex64", "complex128");

  private final Random random;
  private final String text;
  private final PartitionStructure structure;

  SidecarMutations(Random random, String text, PartitionStructure structure) {
    this.random = random;
    this.text = text;
    this.structure = structure;
  }

  Mutation next() {
    return switch (random.nextInt(18)) {
      case 0 -> cutOff();
      case 1 -> refused("something appended", write(text + pick("x", "{", "]", "1", "\0", text)));
      case 2, 3 -> bytesFlipped();
      case 4 -> noText();
      case 5 -> encoded();
      case 6, 7 -> fieldReplaced();
      case 8 -> numberReplaced();
      case 9 -> fieldRemovedOrDoubled();
      case 10 -> nested();
      case 11, 12 -> boundMoved();
      case 13 -> slicesRearranged();
      case 14 -> hugeScan();
      case 15 -> hugeFrames();
      case 16 -> asItStands("another dtype", write(replaced("dtype", '"' + pick(DTYPES) + '"')));
      default -> longText();
    };
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String pick(List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private static Mutation.Act write(String changed) {
    return dataSet -> Files.writeString(sidecar(dataSet), changed);
  }

  private static Path sidecar(Path dataSet) {
    return dataSet.resolve(ClusterDataSet.SIDECAR);
  }

  private String value(String field) {
    int from = text.indexOf(": ", text.indexOf('"' + field + '"')) + 2;
    int to = text.indexOf(", \"", from);
    return text.substring(from, to < 0 ? text.lastIndexOf('}') : to);
  }

  private String replaced(String field, String value) {
    return text.replace(field + "\": " + value(field), field + "\": " + value);
  }

  private Mutation cutOff() {
    int length = random.nextInt(text.lastIndexOf('}') + 1);
    return refused("cut off at " + length, write(text.substring(0, length)));
  }

  private Mutation bytesFlipped() {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return asItStands("bits flipped", dataSet -> Files.write(sidecar(dataSet), bytes));
  }

  private Mutation noText() {
    byte[] bytes = new byte[random.nextInt(4) * random.nextInt(5000)];
    random.nextBytes(bytes);
    return refused(bytes.length + " bytes of noise", ds -> Files.write(sidecar(ds), bytes));
  }

  private Mutation encoded() {
    return switch (random.nextInt(4)) {
      case 0 ->
          refused("UTF-16", ds -> Files.write(sidecar(ds), text.getBytes(StandardCharsets.UTF_16)));
      case 1 -> refused("a byte order mark", write('\ufeff' + text));
      case 2 ->
          refused(
              "not UTF-8",
              ds ->
                  Files.write(
                      sidecar(ds),
                      text.replace("dtype", "d\u00fftype").getBytes(StandardCharsets.ISO_8859_1)));
      default ->
          same("white space", write(text.replace(",", " ,\r\n\t").replace(":", " :") + "\n"));
    };
  }

  private Mutation fieldReplaced() {
    String field = pick(FIELDS);
    String value =
        switch (random.nextInt(8)) {
          case 0 -> "9".repeat(1 + random.nextInt(5000));
          case 1 -> '"' + "x".repeat(1 << random.nextInt(20)) + '"';
          default -> pick(WRONG);
        };
    return refused(field + " = " + shown(value), write(replaced(field, value)));
  }

  private static String shown(String value) {
    return value.length() < 40 ? value : value.substring(0, 10) + "… of " + value.length();
  }

  private Mutation numberReplaced() {
    String field = pick("slices", "shape");
    List<String> numbers = List.of(value(field).replaceAll("[^0-9]+", " ").strip().split(" "));
    int chosen = random.nextInt(numbers.size());
    String number =
        random.nextBoolean() ? pick(WRONG) : Long.toString(random.nextLong() >> random.nextInt(64));
    StringBuilder changed = new StringBuilder(value(field));
    int at = 0;
    for (int i = 0; i <= chosen; i++) {
      at = changed.indexOf(numbers.get(i), i == 0 ? 0 : at + numbers.get(i - 1).length());
    }
    changed.replace(at, at + numbers.get(chosen).length(), number);
    return asItStands(
        "number " + chosen + " of " + field + " = " + number,
        write(replaced(field, changed.toString())));
  }

  private Mutation fieldRemovedOrDoubled() {
    String field = pick(FIELDS);
    String pair = '"' + field + "\": " + value(field);
    return switch (random.nextInt(3)) {
      case 0 ->
          refused("no " + field, write(text.replace(pair + ", ", "").replace(", " + pair, "")));
      case 1 -> refused(field + " twice", write(text.replace("{", '{' + pair + ", ")));
      default ->
          refused(
              "a field more",
              write(
                  text.replace(
                      "{", "{\"" + "n\\u0000".repeat(1 << random.nextInt(17)) + "\": 1, ")));
    };
  }

  private Mutation nested() {
    String field = pick(FIELDS);
    int depth = 1 << random.nextInt(20);
    boolean closed = random.nextBoolean();
    String open = pick("[", "{\"a\":");
    String value =
        open.repeat(depth) + (closed ? "1" + (open.equals("[") ? "]" : "}").repeat(depth) : "");
    return refused(depth + " levels of " + open + " in " + field, write(replaced(field, value)));
  }

  /** Overlaps, gaps, empty slices, and slices that end too early or too late. */
  private Mutation boundMoved() {
    int slice = random.nextInt(structure.partitions());
    boolean end = random.nextBoolean();
    long by = (1 + random.nextInt(12)) * (random.nextBoolean() ? 1L : -1L);
    StringJoiner slices = new StringJoiner(", ", "[", "]");
    for (int i = 0; i < structure.partitions(); i++) {
      long from = structure.from(i) + (i == slice && !end ? by : 0);
      long to = structure.to(i) + (i == slice && end ? by : 0);
      slices.add("[" + from + ", " + to + "]");
    }
    return refused(
        "slice " + slice + (end ? " ends " : " begins ") + by + " later",
        write(replaced("slices", slices.toString())));
  }

  private Mutation slicesRearranged() {
    int slice = random.nextInt(structure.partitions());
    long from = structure.from(slice);
    long to = structure.to(slice);
    String one = "[" + from + ", " + to + "]";
    return switch (random.nextInt(4)) {
      case 0 -> refused("a slice twice", write(text.replace(one, one + ", " + one)));
      case 1 ->
          refused("an empty slice", write(text.replace(one, one + ", [" + to + ", " + to + "]")));
      case 2 -> refused("a slice turned", write(text.replace(one, "[" + to + ", " + from + "]")));
      default ->
          // One frame a file where files hold several, and many that are not there.
          asItStands("a slice a frame", write(replaced("slices", ones(structure.frames()))));
    };
  }

  private static String ones(long frames) {
    StringBuilder slices = new StringBuilder("[");
    for (long frame = 0; frame < frames; frame++) {
      slices.append(frame == 0 ? "[" : ", [").append(frame).append(", ").append(frame + 1);
      slices.append(']');
    }
    return slices.append(']').toString();
  }

  /** A scan that no disk can hold, cut at the same frames, with or without the last file. */
  private Mutation hugeScan() {
    long frames = (1L << (33 + random.nextInt(30))) - random.nextInt(2);
    int last = structure.partitions() - 1;
    String slices = value("slices").replace(structure.to(last) + "]]", frames + "]]");
    String shape = value("shape").replaceFirst("\\[[0-9]+", "[" + frames);
    if (structure.scan().rank() == 2) {
      shape = shape.replaceFirst(", [0-9]+", ", 1");
    }
    String changed = text.replace(value("slices"), slices).replace(value("shape"), shape);
    boolean gone = random.nextInt(3) > 0;
    return asItStands(
        frames + " frames" + (gone ? ", last file gone" : ""),
        dataSet -> {
          Files.writeString(sidecar(dataSet), changed);
          if (gone) {
            Files.deleteIfExists(dataSet.resolve("parts").resolve(structure.fileName(last)));
          }
        });
  }

  /** Frames that no disk can hold, with or without files. */
  private Mutation hugeFrames() {
    String extent = Long.toString((1L << (31 + random.nextInt(32))) - random.nextInt(2));
    String changed = replaced("shape", value("shape").replaceFirst("[0-9]+\\]", extent + "]"));
    boolean gone = random.nextInt(3) > 0;
    return asItStands(
        "frames of " + extent + (gone ? ", no files" : ""),
        dataSet -> {
          Files.writeString(sidecar(dataSet), changed);
          if (gone && Files.exists(dataSet.resolve("parts"))) {
            FileMutations.remove(dataSet.resolve("parts"));
          }
        });
  }

  /** Long text, and files that are long and hold nothing. */
  private Mutation longText() {
    long claimed = 1L << (27 + random.nextInt(14));
    return switch (random.nextInt(4)) {
      case 0 -> same("spaces", write(text + " ".repeat(1 << random.nextInt(20))));
      case 1 -> refused("zeros behind it, " + claimed + " bytes", ds -> grow(sidecar(ds), claimed));
      case 2 ->
          refused(
              claimed + " zeros",
              ds -> {
                Files.write(sidecar(ds), new byte[0]);
                grow(sidecar(ds), claimed);
              });
      default ->
          asItStands(
              "many slices",
              ds -> {
                long frames = 1L << random.nextInt(17);
                Files.writeString(
                    sidecar(ds),
                    "{\"version\": 1, \"slices\": "
                        + ones(frames)
                        + ", \"shape\": ["
                        + frames
                        + ", 3], \"sig_dims\": 1, \"dtype\": \"uint8\"}");
              });
    };
  }

  /** Makes a file longer without a byte on disk. */
  static void grow(Path file, long length) throws IOException {
    try (RandomAccessFile grown = new RandomAccessFile(file.toFile(), "rw")) {
      grown.setLength(length);
    }
  }
}
