// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.catalog.FormatDetection;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.read.TableSchema;
import io.sparkarrays.spark.source.ArrayFormat;
import io.sparkarrays.spark.source.FrameColumn;
import io.sparkarrays.spark.source.FrameFiles;
import io.sparkarrays.spark.source.FrameRange;
import io.sparkarrays.spark.source.FrameSource;
import io.sparkarrays.spark.source.Scans;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A data set of any format, for people or programs to read.
 *
 * @param format the format's name
 * @param path the data set's path
 * @param source the data set
 * @param files where its frames are
 * @param table the columns of its table
 * @param writes jobs that are writing it, or were interrupted
 */
record Description(
    String format,
    String path,
    FrameSource source,
    FrameFiles files,
    StructType table,
    SortedSet<String> writes) {

  /** Opens what is at a path. */
  static Description of(SparkSession spark, String path, Optional<ArrayFormat> wanted) {
    ReadOptions options = Formats.options(spark, path, Map.of());
    ArrayFormat format = wanted.orElseGet(() -> FormatDetection.at(spark, options));
    SortedSet<String> writes =
        format.tellsStored() ? format.stored(spark, options).writes() : new TreeSet<>();
    FrameSource source = format.open(spark, options);
    return new Description(
        format.name(),
        options.path(),
        source,
        source.files(),
        TableSchema.of(source, options).visible(),
        writes);
  }

  private List<Integer> missing() {
    return files.ranges().stream().filter(r -> !r.present()).map(FrameRange::partition).toList();
  }

  /** The partitions of each host; a range without hosts is on all that answered. */
  private SortedMap<String, List<FrameRange>> hosts() {
    SortedMap<String, List<FrameRange>> hosts = new TreeMap<>();
    files.answered().forEach(host -> hosts.put(host, new ArrayList<>()));
    for (FrameRange range : files.ranges()) {
      Collection<String> having = range.hosts().isEmpty() ? files.answered() : range.hosts();
      if (range.present()) {
        having.forEach(host -> hosts.get(host).add(range));
      }
    }
    return hosts;
  }

  private long frameBytes() {
    return source.columns().stream().mapToLong(FrameColumn::frameBytes).sum();
  }

  private long bytes(List<FrameRange> ranges) {
    return frameBytes() * ranges.stream().mapToLong(FrameRange::frames).sum();
  }

  private static List<Integer> indexes(List<FrameRange> ranges) {
    return ranges.stream().map(FrameRange::partition).toList();
  }

  /** Lines of text. */
  String toText() {
    StringBuilder text = new StringBuilder(path).append('\n');
    Scans scans = source.scans();
    long frames = scans.rows();
    List<Integer> missing = missing();
    field(text, "format", format);
    field(
        text,
        "scan",
        (scans.count() == 1 ? Texts.extents(source.scan()) : scans) + ", " + frames + " frames");
    for (FrameColumn column : source.columns()) {
      field(
          text,
          column.name(),
          Texts.extents(column.frame())
              + " "
              + column.type()
              + ", "
              + Texts.size(column.frameBytes()));
    }
    field(text, "whole", Texts.size(frames * frameBytes()));
    field(
        text,
        "columns",
        List.of(table.fields()).stream()
            .map(field -> field.name() + " " + field.dataType().sql())
            .collect(Collectors.joining(", ")));
    int partitions = files.ranges().size();
    field(text, "partitions", partitions - missing.size() + " of " + partitions + " present");
    if (!missing.isEmpty()) {
      String name = files.silent().isEmpty() ? "missing" : "not seen";
      field(text, name, Indexes.format(missing));
    }
    if (!writes.isEmpty()) {
      field(text, "writing", String.join(", ", writes) + " (running or interrupted)");
    }
    int width = files.answered().stream().mapToInt(String::length).max().orElse(1);
    hosts()
        .forEach(
            (host, ranges) ->
                field(
                    text,
                    "host",
                    String.format(
                        Locale.ROOT,
                        "%-" + width + "s  %s in %d: %s",
                        host,
                        Texts.size(bytes(ranges)),
                        ranges.size(),
                        Indexes.format(indexes(ranges)))));
    files.silent().forEach(host -> field(text, "host", host + "  no answer, its part is unknown"));
    return text.toString();
  }

  private static void field(StringBuilder text, String name, String value) {
    text.append(String.format(Locale.ROOT, "  %-11s %s%n", name, value));
  }

  /** One JSON object. */
  String toJson() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    addTo(root);
    return Texts.json(root);
  }

  /** Adds what is known of the data set. */
  void addTo(ObjectNode root) {
    root.put("path", path).put("format", format);
    extents(root.putArray("scan"), source.scan());
    root.put("scans", source.scans().count()).put("frames", source.scans().rows());
    ArrayNode columns = root.putArray("columns");
    for (StructField field : table.fields()) {
      ObjectNode column = columns.addObject();
      column.put("name", field.name()).put("type", field.dataType().sql());
      for (FrameColumn frames : source.columns()) {
        if (frames.name().equals(field.name())) {
          column.put("dtype", frames.type().toString());
          extents(column.putArray("frame"), frames.frame());
        }
      }
    }
    root.put("bytes", source.scans().rows() * frameBytes());
    root.put("partitions", files.ranges().size());
    missing().forEach(root.putArray("missing")::add);
    writes.forEach(root.putArray("writes")::add);
    ObjectNode hosts = root.putObject("hosts");
    hosts().forEach((host, ranges) -> indexes(ranges).forEach(hosts.putArray(host)::add));
    files.silent().forEach(root.putArray("silent")::add);
  }

  private static void extents(ArrayNode array, Shape shape) {
    for (long extent : shape.dims()) {
      array.add(extent);
    }
  }
}
