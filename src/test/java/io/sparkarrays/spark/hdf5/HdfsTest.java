// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import static org.assertj.core.api.Assertions.assertThat;

import hdf.hdf5lib.H5;
import hdf.hdf5lib.HDF5Constants;
import io.sparkarrays.hdf5.library.Hdf5Library;
import io.sparkarrays.spark.LocalSpark;
import io.sparkarrays.spark.catalog.Hdf5Catalog;
import io.sparkarrays.spark.options.PathScope;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.source.FrameGroup;
import io.sparkarrays.spark.source.FrameSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.BlockLocation;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.spark.Partition;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;

/** Files in a real HDFS of two hosts: their frames, and where tasks want to run. */
@Tag("long")
final class HdfsTest {

  private static final java.nio.file.Path RESOURCES =
      java.nio.file.Path.of("src/test/resources").toAbsolutePath();
  private static final int BLOCK = 64 << 10;
  private static final int FRAMES = 100;
  private static final int SIDE = 64;

  @TempDir private static java.nio.file.Path folder;

  private static MiniDFSCluster cluster;
  private static FileSystem hdfs;
  private static SparkSession spark;

  @BeforeAll
  static void start() throws IOException {
    Configuration settings = new Configuration();
    settings.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.toString());
    settings.setInt("dfs.replication", 1);
    settings.setLong("dfs.blocksize", BLOCK);
    settings.setLong("dfs.namenode.fs-limits.min-block-size", BLOCK);
    cluster =
        new MiniDFSCluster.Builder(settings)
            .numDataNodes(2)
            .hosts(new String[] {"alpha", "beta"})
            .build();
    hdfs = cluster.getFileSystem();
    spark = LocalSpark.session();
    spark.conf().set("spark.sql.catalog.hdf5", Hdf5Catalog.class.getName());
  }

  @AfterAll
  static void stop() {
    cluster.shutdown();
  }

  /** Copies a file, each block to one host. */
  private static String put(java.nio.file.Path file, String name) throws IOException {
    Path target = new Path(name);
    hdfs.copyFromLocalFile(new Path(file.toUri()), target);
    return hdfs.makeQualified(target).toString();
  }

  /** A contiguous data set, by the HDF Group's library. */
  private static java.nio.file.Path write() throws Exception {
    Hdf5Library.load();
    java.nio.file.Path path = folder.resolve("frames.h5");
    long file =
        H5.H5Fcreate(
            path.toString(),
            HDF5Constants.H5F_ACC_TRUNC,
            HDF5Constants.H5P_DEFAULT,
            HDF5Constants.H5P_DEFAULT);
    long space = H5.H5Screate_simple(3, new long[] {FRAMES, SIDE, SIDE}, null);
    long dataset =
        H5.H5Dcreate(
            file,
            "data",
            HDF5Constants.H5T_STD_I32LE,
            space,
            HDF5Constants.H5P_DEFAULT,
            HDF5Constants.H5P_DEFAULT,
            HDF5Constants.H5P_DEFAULT);
    int[] elements = new Random(1).ints((long) FRAMES * SIDE * SIDE).toArray();
    H5.H5Dwrite(
        dataset,
        HDF5Constants.H5T_NATIVE_INT32,
        HDF5Constants.H5S_ALL,
        HDF5Constants.H5S_ALL,
        HDF5Constants.H5P_DEFAULT,
        elements);
    H5.H5Dclose(dataset);
    H5.H5Sclose(space);
    H5.H5Fclose(file);
    return path;
  }

  private static Dataset<Row> load(String path, String dataset) {
    return spark.read().format("hdf5").option("dataset", dataset).load(path);
  }

  private static List<String> rows(Dataset<Row> frames) {
    return frames.toJSON().collectAsList().stream().sorted().toList();
  }

  @Test
  void tasksRunWhereTheBlocksOfTheirFramesAre() throws Exception {
    java.nio.file.Path local = write();
    String uri = put(local, "/data/frames.h5");
    Dataset<Row> frames = load(uri, "/data");
    assertThat(rows(frames)).isEqualTo(rows(load(local.toString(), "/data"))).hasSize(FRAMES);

    BlockLocation[] blocks = hdfs.getFileBlockLocations(new Path(uri), 0, Long.MAX_VALUE);
    assertThat(blocks).hasSizeGreaterThan(FRAMES * SIDE * SIDE * Integer.BYTES / BLOCK);
    RDD<?> tasks = frames.rdd();
    while (tasks.dependencies().nonEmpty()) {
      tasks = tasks.dependencies().head().rdd();
    }
    Set<String> named = new HashSet<>();
    long bytesPerFrame = hdfs.getFileStatus(new Path(uri)).getLen() / FRAMES;
    for (FrameGroup group : groups(uri)) {
      assertThat(group.hosts()).hasSize(1);
      named.addAll(group.hosts());
      long middle = (group.frames().from(0) + group.frames().to(0)) * bytesPerFrame / 2;
      assertThat(blocks[(int) (middle / BLOCK)].getHosts()).contains(group.hosts().get(0));
    }
    assertThat(named).containsExactlyInAnyOrder("alpha", "beta");

    Set<String> wanted = new HashSet<>();
    for (Partition task : tasks.partitions()) {
      wanted.addAll(CollectionConverters.asJava(tasks.preferredLocations(task)));
    }
    assertThat(wanted).isEqualTo(named);
  }

  private static List<FrameGroup> groups(String uri) {
    ReadOptions options = ReadOptions.of(Map.of("path", uri), PathScope.FILE_SYSTEMS);
    FrameSource source = Hdf5Source.open(spark, options);
    List<FrameGroup> groups = new ArrayList<>();
    source.files().ranges().forEach(range -> groups.addAll(source.groups(range, false)));
    return groups;
  }

  @Test
  void virtualSourcesGlobsAndNamesAreFound() throws IOException {
    java.nio.file.Path cases = RESOURCES.resolve("vds/odin_blocks_fixed");
    String master = put(cases.resolve("run_vds.h5"), "/run/run_vds.h5");
    for (int i = 1; i <= 3; i++) {
      put(cases.resolve("raw/run_00000" + i + ".h5"), "/run/raw/run_00000" + i + ".h5");
    }
    List<String> expected =
        rows(spark.read().format("hdf5").load(cases.resolve("run_vds.h5").toString()));
    assertThat(expected).isNotEmpty();
    for (String path : List.of(master, hdfs.getUri() + "/r*/*_vds.h5", hdfs.getUri() + "/run")) {
      assertThat(rows(spark.read().format("hdf5").load(path))).as(path).isEqualTo(expected);
    }
    assertThat(rows(spark.table("hdf5.`" + master + "`"))).isEqualTo(expected);
  }
}
