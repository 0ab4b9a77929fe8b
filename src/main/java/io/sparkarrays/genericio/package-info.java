// SPDX-License-Identifier: Apache-2.0
/**
 * GenericIO, the file format of the HACC cosmology code: columns of numbers, cut into one block a
 * rank of the program that wrote them, each with a checksum. {@code docs/genericio.md} describes
 * what is read and written. Needs {@code core} and {@code codec}, no Spark.
 */
package io.sparkarrays.genericio;
