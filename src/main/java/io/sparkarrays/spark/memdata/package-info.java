// SPDX-License-Identifier: Apache-2.0
/** Data sets of {@link io.sparkarrays.memdata} whose blocks are spread over a Spark cluster. */
package io.sparkarrays.spark.memdata;
