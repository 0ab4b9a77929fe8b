// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.virtual;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.hdf5.format.Datatype;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Reads a virtual data set out of its sources, of which only those are opened that a request needs.
 * Threads share it, and read without a lock.
 */
public final class VirtualArray {

  private final VirtualPlan plan;
  private final SourceArrays sources;
  private final List<SourcePart> parts;
  private final PartSources partSources;
  private final Deque<PartReader> idle = new ArrayDeque<>();

  /**
   * @param plan says where elements are
   * @param sources opens sources; closed by the caller
   */
  public VirtualArray(VirtualPlan plan, SourceArrays sources) {
    this.plan = plan;
    this.sources = sources;
    this.parts = plan.parts();
    this.partSources = new PartSources(plan, sources);
  }

  /** Where elements are. */
  public VirtualPlan plan() {
    return plan;
  }

  /**
   * The plan with virtual sources replaced by what they are made of, where that changes nothing.
   * Opens the first source, and the others if that one is virtual.
   */
  public VirtualPlan flatPlan() {
    return plan.withParts(new NestedParts(plan, sources).flattened());
  }

  /** The same with files by location, for another data set whose source this is. */
  public VirtualPlan locatedPlan() throws IOException {
    List<SourcePart> located = new ArrayList<>();
    for (SourcePart part : flatPlan().parts()) {
      located.add(part.in(sources.locate(part.file())));
    }
    return plan.withParts(located);
  }

  /** How many files were opened so far. */
  public long sourcesOpened() {
    return sources.opened();
  }

  /**
   * Reads elements in C order into a buffer, as the plan's datatype stores them.
   *
   * @param request the elements
   * @param destination takes them from its position on, which moves
   * @throws IndexOutOfBoundsException if the request is not inside the shape
   * @throws ArrayException {@code VDS_SOURCE_MISSING}, {@code VDS_SOURCE_UNUSABLE}, or what is
   *     wrong with a source
   */
  public void read(Hyperslab request, ByteBuffer destination) throws IOException {
    request.checkInside(plan.shape());
    int size = plan.datatype().size();
    long bytes = Math.multiplyExact(request.shape().size(), (long) size);
    if (bytes > destination.remaining()) {
      throw new IllegalArgumentException(
          request
              + " has "
              + bytes
              + " bytes, but the buffer has room for "
              + destination.remaining());
    }
    if (bytes == 0) {
      return;
    }
    int base = destination.position();
    int[] numbers = plan.index().find(request);
    boolean covered = plan.index().cover(numbers, request);
    PartReader reader = borrow();
    reader.begin(destination, base);
    if (!covered) {
      reader.fill(request.shape().size());
    }
    for (int number : numbers) {
      Optional<SourceArrays.Lease> source = partSources.open(number);
      if (source.isEmpty()) {
        if (covered) {
          for (GridPair pair : partSources.target(number)) {
            pair.forEachStep(request, reader::fill);
          }
        }
        continue;
      }
      try (SourceArrays.Lease lease = source.get()) {
        SourceArray array = lease.array();
        reader.source(parts.get(number), array);
        for (GridPair pair : partSources.pairs(number, array.shape())) {
          pair.forEachStep(request, reader::read);
        }
      }
    }
    reader.end();
    destination.position(base + (int) bytes);
    synchronized (idle) {
      idle.push(reader);
    }
  }

  /**
   * Whether every element of a request is of a source that is there and has it stored. False where
   * mappings overlap.
   *
   * @throws IndexOutOfBoundsException if the request is not inside the shape
   */
  public boolean isStored(Hyperslab request) throws IOException {
    request.checkInside(plan.shape());
    int[] numbers = plan.index().find(request);
    if (!plan.index().cover(numbers, request)) {
      return false;
    }
    for (int number : numbers) {
      Optional<SourceArrays.Lease> source = partSources.find(number);
      if (source.isEmpty()) {
        return false;
      }
      boolean[] stored = {true};
      try (SourceArrays.Lease lease = source.get()) {
        SourceArray array = lease.array();
        for (GridPair pair : partSources.pairs(number, array.shape())) {
          pair.forEachStep(request, step -> stored[0] = stored[0] && array.isStored(step.source()));
        }
      }
      if (!stored[0]) {
        return false;
      }
    }
    return true;
  }

  /** Numbers of the parts that have elements of a frame, ascending. */
  public int[] partsOf(int scanRank, long frame) {
    return plan.boxes(scanRank, frame, frame + 1).stream()
        .flatMapToInt(box -> Arrays.stream(plan.index().find(box)))
        .sorted()
        .distinct()
        .toArray();
  }

  /** Whether parts are known to fill a frame, each element once. */
  public boolean cover(int[] numbers, int scanRank, long frame) {
    return plan.boxes(scanRank, frame, frame + 1).stream()
        .allMatch(box -> plan.index().cover(numbers, box));
  }

  /**
   * Which elements of a part's source stand for which of this data set. The source may be closed
   * already, but tells what is known of it.
   *
   * @return empty if the source is not there, or its elements are not in blocks along each
   *     dimension
   */
  public Optional<List<AxisMapping>> mappings(int number) throws IOException {
    SourcePart part = parts.get(number);
    Optional<SourceArrays.Lease> source = sources.open(part.file(), part.dataset());
    if (source.isEmpty()) {
      return Optional.empty();
    }
    try (SourceArrays.Lease lease = source.get()) {
      List<AxisMapping> found = new ArrayList<>();
      for (GridPair pair : partSources.pairs(number, lease.array().shape())) {
        Optional<AxisMapping> mapping = AxisMapping.of(lease.array(), pair);
        if (mapping.isEmpty()) {
          return Optional.empty();
        }
        found.add(mapping.get());
      }
      return Optional.of(found);
    }
  }

  private PartReader borrow() {
    synchronized (idle) {
      PartReader reader = idle.poll();
      return reader == null ? new PartReader(plan.datatype(), plan.fillValue()) : reader;
    }
  }

  /**
   * Reads a region of frames in C order, one frame after another.
   *
   * @param scanRank how many leading dimensions are the scan
   * @param from the first frame
   * @param to one more than the last frame
   * @param region of each frame
   * @param destination as for {@link #read}
   */
  public void readFrames(int scanRank, long from, long to, Hyperslab region, ByteBuffer destination)
      throws IOException {
    for (Hyperslab box : plan.boxes(scanRank, from, to, region)) {
      read(box, destination);
    }
  }

  /** The frames of some that a missing source has elements of; opens their sources. */
  public FrameIntervals missingFrames(int scanRank, long from, long to) throws IOException {
    FrameIntervals frames = FrameIntervals.EMPTY;
    for (SourcePart part : plan.partsOf(scanRank, from, to)) {
      Optional<SourceArrays.Lease> source = sources.open(part.file(), part.dataset());
      if (source.isPresent()) {
        source.get().close();
      } else {
        frames = frames.union(plan.framesOf(part, scanRank).within(from, to));
      }
    }
    return frames;
  }

  /**
   * Reads elements in C order as Java objects, also those of variable length.
   *
   * @param fill the value of an element that no source has
   */
  public List<Object> values(Hyperslab request, Object fill) throws IOException {
    request.checkInside(plan.shape());
    List<Object> values =
        new ArrayList<>(Collections.nCopies(Math.toIntExact(request.shape().size()), fill));
    for (int number : plan.index().find(request)) {
      Optional<SourceArrays.Lease> source = partSources.open(number);
      if (source.isEmpty()) {
        continue;
      }
      try (SourceArrays.Lease lease = source.get()) {
        SourceArray array = lease.array();
        requireText(parts.get(number), array.datatype());
        for (GridPair pair : partSources.pairs(number, array.shape())) {
          pair.forEachStep(
              request,
              step -> {
                List<Object> read = array.values(step.source());
                step.forEachRun(
                    (from, to, length) -> {
                      for (long i = 0; i < length; i++) {
                        values.set((int) (to + i), read.get((int) (from + i)));
                      }
                    });
              });
        }
      }
    }
    return values;
  }

  /** Values are taken as they are, so they must be of the same kind. */
  private void requireText(SourcePart part, Datatype type) {
    boolean text =
        plan.datatype() instanceof Datatype.VariableString
            && (type instanceof Datatype.VariableString || type instanceof Datatype.FixedString);
    boolean sequence =
        plan.datatype() instanceof Datatype.VariableLength mine
            && type instanceof Datatype.VariableLength theirs
            && mine.base().equals(theirs.base());
    if (!text && !sequence && !plan.datatype().equals(type)) {
      throw PartReader.noConversion(part, type, plan.datatype());
    }
  }
}
