// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.clusterdata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * The frames of a ClusterDataSet as sidecar and files say, read in the plainest way: whole files,
 * cut where the sidecar cuts, as little-endian bytes by frame. Knows none of the format's rules, so
 * it is asked only about data sets that were read without an error.
 */
final class StoredTruth {

  private StoredTruth() {}

  /** Frames of the partitions that are there. */
  static Map<Long, byte[]> read(Path dataSet) throws IOException {
    JsonNode sidecar =
        new ObjectMapper().readTree(Files.readAllBytes(dataSet.resolve("structure.json")));
    String dtype = sidecar.get("dtype").asText();
    int width = component(dtype);
    Map<Long, byte[]> frames = new TreeMap<>();
    JsonNode slices = sidecar.get("slices");
    for (int i = 0; i < slices.size(); i++) {
      Path file = dataSet.resolve(String.format("parts/partition-%08d", i));
      if (Files.exists(file)) {
        long from = slices.get(i).get(0).asLong();
        int count = (int) (slices.get(i).get(1).asLong() - from);
        byte[] bytes = Files.readAllBytes(file);
        int length = bytes.length / count;
        for (int frame = 0; frame < count; frame++) {
          byte[] one = Arrays.copyOfRange(bytes, frame * length, (frame + 1) * length);
          frames.put(from + frame, dtype.startsWith(">") ? turned(one, width) : one);
        }
      }
    }
    return frames;
  }

  /** Bytes of a number, of which a complex one has two: {@code uint16}, {@code >u2}. */
  private static int component(String dtype) {
    if (!dtype.startsWith(">")) {
      return 1;
    }
    int size = Integer.parseInt(dtype.substring(2));
    return dtype.charAt(1) == 'c' ? size / 2 : size;
  }

  private static byte[] turned(byte[] big, int width) {
    byte[] little = new byte[big.length];
    for (int i = 0; i < big.length; i++) {
      little[i] = big[i / width * width + width - 1 - i % width];
    }
    return little;
  }
}
