// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.write;

import io.sparkarrays.spark.source.SealedFile;
import java.util.List;
import org.apache.spark.sql.connector.write.WriterCommitMessage;

/** What a task tells the driver: the files that it sealed. */
record SealedFiles(List<SealedFile> files) implements WriterCommitMessage {}
