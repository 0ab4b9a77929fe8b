"""An application: zeros with one plane of fives, spread, moved to its second axis, written.

Arguments: the file, the extents, the chunk's extents, the first index of the plane, and maybe
"break" to break the lock of a dead writer. At the end it says so by a file beside, and waits until
that is removed: its executors are looked at meanwhile.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession


def main(file: str, extents: str, chunk: str, plane: str, lock: str = "") -> None:
    """Write."""
    spark = SparkSession.builder.getOrCreate()
    jvm: Any = spark._jvm
    core, memdata = jvm.io.sparkarrays.core, jvm.io.sparkarrays.memdata
    root = jvm.io.sparkarrays.spark.memdata.SparkDistributor.group(spark._jsparkSession)
    five = core.NdArray.zeros(core.ElementType.FLOAT64, core.Shape.parse("1").dims())
    five.set(5.0, core.Shape.parse("0").dims())
    spec = memdata.DatasetSpec.of(five.type(), core.Shape.parse(extents))
    spec = spec.distributed(0).chunks(core.Shape.parse(chunk))
    vis = root.createDataset("vis", spec.compression(memdata.Compression.gzip(1)))
    vis.write(five, core.Index.parse(f"{plane}, :, 3"))
    vis.redistribute(1)
    how = getattr(memdata, "LockFile$Options")(False, lock == "break", jvm.java.time.Duration.ZERO)
    root.toFile(jvm.java.io.File(file).toPath(), memdata.WriteOptions.DEFAULT.lock(how))
    done = Path(file + ".done")
    done.touch()
    while done.exists():
        time.sleep(0.1)


if __name__ == "__main__":
    main(*sys.argv[1:])
