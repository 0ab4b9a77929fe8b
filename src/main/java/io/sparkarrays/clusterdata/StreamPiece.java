// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import io.sparkarrays.core.FrameIntervals;
import java.io.Serializable;

/**
 * Some frames of a partition, or all, that a task of a stream has made durable: a file that is laid
 * out as the partition's, with holes where frames did not come.
 *
 * @param name the file's name in the stream's folder
 * @param partition the partition
 * @param host the host that wrote it
 * @param frames the frames that it has
 */
public record StreamPiece(String name, int partition, String host, FrameIntervals frames)
    implements Serializable {}
