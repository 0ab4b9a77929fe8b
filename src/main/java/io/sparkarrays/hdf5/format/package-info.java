// SPDX-License-Identifier: Apache-2.0
/**
 * The structures of an HDF5 file by the format's own concepts: superblock, object headers and their
 * messages, heaps, B-trees, chunk indexes. Everything read is bounded by the file's size, every
 * checksum is verified, and no structure is followed in circles. Section numbers in the comments
 * are those of the "HDF5 File Format Specification Version 4.0"; names of C files are the HDF Group
 * library's, which is right where the two differ.
 */
package io.sparkarrays.hdf5.format;
