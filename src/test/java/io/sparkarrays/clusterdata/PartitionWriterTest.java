// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import static io.sparkarrays.clusterdata.Codes.assertRefused;
import static io.sparkarrays.clusterdata.Samples.STRUCTURE;
import static io.sparkarrays.clusterdata.Samples.frames;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.TempFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionWriterTest {

  private ClusterDataSet dataSet;

  /** Frames 4:9. */
  private Partition partition;

  @BeforeEach
  void create(@TempDir Path folder) {
    dataSet = ClusterDataSet.create(folder.resolve("ds"), STRUCTURE);
    partition = dataSet.partition(1);
  }

  private List<String> namesInParts() throws IOException {
    try (Stream<Path> files = Files.list(dataSet.path().resolve("parts"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void framesInAnyPortionsMakeTheFile() throws IOException {
    try (PartitionWriter handle = partition.write()) {
      assertThat(handle.partition()).isSameAs(partition);
      handle.write(4, frames(4, 5));
      handle.writeNext(frames(5, 8));
      assertThat(handle.nextFrame()).isEqualTo(8);
      ByteBuffer last = ByteBuffer.allocateDirect(100).position(7);
      last.put(frames(8, 9)).flip().position(7);
      handle.writeNext(last);
      assertThat(last.hasRemaining()).as("consumed").isFalse();
      handle.commit();
    }
    assertThat(partition.path()).hasBinaryContent(frames(4, 9).array());
    assertThat(namesInParts()).containsExactly("partition-00000001");
  }

  @Test
  void partitionOfManyMegabytesFromHeapAndDirectMemory(@TempDir Path folder) {
    int frameBytes = 3_000_001;
    PartitionStructure structure =
        PartitionStructure.even(Shape.of(8), Shape.of(frameBytes), Dtype.parse("uint8"), 1);
    byte[] bytes = new byte[8 * frameBytes];
    new Random(2).nextBytes(bytes);
    Partition large = ClusterDataSet.create(folder.resolve("large"), structure).partition(0);
    try (PartitionWriter handle = large.write()) {
      handle.writeNext(ByteBuffer.wrap(bytes, 0, frameBytes));
      ByteBuffer direct = ByteBuffer.allocateDirect(5 * frameBytes);
      handle.writeNext(direct.put(bytes, frameBytes, 5 * frameBytes).flip());
      handle.writeNext(ByteBuffer.wrap(bytes, 6 * frameBytes, 2 * frameBytes));
      handle.commit();
    }
    assertThat(large.path()).hasBinaryContent(bytes);
  }

  @Property(tries = 30)
  void portionsInAnyOrderFromHeapAndDirectMemory(@ForAll Random random) throws IOException {
    int frameBytes = 1 + random.nextInt(random.nextBoolean() ? 9 : 900_000);
    int frames = 1 + random.nextInt(20_000_000 / Math.max(frameBytes, 100_000));
    PartitionStructure structure =
        PartitionStructure.even(Shape.of(frames), Shape.of(frameBytes), Dtype.parse("uint8"), 1);
    byte[] bytes = new byte[frames * frameBytes];
    random.nextBytes(bytes);
    List<int[]> portions = new ArrayList<>();
    int most = 1 + random.nextInt(frames);
    for (int from = 0; from < frames; ) {
      int to = Math.min(frames, from + 1 + random.nextInt(most));
      portions.add(new int[] {from, to});
      from = to;
    }
    if (random.nextBoolean()) {
      Collections.shuffle(portions, random);
    }
    try (TempFolder temp = TempFolder.create()) {
      Partition large = ClusterDataSet.create(temp.path().resolve("large"), structure).partition(0);
      try (PartitionWriter handle = large.write()) {
        for (int[] portion : portions) {
          int length = (portion[1] - portion[0]) * frameBytes;
          ByteBuffer heap = ByteBuffer.wrap(bytes, portion[0] * frameBytes, length);
          ByteBuffer direct = ByteBuffer.allocateDirect(length).put(heap.duplicate()).flip();
          handle.write(portion[0], random.nextBoolean() ? heap : direct);
        }
        handle.commit();
      }
      assertThat(large.path()).hasBinaryContent(bytes);
    }
  }

  @Test
  void exceptionInTheBlockPublishesNothing() throws IOException {
    IllegalStateException failure = new IllegalStateException("the detector stopped");
    assertThatThrownBy(
            () -> {
              try (PartitionWriter handle = partition.write()) {
                handle.writeNext(frames(4, 6));
                throw failure;
              }
            })
        .isSameAs(failure)
        .hasNoSuppressedExceptions();
    assertThat(namesInParts()).isEmpty();
    assertThat(partition.isPresent()).isFalse();
  }

  @Test
  void leavingTheBlockWithoutCommitPublishesNothing() throws IOException {
    try (PartitionWriter handle = partition.write()) {
      handle.writeNext(frames(4, 9));
    }
    assertThat(namesInParts()).isEmpty();
  }

  @Test
  void commitNeedsEveryFrame() throws IOException {
    try (PartitionWriter handle = partition.write()) {
      assertRefused(ErrorCode.FRAMES_MISSING, handle::commit).hasMessageContaining("4:9");
      handle.writeNext(frames(4, 8));
      assertRefused(ErrorCode.FRAMES_MISSING, handle::commit).hasMessageContaining("8:9");
      assertThat(partition.isPresent()).isFalse();
    }
    assertThat(namesInParts()).isEmpty();
  }

  @Test
  void eachFrameComesOnceAndWhole() throws IOException {
    try (PartitionWriter handle = partition.write()) {
      assertRefused(ErrorCode.FRAME_OUT_OF_RANGE, () -> handle.write(3, frames(3, 4)));
      assertRefused(ErrorCode.FRAME_OUT_OF_RANGE, () -> handle.write(9, frames(9, 10)));
      assertRefused(ErrorCode.FRAME_OUT_OF_RANGE, () -> handle.writeNext(frames(4, 10)));
      assertRefused(ErrorCode.FRAME_OUT_OF_RANGE, () -> handle.write(Long.MAX_VALUE, frames(4, 5)));
      handle.write(4, frames(4, 6));
      assertRefused(ErrorCode.FRAME_DOUBLED, () -> handle.write(5, frames(5, 6)));
      assertRefused(ErrorCode.FRAME_LENGTH, () -> handle.writeNext(ByteBuffer.allocate(79)));
      assertRefused(ErrorCode.FRAME_LENGTH, () -> handle.writeNext(ByteBuffer.allocate(0)));
      // A refusal leaves the handle as it was.
      handle.write(6, frames(6, 9));
      assertRefused(ErrorCode.FRAME_OUT_OF_RANGE, () -> handle.writeNext(frames(8, 9)));
      handle.commit();
    }
    assertThat(partition.path()).hasBinaryContent(frames(4, 9).array());
  }

  @Test
  void framesInAnyOrderMakeTheFile() throws IOException {
    try (PartitionWriter handle = partition.write()) {
      handle.write(7, frames(7, 8));
      handle.write(5, frames(5, 6));
      assertThat(handle.nextFrame()).isEqualTo(4);
      assertRefused(ErrorCode.FRAME_DOUBLED, () -> handle.write(6, frames(6, 8)))
          .hasMessageContaining("6:8");
      assertRefused(ErrorCode.FRAMES_MISSING, handle::commit)
          .hasMessageContaining("[4:5, 6:7, 8:9]");
      handle.writeNext(frames(4, 5));
      assertThat(handle.nextFrame()).isEqualTo(6);
      handle.write(8, frames(8, 9));
      handle.writeNext(frames(6, 7));
      handle.commit();
    }
    assertThat(partition.path()).hasBinaryContent(frames(4, 9).array());
  }

  @Test
  void handleEndsWithCommitAndClose() {
    PartitionWriter handle = partition.write();
    handle.writeNext(frames(4, 9));
    handle.commit();
    assertRefused(ErrorCode.HANDLE_STATE, handle::commit).hasMessageContaining("committed");
    assertRefused(ErrorCode.HANDLE_STATE, () -> handle.writeNext(frames(4, 5)));
    handle.close();
    handle.close();
    assertRefused(ErrorCode.HANDLE_STATE, handle::commit).hasMessageContaining("closed");
    assertThat(partition.path()).hasBinaryContent(frames(4, 9).array());
  }

  @Test
  void whatIsUnderWayIsHidden() throws IOException {
    try (PartitionWriter handle = partition.write()) {
      handle.writeNext(frames(4, 9));
      assertThat(namesInParts())
          .singleElement()
          .asString()
          .matches("\\.tmp-partition-00000001-[0-9a-f-]{36}");
      assertThat(dataSet.listing().size()).isZero();
      assertThat(partition.isPresent()).isFalse();
      assertThat(dataSet.checkValid()).isTrue();
      assertThat(dataSet.removeTemps()).as("a live writer's file stays").isZero();
      handle.commit();
    }
  }

  @Test
  void publishedPartitionIsImmutable() throws IOException {
    Samples.fill(partition);
    assertRefused(ErrorCode.PARTITION_EXISTS, partition::write);
    assertThat(namesInParts()).containsExactly("partition-00000001");
  }

  @Test
  void partitionThatAppearsMeanwhileIsNotReplaced() throws IOException {
    try (PartitionWriter slow = partition.write()) {
      slow.writeNext(ByteBuffer.allocate(5 * 80));
      Samples.fill(partition);
      assertRefused(ErrorCode.PARTITION_EXISTS, slow::commit);
    }
    assertThat(partition.path()).hasBinaryContent(frames(4, 9).array());
    assertThat(namesInParts()).containsExactly("partition-00000001");
  }

  @Test
  void oldPartitionIsWholeUntilTheNewOneIsCommitted() throws IOException {
    Samples.fill(partition);
    try (PartitionWriter handle = partition.overwrite()) {
      handle.writeNext(ByteBuffer.allocate(3 * 80));
      assertThat(partition.path()).hasBinaryContent(frames(4, 9).array());
    }
    assertThat(partition.path()).hasBinaryContent(frames(4, 9).array());
    List<Tile> before = new ArrayList<>();
    try (TileReader reader = partition.tiles(80)) {
      var loop = reader.iterator();
      before.add(loop.next());
      try (PartitionWriter handle = partition.overwrite()) {
        handle.writeNext(ByteBuffer.allocate(5 * 80));
        handle.commit();
      }
      loop.forEachRemaining(before::add);
    }
    assertThat(before).hasSize(5);
    for (Tile tile : before) {
      assertThat(tile.data()).isEqualTo(frames(tile.from(), tile.to()));
    }
    assertThat(partition.path()).hasBinaryContent(new byte[5 * 80]);
    assertThat(namesInParts()).containsExactly("partition-00000001");
  }

  @Test
  void overwriteOfAnAbsentPartitionWritesIt() {
    try (PartitionWriter handle = partition.overwrite()) {
      handle.writeNext(frames(4, 9));
      handle.commit();
    }
    assertThat(partition.path()).hasBinaryContent(frames(4, 9).array());
  }

  @Test
  void folderInThePartitionsPlaceIsNotReplaced() throws IOException {
    Files.createDirectory(partition.path());
    assertRefused(ErrorCode.PARTITION_EXISTS, partition::write);
    assertRefused(ErrorCode.NOT_A_DATA_SET, partition::overwrite);
    assertRefused(ErrorCode.NOT_A_DATA_SET, partition::delete);
    assertThat(partition.path()).isDirectory();
  }

  @Test
  void noPartitionWithoutASidecar() throws IOException {
    Files.delete(dataSet.path().resolve("structure.json"));
    assertRefused(ErrorCode.NOT_A_DATA_SET, partition::write);
    assertThat(namesInParts()).isEmpty();
  }

  @Test
  void tileOfAnotherDtypeOrFrameIsRefused() {
    try (PartitionWriter handle = partition.write()) {
      Tile swapped = new Tile(4, 5, Dtype.parse(">i4"), ByteBuffer.allocate(80));
      assertRefused(ErrorCode.DTYPE_DIFFERS, () -> handle.write(swapped))
          .hasMessageContaining(">i4")
          .hasMessageContaining("int32");
      Tile wide = new Tile(4, 5, STRUCTURE.dtype(), ByteBuffer.allocate(160));
      assertRefused(ErrorCode.FRAME_LENGTH, () -> handle.write(wide));
      assertThat(handle.nextFrame()).isEqualTo(4);
    }
  }

  @Test
  void closingTheHandleClosesTheTilesThatItPassedOn() {
    Samples.fill(partition);
    Partition copy =
        ClusterDataSet.create(dataSet.path().resolveSibling("copy"), STRUCTURE).partition(1);
    TileReader source = partition.tiles(80);
    var loop = source.iterator();
    try (PartitionWriter handle = copy.write()) {
      var passing = handle.writeTiles(source).iterator();
      loop = source.iterator();
      assertThat(passing.hasNext()).isTrue();
    }
    assertRefused(ErrorCode.HANDLE_STATE, loop::next);
    assertThat(copy.isPresent()).isFalse();
  }
}
