// SPDX-License-Identifier: Apache-2.0
/**
 * What is done to a chunk's bytes between file and memory: compression, shuffling, checksums. Users
 * add filters through {@link io.sparkarrays.hdf5.filter.Filter} and the {@code ServiceLoader}.
 */
package io.sparkarrays.hdf5.filter;
