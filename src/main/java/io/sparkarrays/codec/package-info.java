// SPDX-License-Identifier: Apache-2.0
/**
 * Compressed blocks of bytes, as scientific file formats use them: Blosc frames, the shuffles, and
 * the general compressors behind them. The compressors that the JDK lacks come from the libraries
 * that Spark brings; each is optional and found when it is first needed.
 */
package io.sparkarrays.codec;
