// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.clusterdata;

import static io.sparkarrays.spark.LocalSpark.assertRefused;
import static io.sparkarrays.spark.write.SavedFrames.assertHolds;
import static io.sparkarrays.spark.write.SavedFrames.rows;
import static io.sparkarrays.spark.write.SavedFrames.writer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.clusterdata.DataSetException;
import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.clusterdata.Staging;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.LocalSpark;
import io.sparkarrays.spark.source.FrameFileWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a job that was given up, and tasks of it that still run. */
class GivenUpJobTest {

  private static final PartitionStructure STRUCTURE =
      PartitionStructure.even(Shape.of(4), Shape.of(3), Dtype.parse("int32"), 2);

  @TempDir private Path folder;

  private FrameFileWriter.Factory tasks() {
    return tasks(new StagedHosts(Set.of("here"), Map.of()));
  }

  private FrameFileWriter.Factory tasks(StagedHosts hosts) {
    return new ClusterFileWriter.Factory(
        folder.resolve("scan").toString(), "job", STRUCTURE, new BitSet(), hosts);
  }

  private Staging staging() {
    return Staging.of(folder.resolve("scan"), "job");
  }

  @Test
  void aTaskThatBeginsLaterMakesNothing() throws IOException {
    staging().stage(STRUCTURE, "here");
    staging().discard();
    assertThatThrownBy(() -> tasks().open(0, "here")).isInstanceOf(DataSetException.class);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aTaskThatIsHalfWayLeavesNothing() throws IOException {
    staging().stage(STRUCTURE, "here");
    try (FrameFileWriter half = tasks().open(0, "here");
        FrameFileWriter whole = tasks().open(1, "here")) {
      half.write(0, ByteBuffer.allocate(12));
      whole.write(2, ByteBuffer.allocate(24));
      staging().discard();
      half.write(1, ByteBuffer.allocate(12));
      assertThatThrownBy(half::seal).isInstanceOf(DataSetException.class);
      assertThatThrownBy(whole::seal).isInstanceOf(DataSetException.class);
      half.unseal();
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aHostThatCameLaterMakesItsOwn() throws IOException {
    staging().stage(STRUCTURE, "here").path();
    staging().discard();
    try (FrameFileWriter task = tasks().open(0, "new")) {
      task.write(0, ByteBuffer.allocate(24));
      assertThat(task.seal().bytes()).isEqualTo(24);
    }
    staging().discard();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aHostThatCouldNotBeginMakesNothingLater() {
    ArrayException refusal =
        new ArrayException(ErrorCode.IO_FAILED, folder, "no space", "Make some");
    StagedHosts hosts = new StagedHosts(Set.of("here"), Map.of("full", refusal));
    assertThatThrownBy(() -> tasks(hosts).open(0, "full")).isSameAs(refusal);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aRecordThatCannotBeReadIsLeftToPeople() throws IOException {
    LocalSpark.session();
    Path path = folder.resolve("scan");
    Files.writeString(folder.resolve(".scan.job.commit"), "{\"version\":2}");
    assertThat(
            assertRefused(
                ErrorCode.COMMIT_FAILED,
                () -> writer(rows(0, 12, 0), "append").save(path.toString())))
        .contains(".scan.job.commit", "version 2");
    assertHolds(folder, ".scan.job.commit");
  }
}
