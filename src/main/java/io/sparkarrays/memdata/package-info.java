// SPDX-License-Identifier: Apache-2.0
/**
 * HDF5-like containers: trees of groups, attributes and data sets that live in memory or in files,
 * behind one interface. The names are those of caput's memdata, whose files interchange. Needs no
 * Spark; what spreads data sets over a cluster plugs in as a {@link
 * io.sparkarrays.memdata.Distributor}. Containers are not safe for several threads at once.
 */
package io.sparkarrays.memdata;
