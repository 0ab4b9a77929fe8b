// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.virtual;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Finds the extents of a virtual data set and the sources of its elements. Sources are opened only
 * for mappings without a limit, whose length is theirs.
 */
final class VirtualResolver {

  /** Numbers of a series that are tried: bounds what a mapping to one name can ask for. */
  private static final int MOST_NUMBERS = 1 << 20;

  private final Object where;
  private final Shape stored;
  private final VirtualAccess access;
  private final SourceArrays sources;
  private final List<Growing> growing = new ArrayList<>();

  private VirtualResolver(Object where, Shape stored, VirtualAccess access, SourceArrays sources) {
    this.where = where;
    this.stored = stored;
    this.access = access;
    this.sources = sources;
  }

  /** A mapping without a limit, and how many elements it has along that dimension. */
  private record Growing(int number, VirtualMapping mapping, int axis, long available) {}

  /** Extents, and the parts in the order of their mappings. */
  record Resolved(Shape shape, List<SourcePart> parts) {}

  /** Resolves mappings of a data set whose header says that it has these extents. */
  static Resolved resolve(
      Object where,
      List<VirtualMapping> mappings,
      Shape stored,
      VirtualAccess access,
      SourceArrays sources)
      throws IOException {
    VirtualResolver resolver = new VirtualResolver(where, stored, access, sources);
    try {
      return resolver.resolve(mappings);
    } catch (ArithmeticException e) {
      throw resolver.damaged("a mapping reaches beyond 2^63 elements", e);
    } catch (SelectionGrids.TooIrregularException e) {
      throw resolver.damaged("a mapping's blocks are too many or overlap too much", e);
    }
  }

  private ArrayException damaged(String problem, Exception cause) {
    return new ArrayException(
        ErrorCode.HDF5_DAMAGED,
        where,
        "mappings of a virtual data set: " + problem + ", expected elements of its extents",
        "The file is damaged here; other objects of it may be readable. Restore it from a copy",
        cause);
  }

  private Resolved resolve(List<VirtualMapping> mappings)
      throws IOException, SelectionGrids.TooIrregularException {
    long[] dims = stored.dims();
    for (int i = 0; i < mappings.size(); i++) {
      VirtualMapping mapping = mappings.get(i);
      int axis = SelectionGrids.unlimitedAxis(mapping.target());
      if (axis >= dims.length) {
        throw damaged("dimension " + axis + " of " + stored, null);
      } else if (axis >= 0) {
        grow(i, mapping, axis);
      }
    }
    extend(dims, mappings);
    Shape shape = Shape.of(dims);
    List<SourcePart> parts = new ArrayList<>(mappings.size());
    int next = 0;
    for (int i = 0; i < mappings.size(); i++) {
      if (next < growing.size() && growing.get(next).number() == i) {
        grown(growing.get(next++), shape, parts);
      } else {
        fixed(i, mappings.get(i), shape, parts);
      }
    }
    return new Resolved(shape, parts);
  }

  private void grow(int number, VirtualMapping mapping, int axis) throws IOException {
    int sourceAxis = SelectionGrids.unlimitedAxis(mapping.source());
    if (sourceAxis < 0) {
      growing.add(new Growing(number, mapping, axis, seriesLength(mapping, axis)));
      return;
    }
    DataspaceSelection.Regular selection = (DataspaceSelection.Regular) mapping.source();
    Optional<SourceArrays.Lease> opened = sources.open(mapping.fileOf(0), mapping.datasetOf(0));
    if (opened.isEmpty()) {
      if (access.missing() == VirtualAccess.Missing.FAIL) {
        throw missing(number, mapping);
      }
      growing.add(new Growing(number, mapping, axis, -1));
      return;
    }
    try (SourceArrays.Lease lease = opened.get()) {
      Shape shape = lease.array().shape();
      if (sourceAxis >= shape.rank()) {
        throw part(number, mapping, 0, List.of())
            .unusable("its shape is " + shape + ", but " + selection + " of it is mapped", null);
      }
      long extent = shape.dim(sourceAxis);
      long below = SelectionGrids.elementsBelow(selection, sourceAxis, extent);
      growing.add(new Growing(number, mapping, axis, below));
    }
  }

  private ArrayException missing(int number, VirtualMapping mapping) {
    SourcePart part = part(number, mapping, 0, List.of());
    return PartSources.missing(where, part, sources.candidates(part.file()));
  }

  /** How many numbers a series has, up to the last one that is there. */
  private long seriesLength(VirtualMapping mapping, int axis) throws IOException {
    long block = ((DataspaceSelection.Regular) mapping.target()).block()[axis];
    if (!mapping.isSeries() || block < 1) {
      throw damaged("one without a limit has a source of limited size", null);
    }
    int gap = access.view() == VirtualAccess.View.FIRST_MISSING ? 0 : access.seriesGap();
    long have = 0;
    for (int number = 0; number - have <= gap && number < MOST_NUMBERS; number++) {
      Optional<SourceArrays.Lease> found =
          sources.open(mapping.fileOf(number), mapping.datasetOf(number));
      if (found.isPresent()) {
        found.get().close();
        have = number + 1L;
      }
    }
    return have;
  }

  /** The extents along which sources grow. */
  private void extend(long[] dims, List<VirtualMapping> mappings)
      throws SelectionGrids.TooIrregularException {
    boolean first = access.view() == VirtualAccess.View.FIRST_MISSING;
    boolean[] grows = new boolean[dims.length];
    for (Growing one : growing) {
      long end = first ? firstMissing(one) : lastAvailable(one);
      int axis = one.axis();
      if (!grows[axis]) {
        dims[axis] = end;
      } else {
        dims[axis] = first ? Math.min(dims[axis], end) : Math.max(dims[axis], end);
      }
      grows[axis] = true;
    }
    if (growing.isEmpty() || growing.size() == mappings.size()) {
      return;
    }
    for (VirtualMapping mapping : mappings) {
      boolean limited = SelectionGrids.unlimitedAxis(mapping.target()) < 0;
      if (!limited || mapping.target() instanceof DataspaceSelection.All) {
        continue;
      }
      for (ElementGrid grid : SelectionGrids.of(mapping.target(), stored, 0)) {
        for (int axis = 0; axis < Math.min(dims.length, grid.rank()); axis++) {
          dims[axis] = grows[axis] ? Math.max(dims[axis], grid.axis(axis).end()) : dims[axis];
        }
      }
    }
  }

  private static long lastAvailable(Growing one) {
    if (one.available() <= 0) {
      return 0;
    }
    DataspaceSelection.Regular target = (DataspaceSelection.Regular) one.mapping().target();
    return Math.addExact(
        SelectionGrids.coordinate(target, one.axis(), elements(one, target) - 1), 1);
  }

  private static long firstMissing(Growing one) {
    DataspaceSelection.Regular target = (DataspaceSelection.Regular) one.mapping().target();
    boolean isSeries = SelectionGrids.unlimitedAxis(one.mapping().source()) < 0;
    if (one.available() < 0 || (isSeries && one.available() == 0)) {
      return 0;
    }
    return isSeries
        ? lastAvailable(one)
        : SelectionGrids.coordinate(target, one.axis(), one.available());
  }

  /** Elements along the dimension: of a series, a block each. */
  private static long elements(Growing one, DataspaceSelection.Regular target) {
    boolean isSeries = SelectionGrids.unlimitedAxis(one.mapping().source()) < 0;
    return isSeries
        ? Math.multiplyExact(one.available(), target.block()[one.axis()])
        : one.available();
  }

  private void fixed(int number, VirtualMapping mapping, Shape shape, List<SourcePart> parts)
      throws SelectionGrids.TooIrregularException {
    if (SelectionGrids.unlimitedAxis(mapping.source()) >= 0) {
      throw damaged("one of limited size has a source without a limit", null);
    }
    add(part(number, mapping, 0, SelectionGrids.of(mapping.target(), shape, 0)), shape, parts);
  }

  private void grown(Growing one, Shape shape, List<SourcePart> parts)
      throws SelectionGrids.TooIrregularException {
    DataspaceSelection.Regular target = (DataspaceSelection.Regular) one.mapping().target();
    int axis = one.axis();
    if (SelectionGrids.unlimitedAxis(one.mapping().source()) >= 0) {
      long below = SelectionGrids.elementsBelow(target, axis, shape.dim(axis));
      long length = Math.max(0, Math.min(one.available(), below));
      List<ElementGrid> grids = SelectionGrids.of(target, shape, length);
      add(part(one.number(), one.mapping(), length, grids), shape, parts);
      return;
    }
    long block = target.block()[axis];
    for (long number = 0; number < one.available(); number++) {
      long start = SelectionGrids.coordinate(target, axis, number * block);
      if (start + block > shape.dim(axis)) {
        return;
      }
      long[] starts = target.start().clone();
      long[] counts = target.count().clone();
      starts[axis] = start;
      counts[axis] = 1;
      DataspaceSelection.Regular box =
          new DataspaceSelection.Regular(starts, target.stride(), counts, target.block());
      VirtualMapping mapping = one.mapping();
      add(
          new SourcePart(
              one.number(),
              mapping.fileOf(number),
              mapping.datasetOf(number),
              mapping.source(),
              0,
              true,
              SelectionGrids.of(box, shape, 0)),
          shape,
          parts);
    }
  }

  private static SourcePart part(
      int number, VirtualMapping mapping, long limit, List<ElementGrid> target) {
    List<ElementGrid> some = target.stream().filter(grid -> grid.size() > 0).toList();
    return new SourcePart(
        number, mapping.fileOf(0), mapping.datasetOf(0), mapping.source(), limit, false, some);
  }

  private void add(SourcePart part, Shape shape, List<SourcePart> parts) {
    for (ElementGrid grid : part.target()) {
      if (!grid.isInside(shape)) {
        throw damaged(
            part + " fills " + Arrays.toString(new Object[] {grid}) + " of " + shape, null);
      }
    }
    if (part.size() > 0) {
      parts.add(part);
    }
  }
}
