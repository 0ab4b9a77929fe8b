// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Index;
import java.io.IOException;
import java.lang.System.Logger;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Makes {@link MemDiskGroup}s, of the classes that files name, and files that name them. */
final class MemDiskFiles {

  private static final Logger LOG = System.getLogger(MemDiskFiles.class.getName());

  private MemDiskFiles() {}

  static MemDiskGroup wrap(Class<?> normal, BaseGroup group, boolean detect) {
    Object named = detect ? group.attrs().get(Hints.SUBCLASS) : null;
    Optional<Function<BaseGroup, ? extends MemDiskGroup>> factory =
        named == null ? Optional.empty() : SubclassRegistry.byName(named.toString());
    if (named != null && factory.isEmpty()) {
      LOG.log(
          Logger.Level.WARNING,
          "{0} names the class {1}, which is not registered: {2} is used",
          group,
          named,
          normal.getName());
    }
    return factory.isPresent() ? factory.get().apply(group) : SubclassRegistry.make(normal, group);
  }

  static MemDiskGroup read(Class<? extends MemDiskGroup> normal, Path file, DiskOptions options)
      throws IOException {
    FileFormat format = FileFormat.of(options.read().format(), file);
    MemDiskGroup made;
    if (options.ondisk()) {
      if (options.read().distributor() != null) {
        throw new ArrayException(
            ErrorCode.OPTION_INVALID,
            file,
            "what stays in a file is not spread over a cluster",
            "Read it into memory, or without a distributor");
      }
      DiskGroup disk = format.open(file, options.mode());
      try {
        made = wrap(normal, disk, options.detectSubclass());
        made.own();
      } catch (RuntimeException e) {
        disk.close();
        throw e;
      }
    } else {
      ReadOptions read = options.read().format(format);
      if (!options.selections().isEmpty()) {
        try (DiskGroup disk = format.open(file, "r")) {
          MemDiskGroup layout = wrap(normal, disk, options.detectSubclass());
          Map<String, List<Index>> parts =
              new HashMap<>(layout.makeSelections(options.selections()));
          // A layout may know more data sets than a file of it has.
          parts.keySet().removeIf(path -> !(disk.find(path).orElse(null) instanceof BaseDataset));
          read = read.selections(parts);
        }
      }
      made = wrap(normal, MemGroup.fromFile(file, read), options.detectSubclass());
    }
    made.finishSetup();
    return made;
  }

  /** Writes a tree to a file that names a class. */
  static void save(
      BaseGroup root, Class<? extends MemDiskGroup> subclass, Path target, WriteOptions options)
      throws IOException {
    MemGroup named = new MemGroup();
    BaseGroup written = root;
    if (!root.attrs().containsKey(Hints.SUBCLASS)) {
      if (root.mode().equals("r")) {
        // What can't be changed is copied, so that the name can be added.
        MemData.deepGroupCopy(root, named, CopyOptions.DEFAULT);
        written = named;
      }
      written.attrs().put(Hints.SUBCLASS, SubclassRegistry.nameOf(subclass));
    }
    MemFiles.write(written, target, options);
  }
}
