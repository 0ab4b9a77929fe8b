// SPDX-License-Identifier: Apache-2.0
/** Files of the file systems that Hadoop's clients reach: HDFS, object stores and others. */
package io.sparkarrays.spark.hadoop;
