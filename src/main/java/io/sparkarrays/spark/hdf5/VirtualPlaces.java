// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.virtual.AxisMapping;
import io.sparkarrays.hdf5.virtual.VirtualArray;
import io.sparkarrays.spark.source.FrameReference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the frames of a virtual data set are: places in its sources, one for all frames that come
 * of the same ones. Used by one thread.
 */
final class VirtualPlaces {

  private static final int MOST = 1024;

  private final VirtualArray array;
  private final int scanRank;
  private final Map<List<Integer>, Optional<Map<String, Object>>> known = new HashMap<>();

  VirtualPlaces(VirtualArray array, int scanRank) {
    this.array = array;
    this.scanRank = scanRank;
  }

  /** The place of a frame; nothing if a source is not there, or has numbers of another type. */
  Optional<FrameReference> of(long frame) throws IOException {
    int[] numbers = array.partsOf(scanRank, frame);
    boolean covered = array.cover(numbers, scanRank, frame);
    List<Integer> key = new ArrayList<>();
    for (int number : numbers) {
      key.add(number);
    }
    key.add(covered ? -1 : -2);
    Optional<Map<String, Object>> place = known.get(key);
    if (place == null) {
      if (known.size() == MOST) {
        known.clear();
      }
      place = place(numbers, covered);
      known.put(key, place);
    }
    return place.map(found -> new FrameReference(found, frame + 1));
  }

  private Optional<Map<String, Object>> place(int[] numbers, boolean covered) throws IOException {
    Optional<Dtype> wanted = array.plan().datatype().dtype();
    if (wanted.isEmpty()) {
      return Optional.empty();
    }
    List<Map<String, Object>> parts = new ArrayList<>();
    for (int number : numbers) {
      Optional<List<AxisMapping>> mappings = array.mappings(number);
      if (mappings.isEmpty()) {
        return Optional.empty();
      }
      for (AxisMapping mapping : mappings.get()) {
        Optional<Map<String, Object>> source = source(mapping, wanted.get());
        if (source.isEmpty()) {
          return Optional.empty();
        }
        parts.add(
            Map.of(
                "source", source.get(),
                "from", axes(mapping.from()),
                "to", axes(mapping.to())));
      }
    }
    Map<String, Object> place = new HashMap<>();
    place.put(FrameReference.KIND, "virtual");
    place.put("scan", array.plan().shape().slice(0, scanRank).dims());
    place.put("parts", parts);
    if (!covered) {
      place.put("fill", HexFormat.of().formatHex(array.plan().fillValue()));
    }
    return Optional.of(place);
  }

  private static List<List<long[]>> axes(List<List<AxisMapping.Blocks>> axes) {
    return axes.stream()
        .map(
            axis ->
                axis.stream()
                    .map(b -> new long[] {b.start(), b.stride(), b.block(), b.length()})
                    .toList())
        .toList();
  }

  /** The place of a whole source, if its numbers are the wanted ones but for their byte order. */
  private static Optional<Map<String, Object>> source(AxisMapping mapping, Dtype wanted) {
    if (!(mapping.source() instanceof Dataset dataset)
        || dataset.isVirtual()
        || dataset.dtype().isEmpty()
        || dataset.dtype().get().type() != wanted.type()) {
      return Optional.empty();
    }
    return StoredPlace.of(dataset)
        .map(
            reference -> {
              Map<String, Object> place = new HashMap<>(reference.place());
              place.put("dtype", dataset.dtype().get().toString());
              place.put("shape", dataset.shape().dims());
              return place;
            });
  }
}
