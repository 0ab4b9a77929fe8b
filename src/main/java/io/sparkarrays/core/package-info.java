// SPDX-License-Identifier: Apache-2.0
/**
 * Arithmetic of dense arrays and positional bytes: element types, shapes, hyperslabs, scan × frame
 * layouts, sets of frames, byte sources and bulk element conversion. Needs nothing but the JDK.
 */
package io.sparkarrays.core;
