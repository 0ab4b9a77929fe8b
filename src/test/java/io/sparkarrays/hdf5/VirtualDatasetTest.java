// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.hdf5.virtual.SourcePart;
import io.sparkarrays.hdf5.virtual.VirtualAccess;
import io.sparkarrays.hdf5.virtual.VirtualPlan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What a virtual data set opens, what its plan says, and threads that share it. */
final class VirtualDatasetTest {

  private static final VirtualAccess FILLING =
      VirtualAccess.DEFAULT.withMissing(VirtualAccess.Missing.FILL);

  private static Path master(String folder, String name) {
    return VirtualCasesTest.FOLDER.resolve(folder).resolve(name);
  }

  private static VirtualPlan plan(Path master, String dataset) throws IOException {
    try (Hdf5File file = Hdf5File.open(master)) {
      return file.dataset(dataset).plan().orElseThrow();
    }
  }

  private static byte[] expected(String folder) throws IOException {
    return Npz.read(master(folder, "expected.npz")).get("expected").data().array();
  }

  @Test
  void opensOnlyWhatARequestNeeds() throws IOException {
    Path master = master("vds_simple", "VDS.h5");
    VirtualPlan plan = plan(master, "vdata");
    assertThat(plan.parts()).hasSize(4);
    try (VirtualDataset rows = VirtualDataset.open(plan, FileLocator.beside(master))) {
      assertThat(rows.array().sourcesOpened()).isZero();
      ByteBuffer row = ByteBuffer.allocate(400);
      rows.array().read(Hyperslab.of(new long[] {2, 0}, new long[] {1, 100}), row);
      assertThat(rows.array().sourcesOpened()).isEqualTo(1);
      rows.array().read(Hyperslab.of(new long[] {2, 0}, new long[] {1, 100}), row.clear());
      assertThat(rows.array().sourcesOpened()).isEqualTo(1);
    }
  }

  @Test
  void keepsNoMoreSourcesOpenThanAllowed() throws IOException {
    Path master = master("vds_simple", "VDS.h5");
    try (Hdf5File file = Hdf5File.open(master)) {
      Dataset dataset = file.dataset("vdata").with(VirtualAccess.DEFAULT.withMaxOpen(2));
      for (int round = 0; round < 2; round++) {
        SharedDatasetTest.read(dataset, Hyperslab.all(dataset.shape()), true);
        assertThat(file.sourceFiles().size()).isEqualTo(2);
      }
      assertThat(file.sourceFiles().opened()).isEqualTo(8);
      dataset.refresh();
      assertThat(file.sourceFiles().size()).isZero();
    }
  }

  @Test
  void manyThreadsShareFewOpenFiles() throws Exception {
    String folder = "percival_use_case";
    byte[] all = expected(folder);
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try (Hdf5File file = Hdf5File.open(master(folder, "full_time_series.h5"))) {
      Dataset dataset = file.dataset("data").with(VirtualAccess.DEFAULT.withMaxOpen(1));
      List<Future<?>> threads = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        Random random = new Random(thread);
        threads.add(
            pool.submit(
                () -> {
                  for (int i = 0; i < 100; i++) {
                    Hyperslab slab = SharedDatasetTest.random(dataset.shape(), random);
                    assertThat(SharedDatasetTest.read(dataset, slab, i % 2 == 0))
                        .isEqualTo(
                            SharedDatasetTest.cut(
                                all, dataset.shape(), dataset.datatype().size(), slab));
                  }
                  return null;
                }));
      }
      for (Future<?> thread : threads) {
        thread.get();
      }
      assertThat(file.sourceFiles().size()).isEqualTo(1);
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void aPlanSaysWhichFramesAreWhere() throws IOException {
    VirtualPlan dealt = plan(master("percival_use_case", "full_time_series.h5"), "data");
    assertThat(dealt.frames(1)).isEqualTo(79);
    SourcePart second = dealt.parts().get(1);
    assertThat(dealt.framesOf(second, 1))
        .isEqualTo(
            FrameIntervals.ofIndexes(
                java.util.stream.LongStream.range(0, 20).map(i -> 4 * i + 1).toArray()));
    long frame = dealt.shape().slice(1, 3).size() * dealt.datatype().size();
    Map<String, Long> bytes = dealt.bytesByFile(1, 0, 6);
    assertThat(bytes.values()).containsExactly(2 * frame, 2 * frame, frame, frame);
    assertThat(dealt.restrict(1, 77, 79).parts()).hasSize(2);

    VirtualPlan stripes =
        plan(master("excalibur_detector_modules", "full_detector.h5"), "full_frame");
    for (SourcePart part : stripes.parts()) {
      assertThat(stripes.framesOf(part, 1)).isEqualTo(FrameIntervals.of(0, stripes.frames(1)));
    }
    VirtualPlan stacked = plan(master("dataset_concatenation", "master.h5"), "data");
    SourcePart third = stacked.parts().get(2);
    long inner = stacked.shape().dim(1);
    assertThat(stacked.framesOf(third, 2)).isEqualTo(FrameIntervals.of(2 * inner, 3 * inner));
    assertThat(stacked.partsOf(2, 2 * inner - 1, 2 * inner + 1))
        .extracting(SourcePart::mapping)
        .containsExactly(1, 2);
  }

  @Test
  void aMissingSourceIsAnErrorUnlessItShallBeFilled() throws IOException {
    Path master = master("missing", "master.h5");
    try (Hdf5File file = Hdf5File.open(master)) {
      Dataset dataset = file.dataset("data");
      assertThatThrownBy(
              () -> SharedDatasetTest.read(dataset, Hyperslab.all(dataset.shape()), false))
          .isInstanceOf(ArrayException.class)
          .hasMessageContaining("VDS_SOURCE_MISSING")
          .hasMessageContaining("mapping 1")
          .hasMessageContaining(master.toAbsolutePath().getParent().toString());
      byte[] filled =
          SharedDatasetTest.read(dataset.with(FILLING), Hyperslab.all(dataset.shape()), false);
      assertThat(filled).isEqualTo(expected("missing"));
      VirtualPlan plan = dataset.plan().orElseThrow();
      try (VirtualDataset rows = VirtualDataset.open(plan, FileLocator.beside(master))) {
        assertThat(rows.array().missingFrames(1, 0, 4)).isEqualTo(FrameIntervals.of(1, 3));
        assertThat(rows.array().missingFrames(1, 2, 4)).isEqualTo(FrameIntervals.of(2, 3));
      }
    }
  }
}
