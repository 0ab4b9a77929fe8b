// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparkarrays.clusterdata.ClusterDataSet;
import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.LocalSpark;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.source.FrameColumn;
import io.sparkarrays.spark.source.FrameFiles;
import io.sparkarrays.spark.source.FrameOpener;
import io.sparkarrays.spark.source.FrameRange;
import io.sparkarrays.spark.source.FrameSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Samples are random, repeatable and independent of how the read is split. */
class FrameSampleTest {

  private static final long FRAMES = 100_000;

  @TempDir static Path folder;

  private static FrameIntervals sample(double lower, double upper, long seed) {
    return new FrameSample(lower, upper, seed).ofFrames(FRAMES).orElseThrow();
  }

  /** Six standard deviations of a binomial count. */
  private static double bound(double frames, double share) {
    return 6 * Math.sqrt(frames * share * (1 - share));
  }

  @Test
  void theRateIsTheShare() {
    for (long seed = 0; seed < 20; seed++) {
      for (double share : new double[] {0.001, 0.1, 0.5, 0.9}) {
        assertThat((double) sample(0, share, seed).count())
            .isCloseTo(FRAMES * share, within(bound(FRAMES, share)));
        assertThat((double) sample(1 - share, 1, seed).count())
            .isCloseTo(FRAMES * share, within(bound(FRAMES, share)));
      }
    }
  }

  @Test
  void framesAreTakenEachByItself() {
    FrameIntervals half = sample(0, 0.5, 3);
    FrameIntervals other = sample(0, 0.5, 4);
    // Of two neighbours, and by two seeds, a quarter is taken twice.
    long neighbours = 0;
    for (int i = 0; i < half.size(); i++) {
      neighbours += half.to(i) - half.from(i) - 1;
    }
    assertThat((double) neighbours).isCloseTo(FRAMES / 4.0, within(bound(FRAMES, 0.25)));
    assertThat((double) half.intersect(other).count())
        .isCloseTo(FRAMES / 4.0, within(bound(FRAMES, 0.25)));
  }

  @Test
  void sharesOfASeedPartitionTheFrames() {
    FrameIntervals low = sample(0, 0.3, 9);
    FrameIntervals high = sample(0.3, 1, 9);
    assertThat(low.intersect(high)).isEqualTo(FrameIntervals.EMPTY);
    assertThat(low.union(high)).isEqualTo(FrameIntervals.of(0, FRAMES));
    assertThat(sample(0, 0, 9)).isEqualTo(FrameIntervals.EMPTY);
    assertThat(sample(0, 1, 9)).isEqualTo(FrameIntervals.of(0, FRAMES));
    assertThat(new FrameSample(0, 0.3, 9).ofFrames(50).orElseThrow()).isEqualTo(low.within(0, 50));
  }

  @Test
  void filesAreTakenWhole() {
    List<FrameRange> ranges =
        IntStream.range(0, 10_000)
            .mapToObj(i -> new FrameRange("/f", 10L * i, 10L * i + 10, i, true, List.of()))
            .toList();
    FrameIntervals files = new FrameSample(0, 0.2, 5).ofFiles(new FileColumns("d", ranges));
    assertThat(files.count() / 10.0).isCloseTo(2000, within(bound(10_000, 0.2)));
    for (int i = 0; i < files.size(); i++) {
      assertThat(files.from(i) % 10).isZero();
      assertThat(files.to(i) % 10).isZero();
    }
  }

  @Test
  void aSampleOfTooManyPiecesIsRefused() {
    assertThat(new FrameSample(0, 0.5, 1).ofFrames(10 * WholeColumn.MAX_INTERVALS)).isEmpty();
    assertThat(new FrameSample(0, 1e-6, 1).ofFrames(10 * WholeColumn.MAX_INTERVALS)).isPresent();
    assertThat(new FrameSample(0, 1e-6, 1).ofFrames(1L << 40)).isEmpty();
  }

  @BeforeAll
  static void write() throws IOException {
    ClusterDataSet dataSet =
        ClusterDataSet.create(
            folder.resolve("scan"),
            PartitionStructure.even(Shape.of(1000), Shape.of(1), Dtype.parse("uint8"), 4));
    for (int i = 0; i < 4; i++) {
      Files.write(dataSet.partition(i).path(), new byte[250]);
    }
  }

  private static Dataset<Row> frames(long maxPartitionBytes) {
    return LocalSpark.session()
        .read()
        .format("clusterdata")
        .option("maxPartitionBytes", maxPartitionBytes)
        .load(folder.resolve("scan").toString());
  }

  @Test
  void splitsDoNotMatter() {
    Set<Row> sampled = new HashSet<>(frames(1 << 20).sample(0.2, 11).collectAsList());
    assertThat(sampled).hasSizeBetween(124, 276);
    assertThat(frames(1 << 20).sample(0.2, 11).collectAsList()).hasSameSizeAs(sampled);
    assertThat(frames(40).rdd().getNumPartitions()).isGreaterThan(10);
    assertThat(new HashSet<>(frames(40).sample(0.2, 11).collectAsList())).isEqualTo(sampled);
    assertThat(new HashSet<>(frames(40).repartition(3).sample(0.2, 11).collectAsList()))
        .as("Spark's own sample of shuffled rows is another one")
        .isNotEqualTo(sampled);
  }

  @Test
  void aSampleWithReplacementIsLeftToSpark() {
    var plan = frames(1 << 20).sample(true, 0.5, 3).queryExecution().executedPlan();
    assertThat(plan.toString()).contains("Sample 0.0, 0.5, true, 3").doesNotContain("SAMPLE");
    assertThat(frames(1 << 20).sample(0.5, 3).queryExecution().executedPlan().toString())
        .contains("SAMPLE BERNOULLI [0.0, 0.5) SEED 3")
        .doesNotContain("Sample ");
  }

  /** Samples in a Spark that doesn't have the type of newer ones. */
  public static final class OldSpark implements BooleanSupplier {
    @Override
    public boolean getAsBoolean() {
      var source = new OneFile();
      ReadOptions options = ReadOptions.of(Map.of("path", "/d"));
      var builder = new ArrayScanBuilder(source, TableSchema.of(source, options), options);
      boolean taken = builder.pushTableSample(0, 0.5, false, 7);
      return taken && builder.build().description().contains("SAMPLE BERNOULLI");
    }
  }

  private static final class OneFile implements FrameSource {
    @Override
    public String description() {
      return "one file";
    }

    @Override
    public Shape scan() {
      return Shape.of(10);
    }

    @Override
    public List<String> dims() {
      return List.of("scan_0");
    }

    @Override
    public List<FrameColumn> columns() {
      return List.of();
    }

    @Override
    public FrameFiles files() {
      throw new UnsupportedOperationException();
    }

    @Override
    public FrameOpener opener() {
      throw new UnsupportedOperationException();
    }
  }

  /** Defines the project's classes anew, beside a Spark without {@code SampleMethod}. */
  private static final class WithoutSampleMethod extends ClassLoader {
    WithoutSampleMethod() {
      super(FrameSampleTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.endsWith(".SampleMethod")) {
        throw new ClassNotFoundException(name);
      }
      if (!name.startsWith("io.sparkarrays.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded != null ? loaded : define(name);
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream code = getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = code.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  @Test
  void olderSparksSampleWithoutTheNewType() throws ReflectiveOperationException {
    Class<?> old = new WithoutSampleMethod().loadClass(OldSpark.class.getName());
    assertThat(old).isNotEqualTo(OldSpark.class);
    BooleanSupplier samples = (BooleanSupplier) old.getDeclaredConstructor().newInstance();
    assertThat(samples.getAsBoolean()).isTrue();
  }
}
