// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.memdata;

import static io.sparkarrays.spark.memdata.DistributedTrees.counted;
import static io.sparkarrays.spark.memdata.DistributedTrees.spread;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.NdArray;
import io.sparkarrays.memdata.DatasetSpec;
import io.sparkarrays.memdata.MemGroup;
import io.sparkarrays.memdata.WriteOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which files beside an HDF5 file stay when it is written again. */
final class PartFilesTest {

  @TempDir Path temp;

  private void write(String dataset, NdArray array, String mode) throws IOException {
    MemGroup root = new MemGroup(spread(2).layout(SparkDistributor.Layout.PARTS));
    root.createDataset(dataset, DatasetSpec.of(array).distributed(0));
    root.toFile(temp.resolve("f%1.h5"), WriteOptions.DEFAULT.mode(mode));
  }

  private List<Path> folders() throws IOException {
    try (var all = Files.list(temp)) {
      return all.filter(Files::isDirectory).sorted().toList();
    }
  }

  @Test
  void whatIsAddedLeavesThePartsOfTheOthers() throws IOException {
    write("x", counted(5, 4), "w");
    write("inner/y", counted(3), "a");
    write("z", counted(4), "a");
    MemGroup all = MemGroup.fromFile(temp.resolve("f%1.h5"));
    assertThat(all.dataset("x").gather()).isEqualTo(counted(5, 4));
    assertThat(all.dataset("inner/y").gather()).isEqualTo(counted(3));
    assertThat(all.dataset("z").gather()).isEqualTo(counted(4));
    assertThat(folders()).hasSize(3);
    write("z", counted(2), "w");
    assertThat(folders()).as("those of the last write").hasSize(1);
    assertThat(MemGroup.fromFile(temp.resolve("f%1.h5")).dataset("z").gather())
        .isEqualTo(counted(2));
  }

  @Test
  void allStaysBesideAFileThatCannotBeSearched() throws IOException {
    Path file = Files.writeString(temp.resolve("f%1.h5"), "no HDF5");
    Path parts = PartFolders.create(file);
    PartFolders.removeUnused(file);
    assertThat(folders()).containsExactly(parts);
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aFolderGoesThoughTasksStillWrite() throws Exception {
    Path parts = PartFolders.create(temp.resolve("f.h5"));
    CountDownLatch many = new CountDownLatch(100);
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              for (int number = 0; ; number++) {
                Files.createFile(parts.resolve("0-" + number + ".h5"));
                many.countDown();
              }
            });
    new Thread(task).start();
    many.await();
    PartFolders.remove(parts);
    assertThatThrownBy(task::get).hasCauseInstanceOf(NoSuchFileException.class);
    assertThat(temp).isEmptyDirectory();
    PartFolders.remove(parts);
  }
}
