// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.genericio;

import io.sparkarrays.core.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The files of a split data set: {@code FILE}, the rank map, and its parts {@code FILE#0}, {@code
 * FILE#1}, …
 *
 * <p>A set that replaces another takes {@linkplain #firstFree numbers that no part has}; as soon as
 * its map takes the other's place, it is what readers find, and then the {@linkplain #removeParts
 * other's parts} go. So readers find the one set or the other, never some of both.
 */
public final class SplitFiles {

  private SplitFiles() {}

  /** A part's path. */
  public static Path part(Path file, int part) {
    return file.resolveSibling(RankMap.part(file.getFileName().toString(), part));
  }

  /**
   * Writes a rank map, whole and durable; the parts must be there.
   *
   * @param replace whether an existing file is replaced
   * @param parts of each rank the number of the part that holds its rows
   */
  public static void writeMap(Path file, boolean replace, int... parts) throws IOException {
    List<Variable> columns =
        List.of(
            Variable.of(RankMap.RANK, ElementType.INT32, 1),
            Variable.of(RankMap.PARTITION, ElementType.INT32, 1));
    ByteBuffer ranks = ints(parts.length);
    ByteBuffer numbers = ints(parts.length);
    for (int rank = 0; rank < parts.length; rank++) {
      ranks.putInt(rank);
      numbers.putInt(parts[rank]);
    }
    try (GenericIOWriter writer =
        GenericIOWriter.create(file, replace, FileLayout.of(columns, 1), 1)) {
      writer.rank(0, parts.length).column(ranks.flip()).column(numbers.flip());
      writer.commit();
    }
  }

  private static ByteBuffer ints(int count) {
    return ByteBuffer.allocate(count * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The numbers of the parts that are there, whoever wrote them. A missing folder has none. */
  public static SortedSet<Integer> parts(Path file) throws IOException {
    SortedSet<Integer> parts = new TreeSet<>();
    Path folder = file.toAbsolutePath().getParent();
    String prefix = file.getFileName() + "#";
    // Not a glob: the name may hold characters that mean something in one.
    DirectoryStream.Filter<Path> named = found -> name(found).startsWith(prefix);
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, named)) {
      for (Path part : found) {
        String number = name(part).substring(prefix.length());
        if (number.matches("0|-?[1-9][0-9]{0,8}")) {
          parts.add(Integer.valueOf(number));
        }
      }
    } catch (NoSuchFileException e) {
      return parts;
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return parts;
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }

  /** The first number behind those of all parts that are there. */
  public static int firstFree(Path file) throws IOException {
    SortedSet<Integer> parts = parts(file);
    return parts.isEmpty() ? 0 : Math.max(0, parts.last() + 1);
  }

  /** Removes parts; such that are gone already are no error. */
  public static void removeParts(Path file, Iterable<Integer> parts) throws IOException {
    for (int part : parts) {
      Files.deleteIfExists(part(file, part));
    }
  }
}
