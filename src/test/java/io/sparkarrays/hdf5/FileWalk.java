// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ByteSource;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.format.Link;
import io.sparkarrays.hdf5.virtual.VirtualAccess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks at everything in a file, going on behind errors, which it keeps. */
final class FileWalk {

  /** Bytes of a data set that are read at most. */
  private static final int PIECE = 1 << 16;

  private static final int MAX_OBJECTS = 2000;

  private final Set<Long> seen = new HashSet<>();
  private final List<ArrayException> errors = new ArrayList<>();
  private int datasets;

  private interface Look {
    void look() throws IOException;
  }

  /**
   * Opens and walks a file, and gives the errors. Of the files that it names, most are itself, so
   * that links and mappings are followed, and some are missing.
   */
  static FileWalk of(MemorySource source) throws IOException {
    FileWalk walk = new FileWalk();
    walk.attempt(
        () -> {
          try (Hdf5File file = Hdf5File.open(source, name -> named(name, source))) {
            walk.group(file.root());
          }
        });
    return walk;
  }

  private static Optional<ByteSource> named(String name, MemorySource source) {
    boolean missing = name.hashCode() % 4 == 0;
    return missing ? Optional.empty() : Optional.of(new MemorySource(name, source.bytes()));
  }

  List<ArrayException> errors() {
    return errors;
  }

  /** Data sets that were read without an error. */
  int datasets() {
    return datasets;
  }

  private boolean attempt(Look look) throws IOException {
    try {
      look.look();
      return true;
    } catch (ArrayException e) {
      errors.add(e);
      return false;
    }
  }

  private void group(Group group) throws IOException {
    if (!seen.add(group.address())) {
      return;
    }
    attempt(() -> attributes(group));
    List<Link> links = new ArrayList<>();
    attempt(() -> links.addAll(group.links()));
    for (Link link : links) {
      if (seen.size() > MAX_OBJECTS) {
        return;
      }
      attempt(() -> follow(group, link));
    }
  }

  private void follow(Group group, Link link) throws IOException {
    Optional<Hdf5Object> found = group.find(link.name());
    if (found.isEmpty()) {
      return;
    }
    if (found.get() instanceof Group inner) {
      group(inner);
    } else if (seen.add(found.get().address())) {
      attempt(() -> attributes(found.get()));
      if (found.get() instanceof Dataset dataset && attempt(() -> dataset(dataset))) {
        datasets++;
      }
    }
  }

  private void attributes(Hdf5Object object) throws IOException {
    Attributes attributes = object.attributes();
    errors.addAll(attributes.damaged());
    for (Attribute attribute : attributes) {
      attempt(attribute::values);
    }
  }

  private void dataset(Dataset found) throws IOException {
    Dataset dataset = found.with(VirtualAccess.DEFAULT.withMissing(VirtualAccess.Missing.FILL));
    dataset.chunkIndex();
    dataset.mappings();
    if (dataset.isNull()) {
      return;
    }
    Shape shape = dataset.shape();
    long[] start = new long[shape.rank()];
    long[] count = shape.dims();
    int longest = 0;
    while (shape.rank() > 0 && Shape.of(count).size() * dataset.datatype().size() > PIECE) {
      longest = 0;
      for (int axis = 1; axis < count.length; axis++) {
        longest = count[axis] > count[longest] ? axis : longest;
      }
      if (count[longest] == 1) {
        return;
      }
      count[longest] = (count[longest] + 1) / 2;
      start[longest] = shape.dim(longest) - count[longest];
    }
    Hyperslab slab = Hyperslab.of(start, count);
    if (dataset.dtype().isEmpty()) {
      dataset.values(slab);
    } else {
      int bytes = (int) slab.shape().size() * dataset.datatype().size();
      dataset.read(slab, ByteBuffer.allocate(bytes));
    }
  }
}
