// SPDX-License-Identifier: Apache-2.0
/** Aggregates of frames over a whole table, reduced where the frames are read. */
package io.sparkarrays.spark.reduction;
