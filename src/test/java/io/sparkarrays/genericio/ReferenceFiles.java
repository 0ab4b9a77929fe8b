// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.genericio;

import io.sparkarrays.npz.NpyArray;
import io.sparkarrays.npz.NpzFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Files that the GenericIO library itself wrote ({@code gio}, {@code store}), and those that an
 * independent writer made ({@code derived}, {@code more}), with what they hold.
 */
public final class ReferenceFiles {

  /** Where they are. */
  public static final Path FOLDER = Path.of("src/test/resources/genericio");

  private ReferenceFiles() {}

  /** All that can be read whole. */
  public static List<String> good() throws IOException {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      return files
          .map(file -> FOLDER.relativize(file).toString())
          .filter(
              file -> file.endsWith(".gio") && !file.contains("bad_") && !file.contains("double"))
          .filter(file -> !file.startsWith("store"))
          .sorted()
          .toList();
    }
  }

  /** The npz file of what one of them holds. */
  public static Path expectedOf(String file) {
    Path own = FOLDER.resolve(file + ".expected.npz");
    return Files.exists(own) ? own : FOLDER.resolve("derived/r2.expected.npz");
  }

  /** The columns by name, all ranks' rows one after the other; and {@code __nelems__} and so on. */
  static Map<String, NpyArray> expected(NpzFile npz) throws IOException {
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    for (String name : npz.names()) {
      arrays.put(name, npz.array(name));
    }
    return arrays;
  }

  /** Elements in little-endian order. */
  static ByteBuffer littleEndian(ByteBuffer elements, ByteOrder order, int size) {
    ByteBuffer out = ByteBuffer.allocate(elements.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer in = elements.duplicate().order(order);
    while (in.hasRemaining()) {
      switch (size) {
        case 1 -> out.put(in.get());
        case 2 -> out.putShort(in.getShort());
        case 4 -> out.putInt(in.getInt());
        default -> out.putLong(in.getLong());
      }
    }
    return out.flip();
  }
}
