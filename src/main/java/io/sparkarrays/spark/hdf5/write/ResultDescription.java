// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.Hdf5Writer;
import io.sparkarrays.spark.hdf5.write.ResultManifest.Description;
import io.sparkarrays.spark.hdf5.write.ResultManifest.Table;
import io.sparkarrays.spark.options.ResultOptions;
import io.sparkarrays.spark.read.TableSchema;
import io.sparkarrays.spark.source.TableRequest;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.Metadata;

/**
 * What a result tells of itself in attributes: what wrote it, where its rows come from, what the
 * user says, and the names of dimensions.
 */
final class ResultDescription {

  /** The program's name and version, in the words of NeXus. */
  static final String CREATOR = "creator";

  /** As {@link #CREATOR}. */
  static final String CREATOR_VERSION = "creator_version";

  /** The data set that a column was read from. */
  private static final String SOURCE = "source";

  private static final String LABELS = "DIMENSION_LABELS";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ResultDescription() {}

  /** The version of this program; of classes outside of a jar none is known. */
  static String version() {
    String version = ResultDescription.class.getPackage().getImplementationVersion();
    return version == null ? "unknown" : version;
  }

  /**
   * What is told of the arrays of some rows.
   *
   * @throws io.sparkarrays.core.ArrayException {@code OPTION_INVALID}
   */
  static Description of(
      TableRequest request,
      ResultColumns columns,
      PartReport rows,
      SparkSession spark,
      boolean stream) {
    ResultOptions options = request.options().result();
    Map<String, Map<String, JsonNode>> attributes = new TreeMap<>();
    put(attributes, "/", CREATOR, "spark-arrays");
    put(attributes, "/", CREATOR_VERSION, version());
    put(attributes, "/", "spark_version", spark.version());
    put(attributes, "/", "spark_application", spark.sparkContext().applicationId());
    if (stream) {
      put(attributes, "/", "spark_query", request.query());
    }
    for (int i = 0; i < rows.columns().size(); i++) {
      PartReport.Array array = rows.columns().get(i);
      Metadata metadata = columns.arrays().get(i).value().field().field().metadata();
      if (metadata.contains(TableSchema.ATTRIBUTES_KEY)) {
        read(metadata)
            .properties()
            .forEach(e -> put(attributes, array.path(), e.getKey(), e.getValue()));
      }
      String source = rows.file() == null ? "" : rows.file();
      if (metadata.contains(TableSchema.SOURCE_KEY)) {
        source =
            (source.isEmpty() ? "" : source + "#") + metadata.getString(TableSchema.SOURCE_KEY);
      }
      if (!source.isEmpty()) {
        put(attributes, array.path(), SOURCE, source);
      }
    }
    // What the user says overrides what was known.
    UserAttributes user = UserAttributes.of(options.attributes(), columns.paths());
    rows.columns()
        .forEach(
            array ->
                user.everywhere()
                    .forEach((name, value) -> put(attributes, array.path(), name, value)));
    user.objects()
        .forEach((path, of) -> of.forEach((name, value) -> put(attributes, path, name, value)));
    return new Description(attributes, columns.dims(), options.nexus());
  }

  /** The attributes of a column that were read with it; they are JSON of our own making. */
  private static JsonNode read(Metadata metadata) {
    try {
      return JSON.readTree(metadata.getMetadata(TableSchema.ATTRIBUTES_KEY).json());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void put(
      Map<String, Map<String, JsonNode>> attributes, String object, String name, String value) {
    put(attributes, object, name, NODES.textNode(value));
  }

  private static void put(
      Map<String, Map<String, JsonNode>> attributes, String object, String name, JsonNode value) {
    attributes.computeIfAbsent(object, key -> new TreeMap<>()).put(name, value);
  }

  /** Writes it into a file that has the table's arrays. */
  static void write(Hdf5Writer writer, Table table) {
    Shape scan = table.shape();
    Description description = table.description();
    writer.attribute("/", "file_time", now());
    if (description.nexus()) {
      NexusClasses.write(writer, table, scan);
    }
    List<String> dims = description.dims();
    for (ResultManifest.Array array : table.arrays()) {
      if (dims.size() == scan.rank()) {
        List<String> labels = new ArrayList<>(dims);
        for (int axis = 0; axis < array.frame().length; axis++) {
          labels.add("");
        }
        writer.attribute(array.path(), LABELS, labels);
      }
    }
    description
        .attributes()
        .forEach(
            (object, values) -> {
              if (!writer.exists(object)) {
                writer.createGroup(object);
              }
              values.forEach((name, value) -> AttributeValues.write(writer, object, name, value));
            });
  }

  private static String now() {
    return OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
