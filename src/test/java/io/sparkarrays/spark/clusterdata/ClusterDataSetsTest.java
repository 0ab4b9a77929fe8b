// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.clusterdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.clusterdata.ClusterDataSet;
import io.sparkarrays.clusterdata.DataSetException;
import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.clusterdata.PartitionWriter;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.hosts.Hosts;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link ClusterDataSets} on real folders, in local mode. */
final class ClusterDataSetsTest {

  private static final PartitionStructure STRUCTURE =
      PartitionStructure.of(Shape.of(4, 3), Shape.of(2, 5), Dtype.parse("uint16"), 0, 5, 6, 12);

  private static SparkSession spark;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    spark =
        SparkSession.builder().master("local[2]").config("spark.ui.enabled", "false").getOrCreate();
  }

  private ClusterDataSet write(int... partitions) {
    ClusterDataSet dataSet = ClusterDataSet.create(folder.resolve("set"), STRUCTURE);
    for (int index : partitions) {
      try (PartitionWriter writer = dataSet.partition(index).write()) {
        writer.writeNext(ByteBuffer.allocate((int) STRUCTURE.partitionBytes(index)));
        writer.commit();
      }
    }
    return dataSet;
  }

  private static void assertFails(ThrowingCallable call, ErrorCode code, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(ArrayException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContainingAll(words);
  }

  @Test
  void describesStructureAndWhoHasWhat() {
    String path = write(0, 2).path().toString();
    DataSetDescription found = ClusterDataSets.describe(spark, path);
    assertThat(found.path()).isEqualTo(path);
    assertThat(found.structure()).isEqualTo(STRUCTURE);
    assertThat(found.partitions()).containsOnlyKeys(Hosts.here()).containsValue(List.of(0, 2));
    assertThat(found.hosts(0)).containsExactly(Hosts.here());
    assertThat(found.hosts(1)).isEmpty();
    assertThat(found.missing()).containsExactly(1);
    assertThat(found.silent()).isEmpty();
    assertThat(found.writes()).isEmpty();
  }

  @Test
  void describesTheStateOfNow() {
    ClusterDataSet dataSet = write(0, 1, 2);
    String path = dataSet.path().toString();
    assertThat(ClusterDataSets.describe(spark, path).missing()).isEmpty();
    dataSet.partition(1).delete();
    assertThat(ClusterDataSets.describe(spark, "file://" + path).missing()).containsExactly(1);
  }

  @Test
  void describesWritesUnderWay() throws Exception {
    Path path = write(0).path();
    Files.createDirectory(path.resolveSibling(".set.job-7.staging"));
    assertThat(ClusterDataSets.describe(spark, path.toString()).writes()).containsExactly("job-7");
  }

  @Test
  void refusesWhatIsNoDataSet() throws Exception {
    assertFails(
        () -> ClusterDataSets.describe(spark, folder.resolve("no").toString()),
        ErrorCode.PATH_NOT_FOUND,
        folder + "/no");
    Files.createFile(folder.resolve("other"));
    assertFails(
        () -> ClusterDataSets.describe(spark, folder.toString()),
        ErrorCode.NOT_A_DATA_SET,
        Hosts.here());
    assertFails(() -> ClusterDataSets.describe(spark, "set"), ErrorCode.PATH_NOT_ABSOLUTE, "set");
  }

  @Test
  void validDataSetIsValid() {
    assertThat(ClusterDataSets.checkValid(spark, write(0, 2).path().toString())).isTrue();
  }

  @Test
  void wrongSizeIsNotValidAndCanBeDeleted() throws Exception {
    ClusterDataSet dataSet = write(0, 1);
    String path = dataSet.path().toString();
    Files.write(dataSet.partition(1).path(), new byte[19]);
    assertThatThrownBy(() -> ClusterDataSets.checkValid(spark, path))
        .isInstanceOfSatisfying(
            DataSetException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PARTITION_SIZE))
        .hasMessageContainingAll("partition-00000001", "19 bytes", "20", Hosts.here());
    assertFails(() -> ClusterDataSets.describe(spark, path), ErrorCode.PARTITION_SIZE, "19 bytes");

    assertThat(ClusterDataSets.delete(spark, path, 1)).containsEntry(Hosts.here(), List.of(1));
    assertThat(ClusterDataSets.checkValid(spark, path)).isTrue();
  }

  @Test
  void nothingIsNotValid() {
    assertFails(
        () -> ClusterDataSets.checkValid(spark, folder.resolve("no").toString()),
        ErrorCode.PATH_NOT_FOUND,
        folder + "/no");
  }

  @Test
  void deletesWhatIsAskedAndNoMore() {
    ClusterDataSet dataSet = write(0, 1, 2);
    assertThat(ClusterDataSets.delete(spark, dataSet.path().toString(), 2, 0, 2))
        .containsOnlyKeys(Hosts.here())
        .containsValue(List.of(0, 2));
    assertThat(dataSet.partition(0).isPresent()).isFalse();
    assertThat(dataSet.partition(1).isPresent()).isTrue();
    assertThat(dataSet.partition(2).isPresent()).isFalse();
    assertThat(ClusterDataSets.delete(spark, dataSet.path().toString(), 0)).isEmpty();
  }

  @Test
  void deletesNothingIfOneIndexIsWrong() {
    ClusterDataSet dataSet = write(0, 1, 2);
    assertFails(
        () -> ClusterDataSets.delete(spark, dataSet.path().toString(), 0, 3),
        ErrorCode.OPTION_INVALID,
        "no partition 3",
        "0 to 2");
    assertThat(dataSet.partition(0).isPresent()).isTrue();
  }

  @Test
  void deletesNothingWhereNothingIs() {
    assertFails(
        () -> ClusterDataSets.delete(spark, folder.resolve("no").toString(), 0),
        ErrorCode.PATH_NOT_FOUND,
        folder + "/no");
  }
}
