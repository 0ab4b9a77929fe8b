// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FrameLayout;
import io.sparkarrays.core.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.StringJoiner;

/**
 * How a ClusterDataSet is cut: the array's shape (scan, then frame), its dtype, and which frames
 * each partition file holds. This is what the sidecar {@code structure.json} says, in LiberTEM's
 * version 1. Partitions are contiguous from frame 0 to the last and none is empty.
 *
 * <p>Immutable, so safe for use by several threads.
 */
public final class PartitionStructure implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  /** The version of the sidecar that is read and written. */
  public static final int VERSION = 1;

  /** A longer sidecar is refused: 64 MiB describe about four million partitions. */
  static final int MAX_SIDECAR_BYTES = 64 << 20;

  private static final String WHERE = "partition structure";

  private final FrameLayout layout;
  private final Dtype dtype;

  /**
   * Partition i holds frames {@code bounds[i]} (inclusive) to {@code bounds[i + 1]} (exclusive).
   */
  private final long[] bounds;

  /** Checks everything but where the bounds begin and that they rise, which callers word better. */
  PartitionStructure(FrameLayout layout, Dtype dtype, long[] bounds, Object where) {
    this.layout = layout;
    this.dtype = Objects.requireNonNull(dtype);
    this.bounds = bounds;
    if (layout.scan().rank() == 0 || layout.frame().rank() == 0 || layout.shape().size() == 0) {
      throw invalid(
          where,
          "scan " + layout.scan() + " and frame " + layout.frame() + " are too small",
          "Give the scan and the frame at least one dimension each, every extent at least 1");
    }
    try {
      Math.multiplyExact(layout.shape().size(), (long) dtype.size());
    } catch (ArithmeticException e) {
      throw invalid(where, "the array has more than 2^63 bytes", "Check field 'shape'");
    }
    if (bounds[bounds.length - 1] != layout.frames()) {
      throw invalid(
          where,
          "the last of "
              + (bounds.length - 1)
              + " slices ends at frame "
              + bounds[bounds.length - 1]
              + ", but the scan "
              + layout.scan()
              + " has "
              + layout.frames()
              + " frames",
          "Let field 'slices' cover the scan from frame 0 to the last");
    }
  }

  static DataSetException invalid(Object where, String problem, String remedy) {
    return new DataSetException(ErrorCode.STRUCTURE_INVALID, where, problem, remedy);
  }

  /**
   * Partitions of nearly equal size, cut where LiberTEM cuts: partition k begins at frame {@code
   * floor(k * (frames / (double) partitions))}.
   *
   * @throws DataSetException {@code OPTION_INVALID} if there are fewer frames than partitions
   */
  public static PartitionStructure even(Shape scan, Shape frame, Dtype dtype, int partitions) {
    long frames = scan.size();
    if (partitions < 1 || partitions > frames) {
      throw new DataSetException(
          ErrorCode.OPTION_INVALID,
          "partitions = " + partitions,
          "the scan " + scan + " has " + frames + " frames, and a partition holds at least one",
          "Ask for 1 to " + frames + " partitions");
    }
    double length = frames / (double) partitions;
    long[] bounds = new long[partitions + 1];
    for (int k = 1; k < partitions; k++) {
      // Clamped because rounding must not make a partition empty.
      long bound = Math.max((long) Math.floor(k * length), bounds[k - 1] + 1);
      bounds[k] = Math.min(bound, frames - (partitions - k));
    }
    bounds[partitions] = frames;
    return new PartitionStructure(new FrameLayout(scan, frame), dtype, bounds, WHERE);
  }

  /**
   * Partitions cut at chosen frames.
   *
   * @param bounds 0, the first frame of each further partition, and the number of frames
   * @throws DataSetException {@code STRUCTURE_INVALID} if they don't rise from 0 to the last frame
   */
  public static PartitionStructure of(Shape scan, Shape frame, Dtype dtype, long... bounds) {
    if (bounds.length < 2 || bounds[0] != 0) {
      throw invalid(
          WHERE,
          "the bounds "
              + Arrays.toString(Arrays.copyOf(bounds, Math.min(4, bounds.length)))
              + " do not begin with 0 and a further frame",
          "Give 0, each further partition's first frame, and the number of frames");
    }
    for (int i = 1; i < bounds.length; i++) {
      if (bounds[i] <= bounds[i - 1]) {
        throw invalid(
            WHERE,
            "partition " + (i - 1) + " would hold frames " + bounds[i - 1] + ":" + bounds[i],
            "Let every partition hold at least one frame");
      }
    }
    return new PartitionStructure(new FrameLayout(scan, frame), dtype, bounds.clone(), WHERE);
  }

  /**
   * Reads the text of a sidecar.
   *
   * @param where what the text is called in messages
   * @throws DataSetException {@code STRUCTURE_INVALID}, naming the field
   */
  public static PartitionStructure parse(String json, Object where) {
    return StructureParser.parse(json, where);
  }

  /**
   * Reads a sidecar file.
   *
   * @throws DataSetException {@code STRUCTURE_INVALID}; {@code PATH_NOT_FOUND}; {@code
   *     NOT_A_DATA_SET} if it is no regular file; {@code IO_FAILED}
   */
  public static PartitionStructure read(Path sidecar) {
    if (!Files.exists(sidecar)) {
      throw new DataSetException(
          ErrorCode.PATH_NOT_FOUND, sidecar, "there is no such file", "Check the path");
    }
    // Opening a pipe would wait for a writer for ever.
    if (!Files.isRegularFile(sidecar)) {
      throw DataSetException.notAFile(sidecar);
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(sidecar)) {
      // By its length first: a file may claim terabytes and hold nothing.
      boolean tooLong = Files.size(sidecar) > MAX_SIDECAR_BYTES;
      bytes = tooLong ? null : in.readNBytes(MAX_SIDECAR_BYTES + 1);
    } catch (IOException e) {
      throw DataSetException.io(sidecar, "reading the sidecar", e);
    }
    if (bytes == null || bytes.length > MAX_SIDECAR_BYTES) {
      throw invalid(sidecar, "it is longer than 64 MiB", "Check that this is the sidecar");
    }
    try {
      String json = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return parse(json, sidecar);
    } catch (CharacterCodingException e) {
      throw invalid(sidecar, "it is not UTF-8 text", "Check that this is the sidecar");
    }
  }

  /** The sidecar's text, byte for byte as LiberTEM 0.14 writes it. */
  public String toJson() {
    StringJoiner slices = new StringJoiner(", ", "[", "]");
    for (int i = 0; i < partitions(); i++) {
      slices.add("[" + from(i) + ", " + to(i) + "]");
    }
    return "{\"version\": "
        + VERSION
        + ", \"slices\": "
        + slices
        + ", \"shape\": "
        + Arrays.toString(layout.shape().dims())
        + ", \"sig_dims\": "
        + frame().rank()
        + ", \"dtype\": \""
        + dtype
        + "\"}";
  }

  /** The scan: the navigation axes, of rank ≥ 1. */
  public Shape scan() {
    return layout.scan();
  }

  /** One frame: the signal axes, of rank ≥ 1. */
  public Shape frame() {
    return layout.frame();
  }

  /** The scan and the frame. */
  public FrameLayout layout() {
    return layout;
  }

  /** The elements as they are stored. */
  public Dtype dtype() {
    return dtype;
  }

  /** Number of frames in the scan. */
  public long frames() {
    return layout.frames();
  }

  /** Bytes of one frame. */
  public long frameBytes() {
    return frame().size() * dtype.size();
  }

  /** Number of partitions, present or not. */
  public int partitions() {
    return bounds.length - 1;
  }

  /** First frame of a partition. */
  public long from(int partition) {
    return bounds[Objects.checkIndex(partition, partitions())];
  }

  /** One past the last frame of a partition. */
  public long to(int partition) {
    return bounds[Objects.checkIndex(partition, partitions()) + 1];
  }

  /**
   * 0, the first frame of each further partition, and the number of frames; the caller's to change.
   */
  public long[] bounds() {
    return bounds.clone();
  }

  /** Exact bytes of a partition's file. */
  public long partitionBytes(int partition) {
    return (to(partition) - from(partition)) * frameBytes();
  }

  /**
   * The partition that holds a frame.
   *
   * @throws IndexOutOfBoundsException if the frame lies outside the scan
   */
  public int partitionOf(long frameIndex) {
    Objects.checkIndex(frameIndex, frames());
    int at = Arrays.binarySearch(bounds, frameIndex);
    return at >= 0 ? at : -at - 2;
  }

  /** The name of a partition's file in folder {@code parts}: {@code partition-00000012}. */
  public String fileName(int partition) {
    return PartitionListing.fileName(Objects.checkIndex(partition, partitions()));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PartitionStructure that
        && layout.equals(that.layout)
        && dtype.equals(that.dtype)
        && Arrays.equals(bounds, that.bounds);
  }

  @Override
  public int hashCode() {
    return 31 * layout.hashCode() + Arrays.hashCode(bounds);
  }

  @Override
  public String toString() {
    return "scan "
        + scan()
        + ", frame "
        + frame()
        + ", "
        + dtype
        + ", "
        + partitions()
        + (partitions() == 1 ? " partition" : " partitions");
  }
}
