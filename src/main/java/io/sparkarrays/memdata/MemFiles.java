// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FileTree;
import io.sparkarrays.core.Index;
import io.sparkarrays.memdata.zarr.ZarrGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads trees from files and writes them; a file has its name only when it is whole. */
final class MemFiles {

  private MemFiles() {}

  static MemGroup read(Path file, ReadOptions options) throws IOException {
    FileFormat format = FileFormat.of(options.format(), file);
    try (DiskGroup disk = format.open(file, "r")) {
      NamedDatasets.check(disk, file, options.selections().keySet());
      NamedDatasets.check(disk, file, options.hints().keySet());
      if (options.distributor() == null || !options.useHints()) {
        MemGroup group =
            options.distributor() == null ? new MemGroup() : new MemGroup(options.distributor());
        MemData.deepGroupCopy(disk, group, options.copy());
        return group;
      }
      return new DistributedReading(file, format, options).run(disk);
    }
  }

  /** Reads a tree some of whose data sets are spread over the cluster. */
  private static final class DistributedReading {
    private final Path file;
    private final FileFormat format;
    private final ReadOptions options;
    private final MemGroup root;
    private final Map<String, ReadOptions.Hint> hints = new HashMap<>();
    private final Map<String, List<Index>> selections = new HashMap<>();

    DistributedReading(Path file, FileFormat format, ReadOptions options) {
      this.file = file;
      this.format = format;
      this.options = options;
      this.root = new MemGroup(options.distributor());
      options.hints().forEach((path, hint) -> hints.put(Paths.join("", path), hint));
      options.selections().forEach((path, parts) -> selections.put(Paths.join("", path), parts));
    }

    MemGroup run(BaseGroup disk) throws IOException {
      attributes(disk, root);
      children(disk);
      return root;
    }

    private void attributes(Node from, Node to) {
      MemData.copyAttrs(from.attrs(), to.attrs(), options.convertAttributeStrings());
    }

    private void children(BaseGroup group) throws IOException {
      for (String name : group.names().stream().sorted().toList()) {
        Node node = group.get(name);
        if (node instanceof BaseGroup inner) {
          attributes(inner, root.createGroup(inner.name()));
          children(inner);
        } else {
          dataset((BaseDataset) node);
        }
      }
    }

    private void dataset(BaseDataset source) throws IOException {
      ReadOptions.Hint hint = Hints.of(source, hints.get(source.name()));
      List<Index> selection = selections.getOrDefault(source.name(), List.of());
      MemDataset made;
      if (hint.distributed() && source.shape().rank() > 0) {
        made =
            options
                .distributor()
                .read(Place.detached(), file, format, source.name(), selection, hint.axis());
      } else {
        made = MemDatasetCommon.of(common(source, selection));
      }
      root.put(source.name(), made, true);
      MemDataset stored = root.dataset(source.name());
      attributes(source, stored);
      if (source.chunks().map(chunk -> chunk.rank() == stored.shape().rank()).orElse(false)) {
        stored.chunks(source.chunks().get());
      }
      stored.compression(source.compression().orElse(null));
    }

    private io.sparkarrays.core.NdArray common(BaseDataset source, List<Index> selection) {
      var data = source.read(selection);
      return options.convertDatasetStrings() ? TextTypes.toUnicode(data) : data;
    }
  }

  static void write(BaseGroup tree, Path file, WriteOptions options) throws IOException {
    FileFormat format = FileFormat.of(options.format(), file);
    checkMode(file, options.mode());
    try (LockFile lock = LockFile.open(file, options.lock())) {
      // Again: another writer may have made it while the lock was waited for.
      checkMode(file, options.mode());
      Distributor.Written written = published -> {};
      boolean done = false;
      boolean archive = file.getFileName().toString().endsWith(FileFormat.ARCHIVE);
      try {
        if (format == FileFormat.ZARR && archive) {
          Path folder = lock.tmpFile().resolveSibling(lock.tmpFile().getFileName() + ".tree");
          try {
            written = fill(tree, folder, file, format, options);
            ZarrGroup.pack(folder, lock.tmpFile());
          } finally {
            FileTree.delete(folder);
          }
        } else {
          written = fill(tree, lock.tmpFile(), file, format, options);
        }
        lock.commit();
        done = true;
      } finally {
        written.end(done);
      }
    }
  }

  private static void checkMode(Path file, String mode) {
    if (!List.of("w", "w-", "x", "a").contains(mode)) {
      throw new ArrayException(
          ErrorCode.OPTION_INVALID,
          "mode '" + mode + "'",
          "no tree is written so",
          "Use w, w- or a");
    }
    if (Files.exists(file) && (mode.equals("w-") || mode.equals("x"))) {
      throw new ArrayException(
          ErrorCode.MEMDATA_EXISTS, file, "it is there already", "Use mode w to replace it");
    }
  }

  private static Distributor.Written fill(
      BaseGroup tree, Path tmp, Path target, FileFormat format, WriteOptions options)
      throws IOException {
    FileTree.delete(tmp);
    boolean adds = options.mode().equals("a") && Files.exists(target);
    if (adds) {
      FileTree.copy(target, tmp);
    }
    boolean distributed = tree.distributed();
    CopyOptions how =
        CopyOptions.DEFAULT
            .convertStrings(options.convertDatasetStrings(), options.convertAttributeStrings())
            .skipDistributed(distributed)
            .postprocess(distributed && options.hints() ? MemFiles::hint : null);
    List<String> unfilled;
    try (DiskGroup disk = format.open(tmp, adds ? "r+" : "w")) {
      unfilled = MemData.deepGroupCopy(tree, disk, how);
    }
    if (unfilled.isEmpty()) {
      return published -> {};
    }
    Map<String, MemDataset> datasets = new LinkedHashMap<>();
    unfilled.forEach(path -> datasets.put(Paths.ROOT + path, (MemDataset) tree.dataset(path)));
    return tree.distributor().orElseThrow().write(tmp, target, format, datasets);
  }

  private static void hint(Node source, Node target) {
    if (source instanceof BaseDataset dataset) {
      Hints.mark(dataset, (BaseDataset) target);
    } else if (source.name().equals(Paths.ROOT)) {
      Hints.markFile((BaseGroup) target);
    }
  }
}
