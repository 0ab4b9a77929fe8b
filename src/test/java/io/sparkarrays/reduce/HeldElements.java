// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.reduce;

/** Elements in one Java array, for tests. */
record HeldElements(Object array) implements ElementMemory {

  @SuppressWarnings("SuspiciousSystemArraycopy") // The wrong kind of array fails, as it should.
  private void copyTo(int from, int count, Object to, int at) {
    System.arraycopy(array, from, to, at, count);
  }

  @Override
  public void copy(int from, int count, byte[] to, int at) {
    copyTo(from, count, to, at);
  }

  @Override
  public void copy(int from, int count, short[] to, int at) {
    copyTo(from, count, to, at);
  }

  @Override
  public void copy(int from, int count, int[] to, int at) {
    copyTo(from, count, to, at);
  }

  @Override
  public void copy(int from, int count, long[] to, int at) {
    copyTo(from, count, to, at);
  }

  @Override
  public void copy(int from, int count, float[] to, int at) {
    copyTo(from, count, to, at);
  }

  @Override
  public void copy(int from, int count, double[] to, int at) {
    copyTo(from, count, to, at);
  }
}
