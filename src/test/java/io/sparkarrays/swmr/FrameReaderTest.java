// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.Hdf5File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames in memory of the caller, and in memory that frames before them had. */
final class FrameReaderTest {

  private static final Path EXAMPLE = Path.of("src/test/resources/swmr/example.h5");

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void framesFollowEachOtherInABuffer(boolean direct) throws IOException {
    try (Hdf5File f = Hdf5File.open(EXAMPLE)) {
      FrameReader reader = new FrameReader(f.dataset("/data/data_1"), 2);
      assertThat(reader.frameBytes()).isEqualTo(5 * 10 * Long.BYTES);
      int size = 4 * 400 + 8;
      ByteBuffer into = direct ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
      into.putLong(-1);
      long[][] frames = new long[4][];
      for (int i = 0; i < 4; i++) {
        Frame frame = reader.readFrame(i, into);
        frames[i] = frame.toLongs();
        assertThat(frame.sliceMetadata()).isEqualTo(reader.readFrame(i).sliceMetadata());
        assertThat(frame.toLongs()).containsExactly(reader.readFrame(i).toLongs());
      }
      assertThat(into.remaining()).isZero();
      long[] stack = new long[201];
      into.flip().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(stack);
      assertThat(stack[0]).isEqualTo(-1);
      assertThat(Arrays.stream(stack, 1, 201))
          .containsExactly(
              Arrays.stream(frames).flatMapToLong(LongStream::of).boxed().toArray(Long[]::new));
    }
  }

  @Test
  void aFrameIsAViewOfTheMemoryThatItWasReadInto() throws IOException {
    try (Hdf5File f = Hdf5File.open(EXAMPLE)) {
      FrameReader reader = new FrameReader(f.dataset("/data/data_1"), 2);
      ByteBuffer into = ByteBuffer.allocate(400);
      Frame first = reader.readFrame(0, into);
      reader.readFrame(3, into.clear());
      assertThat(first.toLongs()).containsExactly(reader.readFrame(3).toLongs());
      reader.recycle(first);
      reader.readFrame(1);
      assertThat(into.clear().order(ByteOrder.LITTLE_ENDIAN).getLong())
          .isEqualTo(reader.readFrame(3).toLongs()[0]);
    }
  }

  @Test
  void tooLittleMemoryIsRefusedBeforeItIsTouched() throws IOException {
    try (Hdf5File f = Hdf5File.open(EXAMPLE)) {
      FrameReader reader = new FrameReader(f.dataset("/data/data_1"), 2);
      ByteBuffer into = ByteBuffer.allocate(399);
      assertThatThrownBy(() -> reader.readFrame(0, into))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("400 bytes, not 399");
      assertThat(into.position()).isZero();
    }
  }

  @Test
  void memoryIsTakenAgainOnceItWasGivenBack() throws IOException {
    try (Hdf5File f = Hdf5File.open(EXAMPLE)) {
      Map<String, Dataset> data = Map.of("d", f.dataset("/data/data_1"));
      DataSource kept = new DataSource(List.of(f.dataset("/keys/keys_1")), data);
      DataSource ds = new DataSource(List.of(f.dataset("/keys/keys_1")), data);
      Set<ByteBuffer> memory = Collections.newSetFromMap(new IdentityHashMap<>());
      for (int round = 0; round < 10; round++) {
        while (ds.hasNext()) {
          ScanFrames frames = ds.next();
          assertThat(frames.get("d").toLongs()).containsExactly(kept.next().get("d").toLongs());
          Frame frame = frames.get("d");
          ds.recycle(frames);
          assertThatThrownBy(frame::bytes).isInstanceOf(IllegalStateException.class);
          ds.recycle(frames);
        }
        ds.reset();
        kept.reset();
      }
      FrameReader reader = new FrameReader(f.dataset("/data/data_1"), 2);
      for (int i = 0; i < 10; i++) {
        Frame frame = reader.readFrame(i % 4);
        assertThat(frame.toLongs()).containsExactly(reader.readFrame(i % 4).toLongs());
        ByteBuffer released = frame.release();
        memory.add(released);
        reader.recycle(new Frame(frame.shape(), frame.sliceMetadata(), frame.dtype(), released));
      }
      assertThat(memory).hasSize(1);
    }
  }
}
