// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.genericio;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The small file that has a split data set's name, and tells for each rank which part holds its
 * rows: the part {@code N} of {@code FILE} is called {@code FILE#N}. Any file with a column {@code
 * $partition} is one.
 */
final class RankMap {

  static final String RANK = "$rank";
  static final String PARTITION = "$partition";

  private static final String WRITE_AGAIN =
      "Bring all parts of one write together, or write the data set again";

  private final PartFile file;
  private final ByteSources sources;
  private final Map<Integer, Map<Long, RankBlock>> parts = new HashMap<>();
  private PartFile first;

  private RankMap(PartFile file, ByteSources sources) {
    this.file = file;
    this.sources = sources;
  }

  static boolean isMap(PartFile file) {
    return column(file) >= 0;
  }

  private static int column(PartFile file) {
    List<Variable> variables = file.header().variables();
    for (int i = 0; i < variables.size(); i++) {
      if (variables.get(i).name().equals(PARTITION)) {
        return i;
      }
    }
    return -1;
  }

  /** The part's name. */
  static String part(String file, int partition) {
    return file + '#' + partition;
  }

  /**
   * Finds all ranks in their parts. Of these, only the headers are read, and none is left open.
   *
   * @throws ArrayException {@code PART_MISSING}, {@code PARTS_DIFFER}, and what opening a part
   *     gives
   */
  static List<RankBlock> follow(PartFile file, ByteSources sources) throws IOException {
    RankMap map = new RankMap(file, sources);
    int[] partitions = map.partitions();
    List<RankBlock> ranks = new ArrayList<>();
    for (int rank = 0; rank < partitions.length; rank++) {
      Map<Long, RankBlock> part = map.parts.get(partitions[rank]);
      if (part == null) {
        part = map.open(partitions[rank]);
        map.parts.put(partitions[rank], part);
      }
      RankBlock block = part.get((long) rank);
      if (block == null) {
        throw new ArrayException(
            ErrorCode.PART_MISSING,
            part(file.header().file(), partitions[rank]),
            "rank " + rank + " should be in this part and is not",
            WRITE_AGAIN);
      }
      ranks.add(block);
    }
    return ranks;
  }

  /** The number of the part of each rank. */
  private int[] partitions() throws IOException {
    Header header = file.header();
    int column = column(file);
    if (header.ranks().size() != 1 || header.variables().get(column).rowBytes() != Integer.BYTES) {
      throw Faults.damaged(
          header.file(), "a rank map has one rank, and a column " + PARTITION + " of 4 bytes");
    }
    ColumnReader reader = file.column(0, column, true);
    // Ranks that a map lists have headers in its parts, so an honest map is a small file.
    if (reader.rows() > Integer.MAX_VALUE / Integer.BYTES) {
      throw Faults.damaged(header.file(), "a rank map of " + reader.rows() + " ranks");
    }
    ByteBuffer rows = ByteBuffer.allocate((int) reader.rows() * Integer.BYTES);
    reader.read(0, reader.rows(), rows);
    int[] partitions = new int[(int) reader.rows()];
    rows.flip().order(header.order()).asIntBuffer().get(partitions);
    return partitions;
  }

  /** A part's ranks by their numbers. */
  private Map<Long, RankBlock> open(int partition) throws IOException {
    String name = part(file.header().file(), partition);
    PartFile part;
    try {
      part = PartFile.open(name, sources);
    } catch (ArrayException e) {
      if (e.code() == ErrorCode.PATH_NOT_FOUND) {
        throw new ArrayException(
            ErrorCode.PART_MISSING, name, "the rank map leads to this file", WRITE_AGAIN, e);
      }
      throw e;
    }
    part.close();
    if (isMap(part)) {
      throw Faults.damaged(name, "a part is itself a rank map");
    }
    if (first == null) {
      first = part;
    } else if (!part.header().variables().equals(first.header().variables())
        || part.header().bigEndian() != first.header().bigEndian()) {
      throw new ArrayException(
          ErrorCode.PARTS_DIFFER,
          name,
          "its columns are not those of " + first.header().file(),
          WRITE_AGAIN);
    }
    Map<Long, RankBlock> ranks = new HashMap<>();
    for (int i = 0; i < part.header().ranks().size(); i++) {
      RankBlock block = new RankBlock(part, i);
      if (ranks.put(block.number(), block) != null) {
        throw Faults.damaged(name, "rank " + block.number() + " is in it twice");
      }
    }
    return ranks;
  }
}
