// SPDX-License-Identifier: Apache-2.0
/**
 * The HDF Group's library, which creates files and is a second way to read elements, through the
 * Java API {@code hdf.hdf5lib}, which two jars offer: {@code org.bytedeco:hdf5} and JHDF5. Either
 * is optional; calls keep to what both have.
 */
package io.sparkarrays.hdf5.library;
