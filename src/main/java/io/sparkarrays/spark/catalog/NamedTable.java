// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.catalog;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.options.ArrayOption;
import io.sparkarrays.spark.source.ArrayFormat;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** A table that a catalog found by its name, with the properties that describe it. */
final class NamedTable extends ArrayTable {

  private static final List<ArrayOption> PLACE =
      List.of(ArrayOption.PATH, ArrayOption.DATASET, ArrayOption.DATASETS);

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
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap scanOptions) {
    for (ArrayOption option : PLACE) {
      if (scanOptions.containsKey(option.optionName())) {
        throw new ArrayException(
            ErrorCode.OPTION_INVALID,
            name,
            "option " + option.optionName() + " contradicts the table's name",
            "Leave it out, or read with format(…)");
      }
    }
    return super.newScanBuilder(scanOptions);
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
