// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.ByteSource;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.FileByteSource;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Frames and regions of real files against plain indexing, and how many reads they take. */
class PlainFrameCursorTest {

  /** Counts the reads of a file. */
  private static final class CountingSource implements ByteSource {
    private final ByteSource file;
    private int reads;
    private long bytes;

    CountingSource(ByteSource file) {
      this.file = file;
    }

    @Override
    public String name() {
      return file.name();
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void readFully(long position, ByteBuffer destination) throws IOException {
      reads++;
      bytes += destination.remaining();
      file.readFully(position, destination);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  @Property(tries = 300)
  void anyRegionOfAnyFramesIsWhatIndexingGives(@ForAll Random random) throws IOException {
    Dtype dtype = Dtype.of(List.of(ElementType.values()).get(random.nextInt(14)));
    int rank = random.nextInt(4);
    // One long dimension now and then, so that rows lie further apart than one read spans.
    int longAxis = random.nextInt(12);
    long[] dims = new long[rank];
    long[] start = new long[rank];
    long[] count = new long[rank];
    for (int axis = 0; axis < rank; axis++) {
      dims[axis] = random.nextInt(1, axis == longAxis ? 3001 : 10);
      start[axis] = random.nextInt((int) dims[axis]);
      count[axis] = random.nextLong(dims[axis] - start[axis]) + 1;
    }
    Shape frame = Shape.of(dims);
    FrameColumn column = new FrameColumn("frame", dtype, frame, "frame");
    int frames = 1 + random.nextInt(5);
    int header = random.nextInt(20);
    long firstFrame = random.nextInt(100);
    byte[] content = new byte[(int) (header + frames * column.frameBytes())];
    random.nextBytes(content);
    int from = random.nextInt(frames);
    int to = from + 1 + random.nextInt(frames - from);
    Hyperslab region = Hyperslab.of(start, count);
    int bytes = (int) ((to - from) * region.shape().size() * dtype.size());
    ByteBuffer destination =
        random.nextBoolean()
            ? ByteBuffer.allocateDirect(bytes + 9)
            : ByteBuffer.allocate(bytes + 9);
    destination.position(4).limit(4 + bytes);

    Path file = Files.createTempFile("frames", ".raw");
    try {
      Files.write(file, content);
      try (PlainFrameCursor cursor =
          new PlainFrameCursor(FileByteSource.open(file), header, firstFrame, column)) {
        cursor.read(0, firstFrame + from, firstFrame + to, region, destination);
      }
    } finally {
      Files.delete(file);
    }

    assertThat(destination.hasRemaining()).isFalse();
    int at = 4;
    for (int f = from; f < to; f++) {
      for (long element : indexes(frame, region)) {
        int stored = (int) (header + f * column.frameBytes() + element * dtype.size());
        for (int b = 0; b < dtype.size(); b++) {
          assertThat(destination.get(at++)).isEqualTo(content[stored + b]);
        }
      }
    }
  }

  /** Flat indexes of a box's elements, found by looking at all of the array's. */
  private static long[] indexes(Shape array, Hyperslab box) {
    return LongStream.range(0, array.size())
        .filter(
            index -> {
              long rest = index;
              for (int axis = array.rank() - 1; axis >= 0; axis--) {
                long at = rest % array.dim(axis) - box.start(axis);
                rest /= array.dim(axis);
                if (at < 0 || at >= box.shape().dim(axis)) {
                  return false;
                }
              }
              return true;
            })
        .toArray();
  }

  @Test
  void aSmallRegionTakesFewReads(@TempDir Path folder) throws IOException {
    Shape frame = Shape.of(1000, 1000);
    FrameColumn column = new FrameColumn("frame", Dtype.of(ElementType.FLOAT32), frame, "frame");
    Path file = Files.write(folder.resolve("frames.raw"), new byte[2 * 4_000_000]);
    try (CountingSource source = new CountingSource(FileByteSource.open(file));
        PlainFrameCursor cursor = new PlainFrameCursor(source, 0, 0, column)) {
      cursor.read(0, 0, 2, Hyperslab.parse("500:510,20:30", frame), ByteBuffer.allocateDirect(800));
      assertThat(source.reads).isEqualTo(2);
      assertThat(source.bytes).isEqualTo(2 * (9 * 4000 + 40));

      source.reads = 0;
      cursor.read(0, 0, 2, Hyperslab.all(frame), ByteBuffer.allocateDirect(8_000_000));
      assertThat(source.reads).isEqualTo(1);

      // Whole rows lie side by side and go straight to the caller.
      source.reads = 0;
      source.bytes = 0;
      cursor.read(
          0, 0, 2, Hyperslab.parse("10:210,:", frame), ByteBuffer.allocateDirect(2 * 800_000));
      assertThat(source.reads).isEqualTo(2);
      assertThat(source.bytes).isEqualTo(2 * 800_000);
    }
  }

  @Test
  void smallRegionsOfSmallFramesShareReads(@TempDir Path folder) throws IOException {
    Shape frame = Shape.of(16, 16);
    FrameColumn column = new FrameColumn("frame", Dtype.of(ElementType.UINT16), frame, "frame");
    Path file = Files.write(folder.resolve("frames.raw"), new byte[256 * 512]);
    try (CountingSource source = new CountingSource(FileByteSource.open(file));
        PlainFrameCursor cursor = new PlainFrameCursor(source, 0, 0, column)) {
      Hyperslab region = Hyperslab.parse("3:13,2:12", frame);
      cursor.read(0, 0, 256, region, ByteBuffer.allocateDirect(256 * 200));
      assertThat(source.reads).isEqualTo(1);
    }
  }
}
