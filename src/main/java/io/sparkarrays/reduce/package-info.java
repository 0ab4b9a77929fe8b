// SPDX-License-Identifier: Apache-2.0
/** Reductions of frames as numpy defines them, over elements in memory of any kind. No Spark. */
package io.sparkarrays.reduce;
