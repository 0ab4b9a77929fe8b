// SPDX-License-Identifier: Apache-2.0
/**
 * GenericIO files behind the seam: a table with a row per particle, and a range per rank. The files
 * are on storage that all hosts share. {@code docs/genericio.md} is for users.
 */
package io.sparkarrays.spark.genericio;
