// SPDX-License-Identifier: Apache-2.0
/** The options that users give: one registry of names and meanings, and their typed values. */
package io.sparkarrays.spark.options;
