// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Index;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import java.lang.System.Logger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One copy of a tree, or of a part of it, into another one. */
final class GroupCopy {

  private static final Logger LOG = System.getLogger(GroupCopy.class.getName());

  private final BaseGroup from;
  private final BaseGroup to;
  private final CopyOptions options;
  private final Map<String, List<Index>> selections = new HashMap<>();
  private final Set<String> shared;
  private final List<String> skipped = new ArrayList<>();

  GroupCopy(BaseGroup from, BaseGroup to, CopyOptions options) {
    this.from = MemDiskGroup.unwrap(from);
    this.to = MemDiskGroup.unwrap(to);
    this.options = options;
    options.selections().forEach((path, parts) -> selections.put(relative(path), parts));
    this.shared = options.shared().stream().map(GroupCopy::relative).collect(Collectors.toSet());
    if (toFile() && (options.shallow() || !shared.isEmpty())) {
      LOG.log(Logger.Level.WARNING, "{0} is a file: nothing is shared with it", this.to);
    }
  }

  private static String relative(String path) {
    return String.join(Paths.ROOT, Paths.parts(path));
  }

  private boolean toFile() {
    return to instanceof DiskGroup;
  }

  List<String> run() {
    attributes(from, to);
    children(from, "");
    return skipped;
  }

  private void attributes(Node source, Node target) {
    AttributeCopy.copy(source.attrs(), target.attrs(), options.convertAttributeStrings());
    if (options.postprocess() != null) {
      options.postprocess().accept(source, target);
    }
  }

  private void children(BaseGroup group, String way) {
    for (String name : group.names().stream().sorted().toList()) {
      String path = way.isEmpty() ? name : way + Paths.ROOT + name;
      if (group.get(name) instanceof BaseGroup inner) {
        attributes(inner, to.createGroup(path));
        children(inner, path);
      } else {
        dataset(group.dataset(name), path);
      }
    }
  }

  private void dataset(BaseDataset source, String path) {
    List<Index> selection = selections.get(path);
    boolean same = options.shallow() || shared.contains(path);
    if (same && source instanceof MemDataset stored && to instanceof MemGroup group) {
      refuseSelection(source, selection, "it is shared with the copy");
      group.put(Paths.join(group.name(), path), stored, true);
      if (options.postprocess() != null) {
        options.postprocess().accept(source, group.dataset(path));
      }
      return;
    }
    attributes(source, to.createDataset(path, spec(source, path, selection)));
  }

  private static void refuseSelection(BaseDataset source, List<Index> selection, String why) {
    if (selection != null) {
      throw new ArrayException(
          ErrorCode.OPTION_INVALID,
          source.name(),
          "no part of it can be taken, for " + why,
          "Leave the selection out");
    }
  }

  private DatasetSpec spec(BaseDataset source, String path, List<Index> selection) {
    DatasetSpec spec;
    if (source.distributed()) {
      spec = distributed((MemDataset) source, path, selection);
    } else {
      NdArray data = source.read(selection == null ? List.of() : selection);
      spec = DatasetSpec.of(toFile() ? forFile(source, data) : forMemory(data));
    }
    Shape shape = spec.finalShape(path);
    Optional<Shape> chunks = source.chunks();
    if (chunks.isEmpty()
        && source instanceof MemDataset dataset
        && to instanceof DiskGroup disk
        && disk.format() == FileFormat.ZARR) {
      // Else the whole array were one chunk, to be made anew for each block.
      chunks = dataset.blockShape();
    }
    return spec.chunks(chunks.map(chunk -> clipped(chunk, shape)).orElse(null))
        .compression(compression(source));
  }

  private DatasetSpec distributed(MemDataset source, String path, List<Index> selection) {
    refuseSelection(source, selection, "it is spread over the cluster");
    if (!toFile()) {
      return DatasetSpec.of(source);
    }
    if (!options.skipDistributed()) {
      throw new ArrayException(
          ErrorCode.OPERATION_UNSUPPORTED,
          source.name(),
          "it is spread over the cluster, and this copy has but one writer",
          "Write the tree by toFile, or bring the data set into this memory");
    }
    skipped.add(path);
    checkText(source, source.type());
    return DatasetSpec.of(TextTypes.bytes(source.type()), source.shape());
  }

  private NdArray forMemory(NdArray data) {
    return options.convertDatasetStrings() ? TextTypes.toUnicode(data.copy()) : data.copy();
  }

  private NdArray forFile(BaseDataset source, NdArray data) {
    checkText(source, data.type());
    return options.convertDatasetStrings() ? TextTypes.toBytes(source.name(), data) : data;
  }

  private void checkText(BaseDataset source, ValueType type) {
    if (TextTypes.hasUnicode(type) && !options.convertDatasetStrings()) {
      throw TextTypes.unsupported(
          source.name(),
          "its elements are Unicode text of a fixed length, " + type + ", which files do not hold",
          "Convert the strings of data sets when writing",
          null);
    }
  }

  private Compression compression(BaseDataset source) {
    Compression how = source.compression().orElse(null);
    if (toFile() && Compression.UNKNOWN.equals(how)) {
      LOG.log(
          Logger.Level.WARNING,
          "{0} was compressed by a filter that is not known here, and is written without",
          source.name());
      return null;
    }
    return how;
  }

  /** Chunks of a part; none if the part has another rank. */
  private static Shape clipped(Shape chunk, Shape shape) {
    if (chunk.rank() != shape.rank()) {
      return null;
    }
    long[] dims = chunk.dims();
    for (int axis = 0; axis < dims.length; axis++) {
      dims[axis] = Math.max(1, Math.min(dims[axis], shape.dim(axis)));
    }
    return Shape.of(dims);
  }
}
