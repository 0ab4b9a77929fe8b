// SPDX-License-Identifier: Apache-2.0
/**
 * Zarr of version 2, in folders and zip archives: groups, arrays in compressed chunks, attributes.
 */
package io.sparkarrays.memdata.zarr;
