// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark;

import io.sparkarrays.clusterdata.ClusterDataSet;
import io.sparkarrays.clusterdata.Partition;
import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.clusterdata.PartitionWriter;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.read.StoredFrames;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;

/**
 * A small ClusterDataSet of random shape, dtype, cuts and content, written without Spark.
 *
 * @param path its folder
 * @param structure how it is cut
 * @param bytes all its frames; of absent partitions zeros
 * @param present the partitions that are there
 */
public record RandomDataSet(Path path, PartitionStructure structure, byte[] bytes, BitSet present) {

  /** Extents from 1 to a most one. */
  public static Shape shape(Random random, int rank, int most) {
    return Shape.of(random.longs(rank, 1, most + 1L).toArray());
  }

  /** A structure of a random scan of rank 1 to 3, frame of rank 1 to 3, dtype and cuts. */
  public static PartitionStructure structure(Random random) {
    Shape scan = shape(random, 1 + random.nextInt(3), 5);
    Shape frame = shape(random, 1 + random.nextInt(3), 5);
    ElementType[] types = ElementType.values();
    Dtype dtype = new Dtype(types[random.nextInt(types.length)], random.nextInt(4) == 0);
    if (random.nextBoolean()) {
      return PartitionStructure.even(scan, frame, dtype, 1 + random.nextInt((int) scan.size()));
    }
    long[] inner = random.longs(random.nextInt(7), 0, scan.size()).filter(b -> b > 0).toArray();
    long[] bounds = Arrays.copyOf(inner, inner.length + 2);
    bounds[inner.length] = 0;
    bounds[inner.length + 1] = scan.size();
    return PartitionStructure.of(
        scan, frame, dtype, Arrays.stream(bounds).sorted().distinct().toArray());
  }

  /** Content for a structure, numbers that all Spark types show as they are. */
  public static byte[] content(Random random, PartitionStructure structure) {
    byte[] bytes = new byte[(int) (structure.frames() * structure.frameBytes())];
    random.nextBytes(bytes);
    // A half's NaN does not keep its payload on the way through a float.
    ElementType type = structure.dtype().type();
    int mask = type == ElementType.BOOL ? 1 : type == ElementType.FLOAT16 ? 0xbf : 0xff;
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] &= (byte) mask;
    }
    return bytes;
  }

  /**
   * Writes a data set of random structure and content.
   *
   * @param mayLack whether some of its partitions are left out
   */
  public static RandomDataSet write(Random random, Path path, boolean mayLack) {
    PartitionStructure structure = structure(random);
    byte[] bytes = content(random, structure);
    BitSet present = new BitSet();
    ClusterDataSet dataSet = ClusterDataSet.create(path, structure);
    for (Partition partition : dataSet.partitions()) {
      int from = (int) (partition.from() * structure.frameBytes());
      int to = (int) (partition.to() * structure.frameBytes());
      if (mayLack && random.nextInt(3) == 0) {
        Arrays.fill(bytes, from, to, (byte) 0);
        continue;
      }
      present.set(partition.index());
      try (PartitionWriter handle = partition.write()) {
        handle.writeNext(ByteBuffer.wrap(bytes, from, to - from).slice());
        handle.commit();
      }
    }
    return new RandomDataSet(path, structure, bytes, present);
  }

  /** Whether a frame lies in a partition that is there. */
  public boolean has(long frame) {
    return present.get(structure.partitionOf(frame));
  }

  /** The frames for comparison with what Spark reads. */
  public StoredFrames stored() {
    return new StoredFrames(structure.dtype(), structure.frame(), bytes);
  }
}
