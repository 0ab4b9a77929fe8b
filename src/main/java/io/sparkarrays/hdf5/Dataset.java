// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementDecoder;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.VariableBytes;
import io.sparkarrays.hdf5.filter.FilterSpec;
import io.sparkarrays.hdf5.format.ChunkGrid;
import io.sparkarrays.hdf5.format.ChunkIndex;
import io.sparkarrays.hdf5.format.DataLayout;
import io.sparkarrays.hdf5.format.DatasetHeader;
import io.sparkarrays.hdf5.format.Datatype;
import io.sparkarrays.hdf5.format.Metadata;
import io.sparkarrays.hdf5.virtual.SourceArray;
import io.sparkarrays.hdf5.virtual.VirtualAccess;
import io.sparkarrays.hdf5.virtual.VirtualMapping;
import io.sparkarrays.hdf5.virtual.VirtualPlan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An n-dimensional array in a file. What is known of it is as of the time when it was looked up, or
 * last {@linkplain #refresh() refreshed}; reading is safe from any number of threads, without a
 * lock.
 */
public final class Dataset extends Hdf5Object implements SourceArray {

  private final VirtualUse use;
  private volatile DatasetState state;

  Dataset(Hdf5File file, String path, long address, DatasetHeader header) {
    super(file, path, address);
    this.use = new VirtualUse(file.sourceFiles(), VirtualAccess.DEFAULT, List.of(toString()));
    this.state = new DatasetState(this, header, use);
  }

  private Dataset(Dataset base, VirtualUse use) {
    super(base.file(), base.path(), base.address());
    this.use = use;
    this.state = new DatasetState(this, base.known(), use);
  }

  /** The same data set as the source of others. */
  Dataset nested(VirtualUse forOthers) {
    return new Dataset(this, forOthers);
  }

  /** The same data set, read in another way if it is virtual. */
  public Dataset with(VirtualAccess how) {
    return new Dataset(this, use.with(how));
  }

  private DatasetHeader known() {
    return state.header();
  }

  /**
   * The extents; rank 0 for a single value. Those of a virtual data set are its sources' where they
   * grow.
   *
   * @throws ArrayException what is wrong with such a source
   */
  @Override
  public Shape shape() {
    try {
      return state.shape();
    } catch (IOException e) {
      throw new ArrayException(
          ErrorCode.IO_FAILED,
          this,
          "the extents of the virtual data set can't be found: " + e.getMessage(),
          "Check that its sources can be read",
          e);
    }
  }

  /** The greatest extents, -1 for a dimension without a limit. */
  public long[] maxDims() {
    return known().space().maxDims().clone();
  }

  /** Whether the data set has no elements by definition. */
  public boolean isNull() {
    return known().space().isNull();
  }

  /** How an element is stored. */
  @Override
  public Datatype datatype() {
    return known().type();
  }

  /** numpy's dtype if elements are stored as those of one. */
  public Optional<Dtype> dtype() {
    return known().type().dtype();
  }

  /**
   * The dtype that holds the elements' values: {@link #dtype()} if there is one, else the least
   * that {@link #numberDecoder()} makes of them; empty for what is no number of up to eight bytes.
   */
  public Optional<Dtype> valueDtype() {
    return dtype().or(() -> NumberDecoder.target(datatype()));
  }

  /**
   * A decoder from stored elements to {@link #valueDtype()}, for a data set that has no {@link
   * #dtype()}. Keeps scratch: each thread needs its own.
   *
   * @throws java.util.NoSuchElementException if the elements are no numbers
   */
  public ElementDecoder numberDecoder() {
    return NumberDecoder.of(datatype());
  }

  /** Where the elements are. */
  public DataLayout layout() {
    return known().layout();
  }

  /** The shape of a chunk, if the data set has chunks. */
  @Override
  public Optional<Shape> chunk() {
    return layout() instanceof DataLayout.Chunked chunked
        ? Optional.of(chunked.chunk())
        : Optional.empty();
  }

  /** The byte of the file that the elements begin at, if they are there in one piece. */
  public OptionalLong position() {
    DatasetHeader header = known();
    return header.layout() instanceof DataLayout.Contiguous contiguous
            && contiguous.address() != Metadata.UNDEFINED
        ? OptionalLong.of(header.metadata().base() + contiguous.address())
        : OptionalLong.empty();
  }

  /** The filters that chunks go through, in a writer's order. */
  public List<FilterSpec> filters() {
    return known().filters();
  }

  /** The bytes of an element that was never written. */
  public byte[] fillValue() {
    return Arrays.copyOf(known().fill(), datatype().size());
  }

  /** How chunks cover the array, if the data set has chunks. */
  public Optional<ChunkGrid> chunkGrid() {
    return chunk().map(chunk -> new ChunkGrid(shape(), chunk));
  }

  /**
   * The stored chunks, if the data set has chunks; read once, and then shared.
   *
   * @throws ArrayException {@code HDF5_DAMAGED}
   */
  public Optional<ChunkIndex> chunkIndex() throws IOException {
    StoredChunks chunks = state.chunks();
    return chunks == null ? Optional.empty() : Optional.of(chunks.index());
  }

  /**
   * Whether elements lie inside the extents and have a place in the file: those of a missing chunk
   * were not written yet and read as the fill value. In a live file as of the last {@linkplain
   * #refresh() refresh}, or later; only the part of the chunk index that matters is read. A virtual
   * data set has what its sources have.
   *
   * @throws ArrayException {@code HDF5_DAMAGED}
   */
  @Override
  public boolean isStored(Hyperslab slab) throws IOException {
    return state.isStored(slab);
  }

  /**
   * Whether no element has a place in the file yet: all read as the fill value. False if the layout
   * does not tell. As of the same time as {@link #isStored}.
   *
   * @throws IndexOutOfBoundsException if the slab is not inside the shape
   */
  public boolean isUnwritten(Hyperslab slab) throws IOException {
    return state.isUnwritten(slab);
  }

  /** How many chunks are kept in memory: those of the index if it was read, else none. */
  public int knownChunks() {
    StoredChunks chunks = state.chunks();
    return chunks == null ? 0 : chunks.known();
  }

  /** The mappings of a virtual data set, in the file's order; none for other layouts. */
  public List<VirtualMapping> mappings() throws IOException {
    return VirtualUse.mappings(file(), known());
  }

  /**
   * The mappings as h5py lists them: names of single sources without the doubling of per cent
   * signs.
   *
   * @throws ArrayException {@code HDF5_OBJECT_MISSING} if the data set is not virtual
   */
  public List<VirtualMapping> virtualSources() throws IOException {
    return VirtualUse.sources(this, known());
  }

  /** Whether the elements are those of other data sets. */
  @Override
  public boolean isVirtual() {
    return state.isVirtual();
  }

  /**
   * How a virtual data set is made of others; empty for other layouts. Only one source is opened to
   * find out, unless it is virtual itself, or grows.
   *
   * @throws ArrayException {@code VDS_SOURCE_MISSING} if the extents depend on a source that is not
   *     there
   */
  public Optional<VirtualPlan> plan() throws IOException {
    return isVirtual() ? Optional.of(state.virtual().flatPlan()) : Optional.empty();
  }

  /** The same, with files by location. */
  @Override
  public Optional<VirtualPlan> locatedPlan() throws IOException {
    return isVirtual() ? Optional.of(state.virtual().locatedPlan()) : Optional.empty();
  }

  /**
   * Reads elements in C order into a buffer, as they are stored: byte order and width are the
   * datatype's.
   *
   * @param slab the elements
   * @param destination takes them from its position on, which moves; direct memory is filled
   *     without a copy in between where the file's layout allows it
   * @throws IndexOutOfBoundsException if the slab is not inside the shape
   * @throws ArrayException {@code HDF5_DAMAGED}, {@code UNSUPPORTED_FILTER}, {@code
   *     VDS_SOURCE_MISSING}, {@code VDS_SOURCE_UNUSABLE}
   */
  @Override
  public void read(Hyperslab slab, ByteBuffer destination) throws IOException {
    state.read(slab, destination);
  }

  /**
   * Looks up elements of variable length in bulk: of the data set's datatype, or of a part of it.
   *
   * @param references as {@link #read} gave them, or as they stood in a sequence; consumed
   * @param size bytes of what a reference counts: 1 for text, the base's size for a sequence
   * @param values takes a run of bytes for each
   * @throws io.sparkarrays.core.ArrayException {@code HDF5_DAMAGED}
   */
  public void readVariable(ByteBuffer references, int size, VariableBytes values)
      throws IOException {
    int start = references.position();
    int before = values.count();
    VariableReader reader = new VariableReader(state.heap());
    file()
        .steady(
            () -> {
              values.keep(before);
              reader.read(references.position(start), size, values);
              return values;
            });
  }

  /** A reader for one thread, of the data set as it is known now. */
  public DatasetReader reader() throws IOException {
    return state.reader();
  }

  /** Reads elements in C order as Java objects, of the classes that {@link Values} says. */
  @Override
  public List<Object> values(Hyperslab slab) throws IOException {
    return state.values(slab);
  }

  /**
   * Looks the data set up again: a writer may have made it larger. Also sees what a writer flushes
   * that says nothing of itself in the file, as those of old formats do.
   */
  public void refresh() throws IOException {
    if (isVirtual()) {
      use.files().forget();
    }
    file().metadata(path()).refresh();
    DatasetHeader now = file().steady(() -> DatasetHeader.read(header()));
    state = new DatasetState(this, now, use);
  }
}
