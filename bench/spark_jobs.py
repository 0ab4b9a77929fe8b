"""The Spark jobs that are timed: ours, and what a user writes without the connector."""

from __future__ import annotations

import json
import os
import shutil
from functools import partial, reduce
from pathlib import Path

import frames
import numpy as np
from frames import Array
from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.functions import arrow_udf
from pyspark.sql.types import DoubleType

PARTITIONS = 8


def sums(rows: DataFrame) -> Array:
    """Give the second column in the order of the first."""
    table = rows.toArrow()
    result: Array = table.column(1).to_numpy()[np.argsort(table.column(0).to_numpy())]
    return result


class Jobs:
    """Jobs over one data set; each gives a result that must agree with its peers'."""

    def __init__(self, spark: SparkSession, out: Path, count: int) -> None:
        self.spark, self.out, self.count = spark, out, count
        self.set = out / "set"
        spark.sparkContext.addPyFile(str(Path(__file__).with_name("frames.py")))
        index = spark.range(0, count, 1, PARTITIONS)
        self.rows = index.mapInArrow(frames.simulate, "frame_index long, frame array<float>")

    def cache(self) -> None:
        """Keep the rows to write in memory."""
        self.rows.persist(StorageLevel.MEMORY_ONLY)
        self.noop()

    def table(self) -> DataFrame:
        """Give the data set as a table."""
        return self.spark.read.format("clusterdata").load(str(self.set))

    def write(self, distribution: str = "hash") -> float:
        """Write the rows as a data set."""
        (
            self.rows.write.format("clusterdata")
            .option("scanShape", f"{self.count // 64},64")
            .option("frameShape", f"{frames.SIDE},{frames.SIDE}")
            .option("partitions", PARTITIONS)
            .option("distribution", distribution)
            .mode("overwrite")
            .save(str(self.set))
        )
        return frames.size_of(frames.parts(self.set))

    def write_parquet(self) -> float:
        """Write the rows as uncompressed Parquet."""
        rows = self.rows.write.option("compression", "none").mode("overwrite")
        rows.parquet(str(self.out / "parquet"))
        return float(self.count * frames.FRAME_BYTES)

    def write_tofile(self) -> float:
        """Write the rows from Python, a raw file a task."""
        folder = self.out / "tofile"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        self.rows.mapInArrow(
            partial(frames.tofile, str(folder)), "n long"
        ).groupBy().sum().collect()
        return frames.size_of(list(folder.iterdir()))

    def write_hdf5(self, compression: str, **options: str) -> float:
        """Write the rows as an HDF5 result."""
        path = self.out / "result.h5"
        writer = self.rows.write.format("hdf5").mode("overwrite").options(**options)
        writer.option("frameShape", f"{frames.SIDE},{frames.SIDE}").option(
            "compression", compression
        ).save(str(path))
        return float(self.count * frames.FRAME_BYTES)

    def write_h5py(self, compression: str | None) -> float:
        """Write the rows from Python, an HDF5 file a task."""
        folder = self.out / "h5py"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        rows = self.rows.mapInArrow(partial(frames.h5py_file, str(folder), compression), "n long")
        counted = rows.groupBy().sum().collect()[0][0]
        return float(counted * frames.FRAME_BYTES)

    def noop(self) -> float:
        """Make the rows and write nothing."""
        self.rows.write.format("noop").mode("overwrite").save()
        return float(self.count * frames.FRAME_BYTES)

    def scan_sizes(self) -> float:
        """Read every frame in the JVM and ask for its length."""
        total = self.table().selectExpr("sum(size(frame))").first()
        assert total is not None
        return float(total[0] * 4)

    def sums_by_function(self) -> Array:
        """Sum each frame by our function."""
        return sums(self.table().selectExpr("frame_index", "arrays.frame_sum(frame)"))

    def sums_by_udf(self) -> Array:
        """Sum each frame in Python by an Arrow UDF, which Spark feeds whole columns."""
        sum_of = arrow_udf(frames.sums_of_column, DoubleType())  # type: ignore[call-overload]
        return sums(self.table().select("frame_index", sum_of("frame")))

    def sums_by_map(self) -> Array:
        """Sum each frame in Python by mapInArrow, for which Spark copies row by row."""
        rows = self.table().select("frame_index", "frame")
        return sums(rows.mapInArrow(frames.sums_of_batches, "frame_index long, sum double"))

    def sums_by_hand(self) -> Array:
        """Sum each frame in Python by RDD and numpy.memmap."""
        files = [str(file) for file in frames.parts(self.set)]
        rdd = self.spark.sparkContext.parallelize(files, len(files))
        return np.concatenate(rdd.map(frames.sums_of_file).collect())

    def total_by_function(self) -> Array:
        """Sum all frames element by element by our aggregate."""
        total = self.table().selectExpr("arrays.frame_total(frame)").toArrow()
        result: Array = total.column(0).combine_chunks().flatten().to_numpy()
        return result

    def total_by_hand(self) -> Array:
        """Sum all frames element by element by RDD and numpy.memmap."""
        files = [str(file) for file in frames.parts(self.set)]
        rdd = self.spark.sparkContext.parallelize(files, len(files))
        return reduce(np.add, rdd.map(frames.total_of_file).collect())


class Planning:
    """The planning of a read of very many files."""

    def __init__(self, spark: SparkSession, out: Path, files: int) -> None:
        self.spark, self.set, self.files = spark, out / "many", files
        parts = self.set / "parts"
        parts.mkdir(parents=True)
        bounds = [[i, i + 1] for i in range(files)]
        sidecar = {"version": 1, "slices": bounds, "shape": [files, 2]}
        text = json.dumps({**sidecar, "sig_dims": 1, "dtype": "float32"})
        (self.set / "structure.json").write_text(text)
        for i in range(files):
            file = os.open(parts / f"partition-{i:08d}", os.O_CREAT | os.O_WRONLY)
            os.write(file, bytes(8))
            os.close(file)

    def _planned(self, table: DataFrame) -> float:
        plan = table._jdf.queryExecution()
        assert plan.toRdd().getNumPartitions() > 0
        return float(self.files)

    def plan(self) -> float:
        """Open the data set and plan the tasks that read it."""
        return self._planned(self.spark.read.format("clusterdata").load(str(self.set)))

    def plan_binary(self) -> float:
        """Have Spark's own source of whole files do so."""
        source = self.spark.read.format("binaryFile")
        return self._planned(source.load(str(self.set / "parts")))
