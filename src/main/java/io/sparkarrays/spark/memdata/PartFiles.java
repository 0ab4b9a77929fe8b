// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.memdata;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FileTree;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.hdf5.Hdf5Writer;
import io.sparkarrays.hdf5.VirtualLayout;
import io.sparkarrays.hdf5.VirtualSource;
import io.sparkarrays.memdata.Compression;
import io.sparkarrays.memdata.DatasetSpec;
import io.sparkarrays.memdata.DiskGroup;
import io.sparkarrays.memdata.Distributor;
import io.sparkarrays.memdata.FileFormat;
import io.sparkarrays.memdata.MemData;
import io.sparkarrays.memdata.MemGroup;
import io.sparkarrays.memdata.WriteOptions;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.spark.api.java.function.ForeachPartitionFunction;
import org.apache.spark.sql.Row;

/**
 * Files beside an HDF5 file, one a block, which virtual data sets of that file put together. Tasks
 * write them; each appears whole. The folder that holds them must be one and the same on all hosts.
 */
final class PartFiles {

  private static final String DATASET = "data";

  private PartFiles() {}

  /**
   * Writes the parts, and has the file's data sets be made of them.
   *
   * @param file where the file is now
   * @param target the name that it will have
   */
  static Distributor.Written write(Path file, Path target, List<DistributedWrite> writes)
      throws IOException {
    Path absolute = target.toAbsolutePath().normalize();
    Path parts = PartFolders.create(absolute);
    try {
      for (int number = 0; number < writes.size(); number++) {
        writeParts(parts, number, writes.get(number));
      }
      removeStrangers(parts, writes);
      link(file, parts.getFileName().toString(), writes);
    } catch (Throwable e) {
      removeAfter(e, parts);
      throw e;
    }
    return published -> {
      if (published) {
        PartFolders.removeUnused(absolute);
      } else {
        PartFolders.remove(parts);
      }
    };
  }

  /** What went wrong before counts more than what can't be removed: the next write removes that. */
  private static void removeAfter(Throwable failure, Path parts) {
    try {
      PartFolders.remove(parts);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private static String name(int number, int block) {
    return String.format(Locale.ROOT, "%d-%06d.h5", number, block);
  }

  private static void writeParts(Path parts, int number, DistributedWrite write) {
    BlockGrid grid = write.source().grid();
    Part part = Part.of(write);
    String folder = parts.toString();
    ForeachPartitionFunction<Row> task =
        rows -> {
          while (rows.hasNext()) {
            Row row = rows.next();
            int block = row.getInt(0);
            if (grid.shape(block).size() > 0) {
              part.write(Path.of(folder, name(number, block)), Blocks.array(grid, row));
            }
          }
        };
    write.source().blocks().foreachPartition(task);
    for (int block = 0; block < grid.count(); block++) {
      Path file = parts.resolve(name(number, block));
      if (grid.shape(block).size() > 0 && !Files.exists(file)) {
        throw new ArrayException(
            ErrorCode.PART_MISSING,
            file,
            "a task wrote it, and it is not here",
            "Write to a folder that all hosts share, or use the layout PLAIN");
      }
    }
  }

  /** What tasks left that were killed. */
  private static void removeStrangers(Path parts, List<DistributedWrite> writes)
      throws IOException {
    Set<String> known = new HashSet<>();
    for (int number = 0; number < writes.size(); number++) {
      for (int block = 0; block < writes.get(number).source().grid().count(); block++) {
        known.add(name(number, block));
      }
    }
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(parts, p -> !known.contains(p.getFileName().toString()))) {
      for (Path stranger : files) {
        FileTree.delete(stranger);
      }
    }
  }

  /** How a part is stored. */
  private record Part(ValueType type, Shape chunk, Compression compression)
      implements Serializable {

    static Part of(DistributedWrite write) {
      MemDatasetDistributed source = write.source();
      return new Part(
          write.type(), source.chunks().orElse(null), source.compression().orElse(null));
    }

    void write(Path file, NdArray block) throws IOException {
      MemGroup content = new MemGroup();
      NdArray stored = DistributedWrite.converted(block, type);
      DatasetSpec spec = DatasetSpec.of(stored).compression(compression);
      content.createDataset(DATASET, chunk == null ? spec : spec.chunks(chunk));
      // Tries of one task may overlap: each makes a file of its own, and the last one stays.
      Path temporary = file.resolveSibling(UUID.randomUUID() + ".tmp.h5");
      try {
        content.toFile(temporary, WriteOptions.DEFAULT.format(FileFormat.HDF5));
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(temporary);
      }
    }
  }

  /** Puts virtual data sets in the place of those that were made, with their attributes. */
  private static void link(Path file, String folder, List<DistributedWrite> writes)
      throws IOException {
    Map<String, Map<String, Object>> attributes = new HashMap<>();
    try (DiskGroup disk = FileFormat.HDF5.open(file, "r")) {
      for (DistributedWrite write : writes) {
        attributes.put(write.path(), MemData.attrsToMap(disk.dataset(write.path()).attrs()));
      }
    }
    try (Hdf5Writer writer = Hdf5Writer.open(file)) {
      for (int number = 0; number < writes.size(); number++) {
        DistributedWrite write = writes.get(number);
        if (write.source().shape().size() > 0) {
          writer.delete(write.path());
          writer.createVirtualDataset(write.path(), layout(folder, number, write));
        }
      }
    }
    try (DiskGroup disk = FileFormat.HDF5.open(file, "r+")) {
      attributes.forEach((path, values) -> disk.dataset(path).attrs().putAll(values));
    }
  }

  private static VirtualLayout layout(String folder, int number, DistributedWrite write) {
    BlockGrid grid = write.source().grid();
    VirtualLayout layout = new VirtualLayout(write.type(), grid.shape());
    for (int block = 0; block < grid.count(); block++) {
      Shape shape = grid.shape(block);
      if (shape.size() > 0) {
        Hyperslab place = Hyperslab.of(grid.offset(block), shape.dims());
        String part = folder + "/" + name(number, block);
        layout.map(place, VirtualSource.of(part, DATASET, shape).type(write.type()));
      }
    }
    return layout;
  }
}
