"""What format hdf5 must do on every supported Spark version; `make test-matrix` runs it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import numpy.typing as npt
import pytest
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

SPARK_ERRORS = (PySparkException, Py4JJavaError)
FRAMES = 12


@pytest.fixture(scope="module")
def array() -> npt.NDArray[Any]:
    return np.arange(FRAMES * 10, dtype="uint16").reshape(FRAMES, 2, 5)


@pytest.fixture
def run(array: npt.NDArray[Any], tmp_path: Path) -> Path:
    """Give a file of frames, temperatures and labels."""
    path = tmp_path / "run.h5"
    with h5py.File(path, "w") as file:
        data = file.create_dataset(
            "entry/data", data=array, chunks=(2, 2, 5), compression="gzip", shuffle=True
        )
        data.attrs["units"] = "counts"
        file["entry/temperature"] = np.arange(FRAMES, dtype="f8") / 4
        file["entry/label"] = [f"frame {k}" for k in range(FRAMES)]
    return path


@pytest.fixture
def modules(array: npt.NDArray[Any], tmp_path: Path) -> Path:
    """Give a virtual data set of two modules beside each other."""
    layout = h5py.VirtualLayout(array.shape, "uint16")
    for k in range(2):
        with h5py.File(tmp_path / f"module-{k}.h5", "w") as file:
            file["data"] = array[:, k : k + 1]
        layout[:, k : k + 1] = h5py.VirtualSource(f"module-{k}.h5", "data", (FRAMES, 1, 5))
    path = tmp_path / "master.h5"
    with h5py.File(path, "w", libver="latest") as file:
        file.create_virtual_dataset("data", layout, fillvalue=7)
    return path


def read(spark: SparkSession, path: Path, **options: Any) -> DataFrame:
    return spark.read.format("hdf5").options(**options).load(str(path))


def frames(table: DataFrame) -> npt.NDArray[Any]:
    rows = table.select("frame_index", "data").orderBy("frame_index").collect()
    return np.array([row.data for row in rows], "uint16").reshape(-1, 2, 5)


def test_hdf5(spark: SparkSession, run: Path, array: npt.NDArray[Any]) -> None:
    table = read(spark, run, datasets="/entry/data, /entry/temperature, /entry/label")
    assert table.columns == ["frame_index", "data", "temperature", "label"]
    np.testing.assert_array_equal(frames(table), array)
    some = table.where("frame_index >= 4 AND temperature < 1.5").orderBy("frame_index")
    assert [row.label for row in some.collect()] == ["frame 4", "frame 5"]
    assert table.count() == FRAMES
    sums = table.selectExpr("arrays.frame_sum(data) AS s").where("s > 900").count()
    assert sums == (array.reshape(FRAMES, 10).sum(axis=1) > 900).sum()


@pytest.mark.parametrize("form", ["nested", "binary"])
def test_hdf5_forms_of_frames(
    spark: SparkSession, run: Path, array: npt.NDArray[Any], form: str
) -> None:
    table = read(spark, run, dataset="/entry/data", frames=form)
    row = table.where("frame_index = 6").collect()[0]
    assert row.data == (array[6].tolist() if form == "nested" else array[6].tobytes())


def test_hdf5_virtual(spark: SparkSession, modules: Path, array: npt.NDArray[Any]) -> None:
    table = read(spark, modules, maxPartitionBytes=100)
    np.testing.assert_array_equal(frames(table), array)
    (modules.parent / "module-1.h5").unlink()
    assert table.where("frame_index < 3").count() == 3
    with pytest.raises(SPARK_ERRORS, match=r"\[VDS_SOURCE_MISSING\]"):
        read(spark, modules).collect()
    half = array.copy()
    half[:, 1] = 7
    np.testing.assert_array_equal(frames(read(spark, modules, missing="fill")), half)


def test_hdf5_catalog(spark: SparkSession, run: Path) -> None:
    spark.conf.set("spark.sql.catalog.h5", "io.sparkarrays.spark.catalog.Hdf5Catalog")
    where = f"h5.`{run}`.entry"
    mean = f"SELECT avg(temperature) FROM {where}.temperature WHERE frame_index < 5"
    assert spark.sql(mean).collect()[0][0] == 0.5
    tables = spark.sql(f"SHOW TABLES IN {where}").collect()
    assert [row.tableName for row in tables] == ["data", "label", "temperature"]
    described = spark.sql(f"DESCRIBE TABLE EXTENDED {where}.data").collect()
    assert "units=counts" in str(described)
    with pytest.raises(SPARK_ERRORS, match="OPERATION_UNSUPPORTED"):
        spark.sql(f"DROP TABLE {where}.data")


def test_hdf5_stream(spark: SparkSession, tmp_path: Path, array: npt.NDArray[Any]) -> None:
    scan = tmp_path / "scan.h5"
    with h5py.File(scan, "w", libver="latest") as file:
        data = file.create_dataset(
            "data", (0, 2, 5), "uint16", chunks=(1, 2, 5), maxshape=(None, 2, 5)
        )
        keys = file.create_dataset("keys", (0,), "i8", chunks=(4,), maxshape=(None,))
        file.swmr_mode = True
        data.resize(8, 0)
        data[:] = array[:8]
        data.flush()
        keys.resize(8, 0)
        keys[:] = np.arange(1, 9)
        keys.flush()

        seen: list[int] = []

        def batch(rows: DataFrame, _: int) -> None:
            found = rows.select("frame_index", "data").collect()
            assert all(row.data == array[row.frame_index].ravel().tolist() for row in found)
            seen.extend(sorted(row.frame_index for row in found))

        def follow() -> None:
            stream = spark.readStream.format("hdf5").option("datasets", "/data")
            query = (
                stream.option("keys", "/keys")
                .load(str(scan))
                .writeStream.foreachBatch(batch)
                .option("checkpointLocation", str(tmp_path / "checkpoint"))
                .trigger(availableNow=True)
                .start()
            )
            assert query.awaitTermination(120)

        follow()
        assert seen == list(range(8))
        data.resize(12, 0)
        data[8:] = array[8:]
        data.flush()
        keys.resize(12, 0)
        keys[8:] = np.arange(9, 13)
        keys.flush()
        follow()
        assert seen == list(range(12))
