// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.clusterdata;

import static io.sparkarrays.spark.LocalSpark.assertRefused;
import static io.sparkarrays.spark.write.SavedFrames.expected;
import static io.sparkarrays.spark.write.SavedFrames.onDisk;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.clusterdata.ClusterDataSet;
import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.clusterdata.PieceWriter;
import io.sparkarrays.clusterdata.StreamFolder;
import io.sparkarrays.clusterdata.StreamLedger;
import io.sparkarrays.clusterdata.StreamPiece;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.LocalSpark;
import io.sparkarrays.spark.hosts.Hosts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pieces of partitions on their way from a decided epoch into the data set. */
class StreamProtocolTest {

  private static final PartitionStructure STRUCTURE =
      PartitionStructure.even(Shape.of(3, 4), Shape.of(3), Dtype.parse("int32"), 4);

  @TempDir private Path folder;

  @Test
  void writesPartitionsOfScatteredPieces() throws IOException {
    SparkSession spark = LocalSpark.session();
    Path path = folder.resolve("scan");
    StreamFolder stream = StreamFolder.of(path, STRUCTURE, "query");
    // Partition 0 by two pieces, one of which has a hole; 2 by three; 1 and 3 have none.
    Map<Integer, List<StreamPiece>> pieces =
        Map.of(
            0, List.of(piece(stream, 0, 2, 0), piece(stream, 0, 1)),
            2, List.of(piece(stream, 2, 7), piece(stream, 2, 6), piece(stream, 2, 8)));
    StreamProtocol.State state =
        new StreamProtocol.State(
            Optional.empty(), new TreeMap<>(Map.of(Hosts.here(), Set.copyOf(stream.pieces()))));
    new PieceSource(path.toString(), STRUCTURE, "query", pieces, state)
        .writeInto(spark, Duration.ofSeconds(30));
    assertThat(onDisk(path))
        .isEqualTo(expected(12, 0, frame -> frame < 3 || (frame >= 6 && frame < 9)));
    assertThat(ClusterDataSet.open(path).structure()).isEqualTo(STRUCTURE);
  }

  @Test
  void keepsAllPiecesOfADecidedEpochUntilItIsPublished() throws IOException {
    Path path = folder.resolve("scan");
    StreamFolder stream = StreamFolder.of(path, STRUCTURE, "query");
    StreamPiece away = piece(stream, 0, 2);
    StreamLedger ledger =
        new StreamLedger(
            3,
            new TreeSet<>(Set.of(0, 1)),
            List.of(piece(stream, 0, 0, 1), away, piece(stream, 1, 3, 4, 5), piece(stream, 2, 7)));
    StreamProtocol protocol =
        new StreamProtocol(
            LocalSpark.session(), path.toString(), STRUCTURE, "query", Duration.ofSeconds(5));
    protocol.decide(ledger);
    Path elsewhere = Files.move(stream.path(away), folder.resolve("elsewhere"));
    assertThat(assertRefused(ErrorCode.COMMIT_FAILED, () -> protocol.publish(ledger)))
        .contains("partition 0", Hosts.here());
    protocol.tidy(protocol.look());
    assertThat(stream.pieces()).hasSize(3);
    assertThat(protocol.look().ledger()).contains(ledger);

    Files.move(elsewhere, stream.path(away));
    StreamLedger left = protocol.publish(ledger);
    assertThat(onDisk(path)).isEqualTo(expected(12, 0, frame -> frame < 6));
    assertThat(left.publishes()).isEmpty();
    assertThat(left.pieces()).containsExactly(ledger.pieces().get(3));
    assertThat(stream.pieces()).containsExactly(ledger.pieces().get(3).name());
    assertThat(protocol.look().ledger()).contains(left);
  }

  private static StreamPiece piece(StreamFolder stream, int partition, long... frames)
      throws IOException {
    try (PieceWriter writer = stream.begin(partition)) {
      for (long frame : frames) {
        ByteBuffer bytes = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        LongStream.range(0, 3).forEach(k -> bytes.putInt((int) (10 * frame + k)));
        writer.write(frame, bytes.flip());
      }
      StreamPiece sealed = writer.seal(Hosts.here());
      assertThat(sealed.frames().count()).isEqualTo(frames.length);
      return sealed;
    }
  }
}
