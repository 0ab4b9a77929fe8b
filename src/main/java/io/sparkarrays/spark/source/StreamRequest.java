// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import io.sparkarrays.spark.options.WriteOptions;
import org.apache.spark.sql.types.StructType;

/**
 * What a streaming query asks of a format for one of its epochs.
 *
 * @param options the user's options
 * @param rows the schema of the rows, with the columns' metadata
 * @param query the query's identifier, the same after each restart from its checkpoint
 * @param complete whether an epoch's rows replace all that were written before: output mode
 *     complete; else they are added
 */
public record StreamRequest(
    WriteOptions options, StructType rows, String query, boolean complete) {}
