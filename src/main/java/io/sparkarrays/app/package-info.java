// SPDX-License-Identifier: Apache-2.0
/** The application for {@code spark-submit}: jobs on data sets without writing code. */
package io.sparkarrays.app;
