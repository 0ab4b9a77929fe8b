// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.catalog;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.source.ArrayFormat;
import java.util.Map;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.WriteBuilder;

/** A table that a catalog found by its name, with the properties that describe it. */
final class NamedTable extends ArrayTable {

  private final String name;
  private final Map<String, String> properties;

  NamedTable(
      ArrayFormat format,
      Map<String, String> options,
      String name,
      Map<String, String> properties) {
    super(format, options, false);
    this.name = name;
    this.properties = Map.copyOf(properties);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public WriteBuilder newWriteBuilder(LogicalWriteInfo info) {
    throw new ArrayException(
        ErrorCode.OPERATION_UNSUPPORTED,
        name,
        "tables of a catalog of files are only read",
        "Write with df.write.format(…), and change files with the field's own tools");
  }

  @Override
  public Map<String, String> properties() {
    return properties;
  }
}
