// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.virtual;

import io.sparkarrays.hdf5.format.DataLayout;
import io.sparkarrays.hdf5.format.Fields;
import io.sparkarrays.hdf5.format.GlobalHeap;
import io.sparkarrays.hdf5.format.Metadata;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of a virtual data set and the part of another data set that it stands for (H5Dvirtual.c).
 *
 * @param file the source's file as it is written, {@link #SAME_FILE} for the file of the virtual
 *     data set; {@code %b} in it stands for a block's number
 * @param dataset the path of the source in its file; {@code %b} as before
 * @param source the elements of the source
 * @param target the elements of the virtual data set
 */
public record VirtualMapping(
    String file, String dataset, DataspaceSelection source, DataspaceSelection target) {

  /** The name of the file that the virtual data set is in. */
  public static final String SAME_FILE = ".";

  private static final int IN_SAME_FILE = 4;
  private static final int SHARED_FILE = 1;
  private static final int SHARED_DATASET = 2;

  /** Least bytes of an entry: two names and two selections. */
  private static final int LEAST = 30;

  /** Reads the mappings of a virtual layout, in the file's order. */
  public static List<VirtualMapping> read(Metadata metadata, DataLayout.Virtual layout)
      throws IOException {
    if (layout.heapAddress() == Metadata.UNDEFINED || layout.heapAddress() == 0) {
      return List.of();
    }
    Fields fields = new GlobalHeap(metadata).get(layout.heapAddress(), layout.heapIndex());
    Fields checked = fields.again();
    checked.skip(Math.max(0, checked.remaining() - 4)).checksum();
    int version = fields.version(0, 1);
    long count = fields.length();
    if (count < 0 || count > fields.remaining() / (version == 0 ? LEAST : LEAST - 2)) {
      throw fields.damaged(count + " mappings", "as many as there are bytes for");
    }
    List<VirtualMapping> mappings = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      mappings.add(entry(fields, version, mappings));
    }
    return mappings;
  }

  private static VirtualMapping entry(Fields fields, int version, List<VirtualMapping> before) {
    int flags = version == 0 ? 0 : fields.u8();
    if ((flags & ~(IN_SAME_FILE | SHARED_FILE | SHARED_DATASET)) != 0) {
      throw fields.damaged("mapping flags " + flags, "known ones");
    }
    String file =
        (flags & IN_SAME_FILE) != 0
            ? SAME_FILE
            : (flags & SHARED_FILE) != 0 ? earlier(fields, before).file() : name(fields);
    String dataset =
        (flags & SHARED_DATASET) != 0 ? earlier(fields, before).dataset() : name(fields);
    DataspaceSelection source = SelectionReader.read(fields);
    return new VirtualMapping(file, dataset, source, SelectionReader.read(fields));
  }

  private static String name(Fields fields) {
    String name = fields.text();
    if (name.replace("%%", "").replace("%b", "").contains("%")) {
      throw fields.damaged("the name '" + name + "'", "%b or %% where a % is");
    }
    return name;
  }

  private static VirtualMapping earlier(Fields fields, List<VirtualMapping> before) {
    long number = fields.length();
    if (number < 0 || number >= before.size()) {
      throw fields.damaged("the names of mapping " + number, "of an earlier one");
    }
    return before.get((int) number);
  }

  /** Whether the mapping stands for a series of sources, one a block. */
  public boolean isSeries() {
    return hasBlockNumber(file) || hasBlockNumber(dataset);
  }

  /** The mapping with names as they are meant; those of a series stay as they are. */
  public VirtualMapping unescaped() {
    return isSeries() ? this : new VirtualMapping(fileOf(0), datasetOf(0), source, target);
  }

  private static boolean hasBlockNumber(String name) {
    return name.replace("%%", "").contains("%b");
  }

  /** The source's file for a block of a series, or of the only one. */
  public String fileOf(long block) {
    return expand(file, block);
  }

  /** The source's path for a block. */
  public String datasetOf(long block) {
    return expand(dataset, block);
  }

  private static String expand(String name, long block) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c != '%') {
        out.append(c);
      } else if (name.charAt(++i) == 'b') {
        out.append(block);
      } else {
        out.append('%');
      }
    }
    return out.toString();
  }
}
