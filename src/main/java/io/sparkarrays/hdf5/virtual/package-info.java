// SPDX-License-Identifier: Apache-2.0
/** Virtual data sets: which parts of which other data sets theirs are made of. */
package io.sparkarrays.hdf5.virtual;
