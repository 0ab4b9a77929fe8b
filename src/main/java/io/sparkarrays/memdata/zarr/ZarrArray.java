// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata.zarr;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Index;
import io.sparkarrays.core.IndexedSlab;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** An array of a store, in chunks. What is written is in the store when the call returns. */
public final class ZarrArray {

  private final ZarrStore store;
  private final String path;
  private final ZarrMetadata metadata;
  private final ZarrCodec codec;

  ZarrArray(ZarrStore store, String path, ZarrMetadata metadata) {
    this.store = store;
    this.path = path;
    this.metadata = metadata;
    this.codec = new ZarrCodec(toString(), metadata.compressor());
  }

  /** Type, shape, chunks and compressor. */
  public ZarrMetadata metadata() {
    return metadata;
  }

  /** The attributes, as they are stored now. */
  public Map<String, Object> attributes() throws IOException {
    return ZarrGroup.attributes(store, path);
  }

  /** Replaces all attributes. */
  public void attributes(Map<String, Object> attributes) throws IOException {
    ZarrGroup.attributes(store, path, attributes);
  }

  /** Reads elements. */
  public NdArray read(List<Index> indices) throws IOException {
    IndexedSlab wanted = IndexedSlab.of(metadata.shape(), indices);
    Hyperslab slab = wanted.slab();
    NdArray target = NdArray.zeros(metadata.type(), slab.shape());
    if (slab.shape().size() == 0) {
      return target.get(wanted.inside());
    }
    for (long[] number : chunks(slab)) {
      Overlap overlap = overlap(slab, number);
      if (overlap != null) {
        Optional<byte[]> stored = store.get(key(number));
        NdArray chunk = stored.isPresent() ? decode(stored.get()) : metadata.emptyChunk();
        target.get(overlap.inSlab()).assign(chunk.get(overlap.inChunk()));
      }
    }
    return target.get(wanted.inside());
  }

  /** Writes elements; chunks that are written in part are read before. */
  public void write(NdArray source, List<Index> indices) throws IOException {
    IndexedSlab wanted = IndexedSlab.of(metadata.shape(), indices);
    Hyperslab slab = wanted.slab();
    if (slab.shape().size() == 0) {
      return;
    }
    // What lies between listed positions stays as it is.
    boolean gaps = wanted.inside().stream().anyMatch(Index.Positions.class::isInstance);
    NdArray content =
        gaps ? read(boxOf(slab)).copy() : NdArray.zeros(metadata.type(), slab.shape());
    content.put(source, wanted.inside());
    for (long[] number : chunks(slab)) {
      Overlap overlap = overlap(slab, number);
      if (overlap != null) {
        NdArray chunk = metadata.emptyChunk();
        if (!overlap.wholeChunk(metadata, number)) {
          Optional<byte[]> stored = store.get(key(number));
          chunk = stored.isPresent() ? decode(stored.get()).copy() : chunk;
        }
        chunk.get(overlap.inChunk()).assign(content.get(overlap.inSlab()));
        store.put(key(number), encode(chunk));
      }
    }
  }

  private static List<Index> boxOf(Hyperslab slab) {
    List<Index> box = new ArrayList<>();
    for (int axis = 0; axis < slab.shape().rank(); axis++) {
      long start = slab.start(axis);
      long end = slab.coordinate(axis, slab.shape().dim(axis) - 1) + 1;
      long step = slab.shape().dim(axis) > 1 ? slab.coordinate(axis, 1) - start : 1;
      box.add(Index.slice(start, end, step));
    }
    return box;
  }

  /** What a slab and a chunk have in common, as indices into either. */
  private record Overlap(List<Index> inSlab, List<Index> inChunk, long[] counts) {
    boolean wholeChunk(ZarrMetadata metadata, long[] number) {
      for (int axis = 0; axis < counts.length; axis++) {
        long size = metadata.chunk().dim(axis);
        if (counts[axis] < Math.min(size, metadata.shape().dim(axis) - number[axis] * size)) {
          return false;
        }
      }
      return true;
    }
  }

  private Overlap overlap(Hyperslab slab, long[] number) {
    List<Index> inSlab = new ArrayList<>();
    List<Index> inChunk = new ArrayList<>();
    long[] counts = new long[number.length];
    for (int axis = 0; axis < number.length; axis++) {
      long size = metadata.chunk().dim(axis);
      long begin = number[axis] * size;
      long from = slab.indexFrom(axis, begin);
      long to = slab.indexFrom(axis, begin + size);
      if (from >= to) {
        return null;
      }
      long first = slab.coordinate(axis, from);
      long step = to - from > 1 ? slab.coordinate(axis, from + 1) - first : 1;
      long end = slab.coordinate(axis, to - 1) + 1;
      inSlab.add(Index.slice(from, to));
      inChunk.add(Index.slice(first - begin, end - begin, step));
      counts[axis] = to - from;
    }
    return new Overlap(inSlab, inChunk, counts);
  }

  /** The numbers of the chunks that a slab's box touches. */
  private List<long[]> chunks(Hyperslab slab) {
    List<long[]> numbers = new ArrayList<>();
    numbers.add(new long[slab.shape().rank()]);
    for (int axis = 0; axis < slab.shape().rank(); axis++) {
      long size = metadata.chunk().dim(axis);
      long last = slab.coordinate(axis, slab.shape().dim(axis) - 1) / size;
      List<long[]> more = new ArrayList<>();
      for (long[] number : numbers) {
        for (long at = slab.start(axis) / size; at <= last; at++) {
          long[] next = number.clone();
          next[axis] = at;
          more.add(next);
        }
      }
      numbers = more;
    }
    return numbers;
  }

  private String key(long[] number) {
    String name =
        number.length == 0
            ? "0"
            : Arrays.stream(number)
                .mapToObj(Long::toString)
                .collect(Collectors.joining(metadata.separator()));
    return path.isEmpty() ? name : path + "/" + name;
  }

  private NdArray decode(byte[] stored) throws IOException {
    Shape shape = metadata.chunk();
    if (metadata.isText()) {
      return texts(codec.decode(stored, -1));
    }
    byte[] bytes = codec.decode(stored, Math.toIntExact(shape.size() * metadata.type().size()));
    if (!metadata.fortran()) {
      return NdArray.wrap(ByteBuffer.wrap(bytes), metadata.type(), shape);
    }
    int rank = shape.rank();
    long[] turned = new long[rank];
    int[] axes = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      turned[axis] = shape.dim(rank - 1 - axis);
      axes[axis] = rank - 1 - axis;
    }
    return NdArray.wrap(ByteBuffer.wrap(bytes), metadata.type(), Shape.of(turned)).transpose(axes);
  }

  /** A count, then each text with its length before it. */
  private NdArray texts(byte[] bytes) {
    try {
      ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      Object[] texts = new Object[in.getInt()];
      for (int i = 0; i < texts.length; i++) {
        byte[] text = new byte[Math.min(in.getInt(), in.remaining())];
        in.get(text);
        texts[i] = new String(text, StandardCharsets.UTF_8);
      }
      return NdArray.ofObjects(metadata.type(), metadata.chunk(), texts);
    } catch (BufferUnderflowException | IllegalArgumentException | NegativeArraySizeException e) {
      throw new ArrayException(
          ErrorCode.FILE_DAMAGED, this, "a chunk of texts is torn", "Write the array again", e);
    }
  }

  private byte[] encode(NdArray chunk) throws IOException {
    if (!metadata.isText()) {
      int rank = chunk.shape().rank();
      int[] axes =
          IntStream.range(0, rank).map(a -> metadata.fortran() ? rank - 1 - a : a).toArray();
      return codec.encode(chunk.transpose(axes).bytes(), elementSize());
    }
    List<byte[]> texts =
        chunk.values().stream()
            .map(text -> text == null ? "" : text.toString())
            .map(text -> text.getBytes(StandardCharsets.UTF_8))
            .toList();
    int size = texts.stream().mapToInt(text -> 4 + text.length).sum();
    ByteBuffer out = ByteBuffer.allocate(4 + size).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(texts.size());
    texts.forEach(text -> out.putInt(text.length).put(text));
    return codec.encode(out.flip(), 1);
  }

  private int elementSize() {
    return metadata.type() instanceof ValueType.Text ? 1 : Math.max(1, metadata.type().size());
  }

  @Override
  public final String toString() {
    return store.name() + ", /" + path;
  }
}
