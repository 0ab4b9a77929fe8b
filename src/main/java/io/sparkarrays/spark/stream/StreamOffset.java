// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.FrontierState;
import io.sparkarrays.spark.source.FrameKey;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.connector.read.streaming.Offset;

/**
 * Which frames of all files a stream has given. Two offsets alone say which frames a batch between
 * them has, whatever was written since. Immutable; equal if its text is.
 */
final class StreamOffset extends Offset {

  /** What this class writes, and the only one that it reads. */
  static final int VERSION = 1;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final long first;
  private final Map<String, FileProgress> files;

  /**
   * @param first the first frame that is wanted of files that are not known yet
   * @param files the known files by their paths, in the order in which they joined
   */
  StreamOffset(long first, Map<String, FileProgress> files) {
    this.first = first;
    this.files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
  }

  /**
   * Reads what {@link #json} wrote.
   *
   * @throws ArrayException {@code CHECKPOINT_INVALID}
   */
  static StreamOffset parse(String json) {
    try {
      JsonNode root = JSON.readTree(json);
      if (root.path("version").asInt() != VERSION) {
        throw invalid(json, "its version is not " + VERSION, null);
      }
      Map<String, FileProgress> files = new LinkedHashMap<>();
      for (JsonNode file : required(root, "files")) {
        files.put(required(file, "path").asText(), progress(file));
      }
      return new StreamOffset(required(root, "first").asLong(), files);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw invalid(json, "it can't be read: " + e.getMessage(), e);
    }
  }

  private static JsonNode required(JsonNode node, String name) {
    JsonNode found = node.get(name);
    if (found == null) {
      throw new IllegalArgumentException("no " + name);
    }
    return found;
  }

  private static FileProgress progress(JsonNode file) {
    Map<String, String> structure = new TreeMap<>();
    JsonNode texts = required(file, "structure");
    texts.fieldNames().forEachRemaining(name -> structure.put(name, texts.get(name).asText()));
    FrameIntervals.Builder skipped = new FrameIntervals.Builder();
    for (JsonNode interval : required(file, "skipped")) {
      if (interval.size() != 2) {
        throw new IllegalArgumentException("skipped " + interval);
      }
      skipped.add(interval.get(0).asLong(), interval.get(1).asLong());
    }
    return new FileProgress(
        required(file, "identity").asText(),
        structure,
        new FrontierState(required(file, "next").asLong(), skipped.build()),
        key(file.path("last")),
        required(file, "done").asBoolean());
  }

  private static Optional<FrameKey> key(JsonNode last) {
    return last.isMissingNode()
        ? Optional.empty()
        : Optional.of(
            new FrameKey(required(last, "frame").asLong(), required(last, "key").asLong()));
  }

  private static ArrayException invalid(String json, String problem, Exception cause) {
    return new ArrayException(
        ErrorCode.CHECKPOINT_INVALID,
        "offset " + json,
        problem,
        "Restart with the version that wrote the checkpoint, or begin anew with another one",
        cause);
  }

  /** As {@link #parse}, of an offset that Spark may have read from its log. */
  static StreamOffset of(Offset offset) {
    return offset instanceof StreamOffset known ? known : parse(offset.json());
  }

  /** The first frame that is wanted of files that are not known yet. */
  long first() {
    return first;
  }

  /** The known files by their paths. */
  Map<String, FileProgress> files() {
    return files;
  }

  /** Which frames of a file were given. */
  FrontierState state(String file) {
    FileProgress known = files.get(file);
    return known == null ? FrontierState.at(first) : known.state();
  }

  /** The frames of a file that came since an earlier offset. */
  FrameIntervals since(StreamOffset earlier, String file) {
    return state(file).since(earlier.state(file));
  }

  /**
   * The same, but each file that is not done up to a multiple of a number of frames.
   *
   * @param earlier no file goes back behind it
   */
  StreamOffset align(StreamOffset earlier, long unit) {
    if (unit == 1) {
      return this;
    }
    Map<String, FileProgress> whole = new LinkedHashMap<>();
    files.forEach(
        (path, progress) ->
            whole.put(
                path,
                progress.done()
                    ? progress
                    : progress.at(progress.state().align(earlier.state(path), unit), false)));
    return new StreamOffset(first, whole);
  }

  /** How many frames came since an earlier offset. */
  long count(StreamOffset earlier) {
    return files.keySet().stream().mapToLong(file -> since(earlier, file).count()).sum();
  }

  @Override
  public String json() {
    ObjectNode root = JSON.createObjectNode();
    root.put("version", VERSION);
    root.put("first", first);
    ArrayNode all = root.putArray("files");
    files.forEach(
        (path, progress) -> {
          ObjectNode file = all.addObject();
          file.put("path", path);
          file.put("identity", progress.identity());
          ObjectNode structure = file.putObject("structure");
          new TreeMap<>(progress.structure()).forEach(structure::put);
          file.put("next", progress.state().next());
          ArrayNode skipped = file.putArray("skipped");
          FrameIntervals intervals = progress.state().skipped();
          for (int i = 0; i < intervals.size(); i++) {
            skipped.addArray().add(intervals.from(i)).add(intervals.to(i));
          }
          if (progress.last().isPresent()) {
            FrameKey last = progress.last().get();
            file.putObject("last").put("frame", last.frame()).put("key", last.key());
          }
          file.put("done", progress.done());
        });
    return root.toString();
  }
}
