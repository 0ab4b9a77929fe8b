// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.virtual;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.format.Datatype;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serial;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a virtual data set is made of others, with nothing open: made where the data set is known,
 * sent to where it is read. The leading dimensions may be seen as a scan of frames, counted in C
 * order.
 */
public final class VirtualPlan implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private final String file;
  private final String dataset;
  private final Shape shape;
  private final Datatype datatype;
  private final byte[] fill;
  private final VirtualAccess access;
  private final transient List<SourcePart> parts;
  private transient volatile PartIndex index;

  VirtualPlan(
      String file,
      String dataset,
      Shape shape,
      Datatype datatype,
      byte[] fill,
      VirtualAccess access,
      List<SourcePart> parts) {
    this.file = file;
    this.dataset = dataset;
    this.shape = shape;
    this.datatype = datatype;
    this.fill = fill;
    this.access = access;
    this.parts = new ArrayList<>(parts);
  }

  @Serial
  private Object writeReplace() {
    return new PackedPlan(this);
  }

  @Serial
  private void readObject(ObjectInputStream in) throws InvalidObjectException {
    throw new InvalidObjectException("a plan travels packed");
  }

  /**
   * Resolves the mappings of a data set. Sources are opened only where a mapping has no limit.
   *
   * @param file the file's name
   * @param dataset the path in it
   * @param stored the extents that the header says
   * @param datatype of the elements
   * @param fill the bytes of an element that no source has
   * @param mappings in the file's order
   * @param access how it is read
   * @param sources opens what the mappings name
   */
  public static VirtualPlan resolve(
      String file,
      String dataset,
      Shape stored,
      Datatype datatype,
      byte[] fill,
      List<VirtualMapping> mappings,
      VirtualAccess access,
      SourceArrays sources)
      throws IOException {
    VirtualResolver.Resolved resolved =
        VirtualResolver.resolve(file + ", " + dataset, mappings, stored, access, sources);
    return new VirtualPlan(
        file, dataset, resolved.shape(), datatype, fill.clone(), access, resolved.parts());
  }

  /** The name of the file that the virtual data set is in. */
  public String file() {
    return file;
  }

  /** Its path in the file. */
  public String dataset() {
    return dataset;
  }

  /** The extents, of which those along growing sources are theirs. */
  public Shape shape() {
    return shape;
  }

  /** How an element is read, whatever the sources store. */
  public Datatype datatype() {
    return datatype;
  }

  /** The bytes of an element that no source has. */
  public byte[] fillValue() {
    return fill.clone();
  }

  /** How it is read. */
  public VirtualAccess access() {
    return access;
  }

  /** The same with another policy for missing sources. */
  public VirtualPlan withMissing(VirtualAccess.Missing missing) {
    return with(access.withMissing(missing), parts);
  }

  VirtualPlan withParts(List<SourcePart> others) {
    return with(access, others);
  }

  /** The same without what comes from some files, by their names as the mappings have them. */
  public VirtualPlan without(Set<String> files) {
    return with(access, parts.stream().filter(part -> !files.contains(part.file())).toList());
  }

  private VirtualPlan with(VirtualAccess other, List<SourcePart> some) {
    return new VirtualPlan(file, dataset, shape, datatype, fill, other, some);
  }

  /** The sources' parts in the order of their mappings: where they overlap, later ones win. */
  public List<SourcePart> parts() {
    return java.util.Collections.unmodifiableList(parts);
  }

  PartIndex index() {
    PartIndex known = index;
    if (known == null) {
      known = new PartIndex(parts, shape.rank());
      index = known;
    }
    return known;
  }

  /** Number of frames if the first dimensions are a scan. */
  public long frames(int scanRank) {
    return shape.slice(0, scanRank).size();
  }

  /** The frames that a part has elements of. */
  public FrameIntervals framesOf(SourcePart part, int scanRank) {
    Shape scan = shape.slice(0, scanRank);
    FrameIntervals frames = FrameIntervals.EMPTY;
    for (ElementGrid grid : part.target()) {
      FrameIntervals.Builder builder = new FrameIntervals.Builder();
      addFrames(grid, scan, 0, 0, builder);
      frames = frames.union(builder.build());
    }
    return frames;
  }

  private static void addFrames(
      ElementGrid grid, Shape scan, int axis, long base, FrameIntervals.Builder frames) {
    if (axis == scan.rank()) {
      frames.add(base, base + 1);
      return;
    }
    long step = scan.slice(axis + 1, scan.rank()).size();
    AxisElements elements = grid.axis(axis);
    boolean wholeBehind = true;
    for (int i = axis + 1; i < scan.rank(); i++) {
      wholeBehind &= grid.axis(i).length() == scan.dim(i);
    }
    for (long k = 0; k < elements.length(); ) {
      long run = elements.run(k);
      long from = base + elements.coordinate(k) * step;
      if (wholeBehind) {
        frames.add(from, from + run * step);
      } else {
        for (long i = 0; i < run; i++) {
          addFrames(grid, scan, axis + 1, from + i * step, frames);
        }
      }
      k += run;
    }
  }

  /** The parts that have elements of the frames {@code from} to {@code to} (exclusive). */
  public List<SourcePart> partsOf(int scanRank, long from, long to) {
    return boxes(scanRank, from, to).stream()
        .flatMapToInt(box -> Arrays.stream(index().find(box)))
        .sorted()
        .distinct()
        .mapToObj(parts::get)
        .toList();
  }

  /** The plan with only those parts that have elements of some frames; extents stay. */
  public VirtualPlan restrict(int scanRank, long from, long to) {
    return with(access, partsOf(scanRank, from, to));
  }

  /**
   * Bytes of the virtual data set that the frames {@code from} to {@code to} (exclusive) take from
   * each file, by its name as the mappings have it.
   */
  public Map<String, Long> bytesByFile(int scanRank, long from, long to) {
    Map<String, Long> bytes = new LinkedHashMap<>();
    for (Hyperslab box : boxes(scanRank, from, to)) {
      for (int number : index().find(box)) {
        SourcePart part = parts.get(number);
        bytes.merge(part.file(), part.common(box) * datatype.size(), Long::sum);
      }
    }
    return bytes;
  }

  /** The fewest boxes that hold frames one after another. */
  List<Hyperslab> boxes(int scanRank, long from, long to) {
    return boxes(scanRank, from, to, Hyperslab.all(shape.slice(scanRank, shape.rank())));
  }

  /** The same, of each frame only a region. */
  List<Hyperslab> boxes(int scanRank, long from, long to, Hyperslab region) {
    int rank = shape.rank();
    List<Hyperslab> boxes = new ArrayList<>();
    for (ElementGrid grid : ElementGrid.all(shape.slice(0, scanRank)).part(from, to)) {
      long[][] slab = new long[4][rank];
      for (int axis = 0; axis < rank; axis++) {
        boolean isScan = axis < scanRank;
        int inner = axis - scanRank;
        long block = isScan ? grid.axis(axis).length() : region.block(inner);
        long dim = isScan ? block : region.shape().dim(inner);
        slab[0][axis] = isScan ? grid.axis(axis).first() : region.start(inner);
        slab[3][axis] = block;
        slab[2][axis] = block == 0 ? 0 : dim / block;
        boolean gaps = !isScan && block < dim;
        slab[1][axis] = gaps ? region.coordinate(inner, block) - region.start(inner) : block;
      }
      boxes.add(Hyperslab.of(slab[0], slab[1], slab[2], slab[3]));
    }
    return boxes;
  }

  /** What it is a plan of. */
  @Override
  public String toString() {
    return file + ", " + dataset;
  }
}
