// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.ByteSource;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.FileLocator;
import io.sparkarrays.hdf5.Hdf5File;
import io.sparkarrays.hdf5.VirtualDataset;
import io.sparkarrays.hdf5.virtual.VirtualPlan;
import io.sparkarrays.spark.hadoop.HadoopByteSource;
import io.sparkarrays.spark.hadoop.HadoopSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HDF5 files in one of Hadoop's file systems, and the files that they lead to there. */
final class HadoopLocatorTest {

  private static final Path RESOURCES = Path.of("src/test/resources").toAbsolutePath();

  @TempDir Path folder;

  /** Hadoop keeps file systems by their names, so each mount has its own. */
  private static String root(Path folder) {
    return "viewfs://mount" + Integer.toUnsignedString(folder.hashCode()) + "/data";
  }

  private static HadoopSettings mounted(Path folder) {
    Configuration configuration = new Configuration();
    String name = URI.create(root(folder)).getHost();
    configuration.set("fs.viewfs.mounttable." + name + ".link./data", folder.toUri().toString());
    return HadoopSettings.of(configuration);
  }

  private static Hdf5File open(String uri, HadoopSettings settings) throws IOException {
    return Hdf5File.open(
        HadoopByteSource.open(uri, settings).orElseThrow(), HadoopLocator.beside(uri, settings));
  }

  private static byte[] all(Dataset dataset) throws IOException {
    byte[] bytes = new byte[(int) dataset.shape().size() * dataset.datatype().size()];
    dataset.read(Hyperslab.all(dataset.shape()), ByteBuffer.wrap(bytes));
    return bytes;
  }

  @Test
  void readsEveryLayoutAsLocalFiles() throws IOException {
    Path cases = RESOURCES.resolve("hdf5");
    HadoopSettings settings = mounted(cases);
    int compared = 0;
    for (ReferenceDatasets.Place place : ReferenceDatasets.all()) {
      String uri = root(cases) + "/" + cases.relativize(place.file());
      try (Hdf5File file = open(uri, settings)) {
        assertThat(all(file.dataset(place.dataset()))).as("%s", place).isEqualTo(place.bytes());
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(100);
  }

  @Test
  void readsVirtualDataSetsFromTheirSources() throws IOException {
    Path local = RESOURCES.resolve("vds/vds_simple/VDS.h5");
    HadoopSettings settings = mounted(RESOURCES.resolve("vds"));
    String uri = root(RESOURCES.resolve("vds")) + "/vds_simple/VDS.h5";
    byte[] expected;
    try (Hdf5File file = Hdf5File.open(local)) {
      expected = all(file.dataset("vdata"));
    }
    VirtualPlan plan;
    try (Hdf5File file = open(uri, settings)) {
      assertThat(all(file.dataset("vdata"))).isEqualTo(expected);
      plan = file.dataset("vdata").plan().orElseThrow();
    }
    assertThat(plan.file()).isEqualTo(uri);
    byte[] planned = new byte[expected.length];
    try (VirtualDataset apart = VirtualDataset.open(plan, HadoopLocator.beside(uri, settings))) {
      apart.array().read(Hyperslab.all(plan.shape()), ByteBuffer.wrap(planned));
      assertThat(apart.array().sourcesOpened()).isEqualTo(4);
    }
    assertThat(planned).isEqualTo(expected);
  }

  @Test
  void namesStayInTheFileSystem() {
    FileLocator beside = HadoopLocator.beside("hdfs://nn:8020/a/b/master.h5", mounted(folder));
    assertThat(beside.candidates("c/d.h5")).containsExactly("hdfs://nn:8020/a/b/c/d.h5");
    assertThat(beside.candidates("../d.h5")).containsExactly("hdfs://nn:8020/a/d.h5");
    assertThat(beside.candidates("/x/d.h5"))
        .containsExactly("hdfs://nn:8020/x/d.h5", "hdfs://nn:8020/a/b/d.h5");
    assertThat(beside.candidates("//other/d.h5"))
        .containsExactly("hdfs://nn:8020/other/d.h5", "hdfs://nn:8020/a/b/d.h5");
    assertThat(beside.candidates("s3a://other/d.h5"))
        .containsExactly("hdfs://nn:8020/a/b/s3a:/other/d.h5");
    assertThat(beside.candidates("run:1 %20#?.h5"))
        .containsExactly("hdfs://nn:8020/a/b/run:1 %20#?.h5");
    assertThat(beside.candidates("")).isEmpty();
    assertThat(beside.candidates("c/")).isEmpty();
    assertThat(beside.of("hdfs://nn:8020/c/e.h5").candidates("d.h5"))
        .isEqualTo(List.of("hdfs://nn:8020/c/d.h5"));
  }

  @Test
  void findsLinkedFilesAsLocalOnesAreFound() throws IOException {
    Files.createDirectories(folder.resolve("sub"));
    Files.writeString(folder.resolve("beside.h5"), "beside");
    Files.writeString(folder.resolve("sub/run 1 %20#?.h5"), "deep");
    FileLocator remote = HadoopLocator.beside(root(folder) + "/master.h5", mounted(folder));
    FileLocator local = FileLocator.beside(folder.resolve("master.h5"));
    for (String name :
        List.of("beside.h5", "gone/beside.h5", "/gone/beside.h5", "sub/run 1 %20#?.h5", "none")) {
      assertThat(text(remote, name)).as(name).isEqualTo(text(local, name));
    }
    assertThat(text(remote, "gone/beside.h5")).isEqualTo("beside");
    assertThat(remote.openAt(root(folder) + "/none.h5")).isEmpty();
  }

  private static String text(FileLocator locator, String name) throws IOException {
    try (ByteSource found = locator.open(name).orElse(null)) {
      if (found == null) {
        return "nothing";
      }
      byte[] bytes = new byte[(int) found.size()];
      found.readFully(0, ByteBuffer.wrap(bytes));
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
