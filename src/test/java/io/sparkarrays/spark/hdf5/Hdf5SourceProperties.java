// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.LocalSpark;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.read.SeamReader;
import io.sparkarrays.spark.source.FrameColumn;
import io.sparkarrays.spark.source.FrameSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.BeforeProperty;

/**
 * The union of all splits is the array, once: for every layout, index and filter of the reference
 * files, cut into any scan and region, tasks and batches.
 */
class Hdf5SourceProperties {

  private static List<ReferenceDatasets.Place> places;

  @BeforeProperty
  void start() throws IOException {
    LocalSpark.session();
    places = ReferenceDatasets.all();
    assertThat(places).hasSizeGreaterThan(200);
  }

  private static String region(Random random, Shape frame) {
    StringJoiner region = new StringJoiner(",");
    for (int axis = 0; axis < frame.rank(); axis++) {
      int from = random.nextInt((int) frame.dim(axis));
      region.add(from + ":" + (from + 1 + random.nextInt((int) frame.dim(axis) - from)));
    }
    return region.toString();
  }

  /** Frames by index, cut out of all bytes by hand; elements little-endian. */
  private static Map<Long, byte[]> expected(
      byte[] all, FrameColumn column, long frames, Hyperslab region) {
    int size = column.dtype().size();
    int turned = column.dtype().bigEndian() ? column.dtype().type().componentSize() : 1;
    Map<Long, byte[]> cut = new HashMap<>();
    for (long frame = 0; frame < frames; frame++) {
      long first = frame * column.frame().size();
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      region.forEachRun(
          column.frame(),
          (offset, length) -> {
            int from = (int) (first + offset) * size;
            for (int i = 0; i < length * size; i++) {
              int in = i / turned * turned + (turned - 1 - i % turned);
              bytes.write(all[from + (turned == 1 ? i : in)]);
            }
          });
      cut.put(frame, bytes.toByteArray());
    }
    return cut;
  }

  @Property(tries = 400)
  void splitsAreTheArrayOnce(@ForAll Random random) throws IOException {
    ReferenceDatasets.Place place = places.get(random.nextInt(places.size()));
    Map<String, String> options = new HashMap<>();
    options.put("path", place.file().toString());
    options.put("dataset", place.dataset());
    options.put("frames", "binary");
    options.put("maxPartitionBytes", Long.toString(1 + random.nextInt(1 << random.nextInt(20))));
    options.put("batchBytes", Long.toString(1 + random.nextInt(1 << random.nextInt(20))));
    Shape shape = shape(options);
    if (shape.rank() == 0) {
      return;
    }
    // A frame of rank 0 is no bytes but a number.
    options.put("scanRank", Integer.toString(random.nextInt(shape.rank())));
    FrameSource source = Hdf5Source.open(LocalSpark.session(), ReadOptions.of(options));
    FrameColumn column = source.columns().get(0);
    Hyperslab region = Hyperslab.all(column.frame());
    if (random.nextBoolean()) {
      options.put("region", region(random, column.frame()));
      region = Hyperslab.parse(options.get("region"), column.frame());
    }
    ReadOptions read = ReadOptions.of(options);
    Map<Long, byte[]> found =
        new SeamReader(Hdf5Source.open(LocalSpark.session(), read), read).read(Integer.MAX_VALUE);
    Map<Long, byte[]> expected = expected(place.bytes(), column, source.scan().size(), region);
    assertThat(found.keySet()).as("%s %s", place, options).isEqualTo(expected.keySet());
    found.forEach(
        (frame, bytes) ->
            assertThat(bytes)
                .as("%s %s frame %d", place, options, frame)
                .isEqualTo(expected.get(frame)));
  }

  private static Shape shape(Map<String, String> options) {
    Map<String, String> whole = new HashMap<>(options);
    whole.put("scanRank", "0");
    return Hdf5Source.open(LocalSpark.session(), ReadOptions.of(whole)).columns().get(0).frame();
  }
}
