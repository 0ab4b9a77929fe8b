// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import io.sparkarrays.spark.options.WriteOptions;
import org.apache.spark.sql.types.StructType;

/**
 * What a write of rows as they are asks of a format.
 *
 * @param options the user's options
 * @param mode how it treats what stands at the path
 * @param rows the rows' schema, with the columns' metadata
 * @param query what Spark calls the query; of a stream the same over all epochs and restarts
 */
public record TableRequest(
    WriteOptions options, WriteRequest.Mode mode, StructType rows, String query) {}
