// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;

/**
 * A metadata column under the name that its format has for it: what is the number of a file here
 * may be a rank there.
 *
 * @param name the column's name, which begins with an underscore
 * @param field what it tells
 * @param comment what {@code DESCRIBE} says of it
 */
public record MetadataName(String name, MetadataField field, String comment)
    implements Serializable {

  /** Those that every format has that says nothing else. */
  public static final List<MetadataName> USUAL =
      Stream.of(
              MetadataField.FILE,
              MetadataField.DATASET,
              MetadataField.OFFSET,
              MetadataField.PARTITION)
          .map(MetadataField::named)
          .toList();
}
