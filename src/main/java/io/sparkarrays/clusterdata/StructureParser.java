// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.FrameLayout;
import io.sparkarrays.core.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/**
 * Reads a sidecar token by token, so that memory is bounded by the text, and a rule that is broken
 * early costs nothing later. Stricter than LiberTEM's JSON schema, which lets floats, gaps and
 * overlaps in and reads wrong frames from them.
 */
final class StructureParser {

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** numpy has no array of more dimensions. */
  private static final int MAX_RANK = 64;

  private final JsonParser parser;
  private final Object where;

  private boolean versionSeen;
  private long[] bounds;
  private long[] shape;
  private Long sigDims;
  private Dtype dtype;

  private StructureParser(JsonParser parser, Object where) {
    this.parser = parser;
    this.where = where;
  }

  static PartitionStructure parse(String json, Object where) {
    try (JsonParser parser = JSON.createParser(json)) {
      return new StructureParser(parser, where).document();
    } catch (JsonProcessingException e) {
      // What breaks Jackson's own limits, such as a number of 1,001 digits, has no location.
      JsonLocation at = e.getLocation();
      throw PartitionStructure.invalid(
          where,
          "not JSON"
              + (at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr())
              + ": "
              + e.getOriginalMessage(),
          "Restore the sidecar, for instance from another host");
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }

  private PartitionStructure document() throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw invalid("it is not a JSON object", "Check that this is a ClusterDataSet's sidecar");
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "version" -> version();
        case "slices" -> bounds = slices();
        case "shape" -> shape = shape();
        case "sig_dims" -> sigDims = integer(field);
        case "dtype" -> dtype = dtype();
        default ->
            throw invalid(
                "field '" + shorten(field) + "' is unknown",
                "Keep version, slices, shape, sig_dims and dtype alone; LiberTEM refuses a sidecar"
                    + " with more, so put notes of your own into another file beside it");
      }
    }
    if (parser.nextToken() != null) {
      throw invalid("something follows the JSON object", "Remove it");
    }
    require("version", versionSeen);
    require("slices", bounds != null);
    require("shape", shape != null);
    require("sig_dims", sigDims != null);
    require("dtype", dtype != null);
    return structure();
  }

  private PartitionStructure structure() {
    if (sigDims < 1 || sigDims >= shape.length) {
      throw invalid(
          "field 'sig_dims' is " + sigDims + ", but 'shape' has " + shape.length + " dimensions",
          "Leave at least one dimension to the scan and one to the frame");
    }
    int scanRank = shape.length - sigDims.intValue();
    try {
      Shape all = Shape.of(shape);
      FrameLayout layout =
          new FrameLayout(all.slice(0, scanRank), all.slice(scanRank, shape.length));
      return new PartitionStructure(layout, dtype, bounds, where);
    } catch (DataSetException e) {
      throw e;
    } catch (ArrayException e) {
      throw invalid(
          "field 'shape' " + Arrays.toString(shape) + " has more than 2^63 elements",
          "Give every dimension the extent that the array really has");
    }
  }

  private void version() throws IOException {
    versionSeen = true;
    long version = integer("version");
    if (version != PartitionStructure.VERSION) {
      throw invalid(
          "field 'version' is " + version + ", only " + PartitionStructure.VERSION + " is known",
          "Use a release that knows this version");
    }
  }

  private long[] slices() throws IOException {
    expect("slices", JsonToken.START_ARRAY, "a list of [from, to) pairs");
    long[] ends = new long[17];
    int count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      String field = "slices[" + count + "]";
      expect(field, JsonToken.START_ARRAY, "a pair [from, to)");
      parser.nextToken();
      long from = integer(field);
      parser.nextToken();
      long to = integer(field);
      if (parser.nextToken() != JsonToken.END_ARRAY) {
        throw invalid("field '" + field + "' has more than two numbers", "Write pairs [from, to)");
      }
      if (from != ends[count]) {
        throw invalid(
            "field '"
                + field
                + "' begins at frame "
                + from
                + ", but frame "
                + ends[count]
                + " is next: "
                + (from > ends[count] ? "there is a gap" : "slices overlap"),
            "Let the slices follow one another from frame 0, sorted, without gap or overlap");
      }
      if (to <= from) {
        throw invalid(
            "field '" + field + "' is empty: [" + from + ", " + to + ")",
            "Let every slice hold at least one frame");
      }
      if (++count == ends.length) {
        ends = Arrays.copyOf(ends, 2 * count);
      }
      ends[count] = to;
    }
    if (count == 0) {
      throw invalid("field 'slices' is empty", "Let the slices cover the scan");
    }
    return Arrays.copyOf(ends, count + 1);
  }

  private long[] shape() throws IOException {
    expect("shape", JsonToken.START_ARRAY, "a list of extents");
    long[] dims = new long[MAX_RANK];
    int rank = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (rank == MAX_RANK) {
        throw invalid("field 'shape' has more than " + MAX_RANK + " dimensions", "Use fewer");
      }
      String field = "shape[" + rank + "]";
      dims[rank] = integer(field);
      if (dims[rank++] < 1) {
        throw invalid(
            "field '" + field + "' is " + dims[rank - 1], "Let every extent be at least 1");
      }
    }
    return Arrays.copyOf(dims, rank);
  }

  private Dtype dtype() throws IOException {
    expect("dtype", JsonToken.VALUE_STRING, "the name of a numpy dtype");
    String text = parser.getText();
    Dtype parsed;
    try {
      parsed = Dtype.parse(text);
    } catch (ArrayException e) {
      throw invalid(
          "field 'dtype' is '" + shorten(text) + "', which is no numpy dtype of plain numbers",
          "Use a name such as uint16, float32, complex64, bool or >u2");
    }
    if (!parsed.toString().equals(text)) {
      // LiberTEM compares the sidecar with what it would write itself.
      throw invalid(
          "field 'dtype' is '" + shorten(text) + "', which is not numpy's own name for it",
          "Write \"" + parsed + "\", as LiberTEM demands");
    }
    return parsed;
  }

  /** The current token as a whole number that fits 64 bits. */
  private long integer(String field) throws IOException {
    expect(field, JsonToken.VALUE_NUMBER_INT, "a whole number");
    if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      throw invalid(
          "field '" + field + "' is " + shorten(parser.getText()) + ", more than 64 bits hold",
          "Give the number that the array really has");
    }
    return parser.getLongValue();
  }

  private void expect(String field, JsonToken token, String expected) throws IOException {
    if (parser.currentToken() != token) {
      throw invalid(
          "field '"
              + field
              + "' should be "
              + expected
              + ", but is "
              + (parser.currentToken() == null ? "cut off" : shorten(parser.getText())),
          "Correct the sidecar, or restore it from another host");
    }
  }

  private void require(String field, boolean present) {
    if (!present) {
      throw invalid(
          "field '" + field + "' is missing",
          "A sidecar has the fields version, slices, shape, sig_dims and dtype");
    }
  }

  private DataSetException invalid(String problem, String remedy) {
    return PartitionStructure.invalid(where, problem, remedy);
  }

  private static String shorten(String text) {
    return text.length() <= 60 ? text : text.substring(0, 60) + "…";
  }
}
