// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FrameIntervals;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What one streaming query has of a data set beyond its partitions. A copy lies on every host. An
 * epoch is decided as soon as one host has its ledger: whoever comes after a crash publishes what
 * it says, and the epoch's rows, should they come again, change nothing.
 *
 * @param epoch the last epoch that was decided
 * @param publishes partitions that this epoch has made whole
 * @param pieces the frames of these, and those of partitions that are not whole yet
 */
public record StreamLedger(long epoch, SortedSet<Integer> publishes, List<StreamPiece> pieces)
    implements Serializable {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Keeps its own copies. */
  public StreamLedger {
    publishes = Collections.unmodifiableSortedSet(new TreeSet<>(publishes));
    pieces = List.copyOf(new ArrayList<>(pieces));
  }

  /** The pieces of partitions that are not whole yet. */
  public List<StreamPiece> held() {
    return pieces.stream().filter(piece -> !publishes.contains(piece.partition())).toList();
  }

  String toJson() {
    ObjectNode root = JSON.createObjectNode();
    root.put("version", 1);
    root.put("epoch", epoch);
    ArrayNode numbers = root.putArray("publishes");
    publishes.forEach(numbers::add);
    ArrayNode files = root.putArray("pieces");
    for (StreamPiece piece : pieces) {
      ObjectNode file = files.addObject();
      file.put("name", piece.name());
      file.put("partition", piece.partition());
      file.put("host", piece.host());
      ArrayNode frames = file.putArray("frames");
      for (int i = 0; i < piece.frames().size(); i++) {
        frames.addArray().add(piece.frames().from(i)).add(piece.frames().to(i));
      }
    }
    return root.toString();
  }

  static StreamLedger parse(String json, Object where) {
    try {
      JsonNode root = JSON.readTree(json);
      if (root.path("version").asInt() != 1) {
        throw unreadable(where, "its version is not 1", null);
      }
      TreeSet<Integer> publishes = new TreeSet<>();
      root.required("publishes").forEach(number -> publishes.add(number.intValue()));
      List<StreamPiece> pieces = new ArrayList<>();
      for (JsonNode file : root.required("pieces")) {
        FrameIntervals.Builder frames = new FrameIntervals.Builder();
        for (JsonNode interval : file.required("frames")) {
          frames.add(interval.required(0).longValue(), interval.required(1).longValue());
        }
        pieces.add(
            new StreamPiece(
                file.required("name").asText(),
                file.required("partition").intValue(),
                file.required("host").asText(),
                frames.build()));
      }
      return new StreamLedger(root.required("epoch").longValue(), publishes, pieces);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw unreadable(where, e.getMessage(), e);
    }
  }

  private static ArrayException unreadable(Object where, String problem, Exception cause) {
    return new ArrayException(
        ErrorCode.COMMIT_FAILED,
        where,
        "the ledger of a stream can't be read: " + problem,
        "Begin the stream anew with another checkpoint and another path",
        cause);
  }
}
