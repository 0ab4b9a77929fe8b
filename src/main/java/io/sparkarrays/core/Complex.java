// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.io.Serializable;

/** A complex number. */
public record Complex(double re, double im) implements Serializable {}
