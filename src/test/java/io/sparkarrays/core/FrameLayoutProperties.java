// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class FrameLayoutProperties {

  @Provide
  Arbitrary<long[]> scans() {
    return Arbitraries.longs().between(1, 5).array(long[].class).ofMaxSize(4);
  }

  @Property
  void coordinatesAreThoseOfCounting(@ForAll("scans") long[] scan) {
    FrameLayout layout = new FrameLayout(Shape.of(scan), Shape.of(2, 3));
    long[] position = new long[scan.length];
    for (long frame = 0; frame < layout.frames(); frame++) {
      for (int axis = 0; axis < scan.length; axis++) {
        assertThat(layout.coordinate(frame, axis)).isEqualTo(position[axis]);
      }
      assertThat(layout.frameIndex(position)).isEqualTo(frame);
      int axis = scan.length - 1;
      while (axis >= 0 && ++position[axis] == scan[axis]) {
        position[axis--] = 0;
      }
    }
    assertThat(position).isEqualTo(new long[scan.length]);
  }

  @Example
  void strideIsTheDistanceOfNeighbours() {
    FrameLayout layout = new FrameLayout(Shape.of(4, 5, 6), Shape.of());
    assertThat(layout.stride(0)).isEqualTo(30);
    assertThat(layout.stride(1)).isEqualTo(6);
    assertThat(layout.stride(2)).isEqualTo(1);
    assertThat(layout.shape()).isEqualTo(Shape.of(4, 5, 6));
  }

  @Example
  void scanOfRankZeroHasOneFrame() {
    FrameLayout layout = new FrameLayout(Shape.of(), Shape.of(7));
    assertThat(layout.frames()).isEqualTo(1);
    assertThat(layout.frameIndex()).isZero();
  }

  @Example
  void positionOutsideTheScanIsRefused() {
    FrameLayout layout = new FrameLayout(Shape.of(4, 5), Shape.of());
    for (long[] position : new long[][] {{4, 0}, {0, 5}, {-1, 0}, {0}, {0, 0, 0}}) {
      assertThatThrownBy(() -> layout.frameIndex(position))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }
}
