"""The catalog of HDF5 files, as SQL sees it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import h5py
import numpy as np
import pyspark
import pytest
from pyspark.sql import SparkSession

import spark_arrays
from hdf5_tables import refused


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Write a file with groups, a table of records, and arrays of one scan."""
    path = tmp_path / "run.h5"
    with h5py.File(path, "w") as file:
        file.attrs["instrument"] = "I22"
        entry = file.create_group("entry")
        entry.attrs["title"] = "a scan"
        records = np.zeros(20, [("temperature", "f8"), ("pressure", "f4"), ("label", "S3")])
        records["temperature"] = np.arange(20)
        records["pressure"] = 2 * np.arange(20)
        records["label"] = [f"{k:03d}" for k in range(20)]
        entry.create_dataset("sensors", data=records, chunks=(7,), compression="gzip")
        motors = entry.create_group("motors")
        motors["x"] = np.arange(20.0)
        motors["y"] = -np.arange(20.0)
        data = entry.create_dataset("data", data=np.arange(20 * 6).reshape(20, 2, 3))
        data.attrs["units"] = "counts"
    return path


@pytest.fixture
def catalog(spark: SparkSession) -> str:
    """Register the catalog under a name of its own."""
    spark.conf.set("spark.sql.catalog.h5", "io.sparkarrays.spark.catalog.Hdf5Catalog")
    return "h5"


def test_data_sets_are_tables(spark: SparkSession, catalog: str, run: Path) -> None:
    """A data set, the members of records, a group of one scan, and a whole file."""
    where = f"{catalog}.`{run}`.entry"
    total = spark.sql(f"SELECT avg(temperature) FROM {where}.sensors WHERE frame_index < 10")
    assert total.collect()[0][0] == 4.5
    both = spark.sql(
        f"SELECT label, pressure, temperature FROM {where}.sensors WHERE pressure > 36"
    )
    assert [tuple(row) for row in both.collect()] == [("019", 38.0, 19.0)]
    frame = spark.sql(f"SELECT data FROM {where}.data WHERE frame_index = 3").collect()[0][0]
    assert frame == list(range(18, 24))
    motors = spark.sql(f"SELECT sum(x + y), count(*) FROM {where}.motors").collect()[0]
    assert tuple(motors) == (0.0, 20)
    assert spark.table(f"{catalog}.`{run}`.entry.data").count() == 20
    assert spark.sql(f"SELECT * FROM {catalog}.`{run}`.`entry/data` LIMIT 2").count() == 2


def test_what_there_is_is_listed(spark: SparkSession, catalog: str, run: Path) -> None:
    """Folders, files and groups are namespaces; data sets are tables."""
    (run.parent / "deeper").mkdir()
    (run.parent / "notes.txt").write_text("no HDF5")
    spaces = spark.sql(f"SHOW NAMESPACES IN {catalog}.`{run.parent}`").collect()
    assert [row[0].rsplit(".", 1)[-1].strip("`") for row in spaces if "deeper" in row[0]]
    assert len(spaces) == 2
    groups = [row[0] for row in spark.sql(f"SHOW NAMESPACES IN {catalog}.`{run}`").collect()]
    assert len(groups) == 1
    assert groups[0].endswith("entry")
    tables = [
        row.tableName for row in spark.sql(f"SHOW TABLES IN {catalog}.`{run}`.entry").collect()
    ]
    assert tables == ["data", "motors", "sensors"]
    about = {
        row[0]: row[1]
        for row in spark.sql(f"DESCRIBE NAMESPACE EXTENDED {catalog}.`{run}`").collect()
    }
    assert "I22" in str(about)
    text = "\n".join(
        str(tuple(row))
        for row in spark.sql(f"DESCRIBE TABLE EXTENDED {catalog}.`{run}`.entry.data").collect()
    )
    assert "units=counts" in text
    assert "shape=(20, 2, 3)" in text
    assert "frame_index" in text


def test_missing_sources_hide_no_siblings(spark: SparkSession, catalog: str, run: Path) -> None:
    """A data set whose extents nobody knows is listed, and its group too."""
    source = h5py.VirtualSource("gone.h5", "data", shape=(5,), maxshape=(None,), dtype="i4")
    layout = h5py.VirtualLayout(shape=(5,), maxshape=(None,), dtype="i4")
    layout[: h5py.h5s.UNLIMITED] = source[: h5py.h5s.UNLIMITED]
    with h5py.File(run, "a") as file:
        file["entry/motors"].create_virtual_dataset("z", layout)
    where = f"{catalog}.`{run}`.entry.motors"
    tables = [row.tableName for row in spark.sql(f"SHOW TABLES IN {where}").collect()]
    assert tables == ["x", "y", "z"]
    assert spark.table(f"{where}.x").count() == 20
    assert "VDS_SOURCE_MISSING" in refused(lambda: spark.table(f"{where}.z"))


def test_a_root_makes_names_short(spark: SparkSession, run: Path) -> None:
    """Names begin at the folder that the session names."""
    spark.conf.set("spark.sql.catalog.h5root", "io.sparkarrays.spark.catalog.Hdf5Catalog")
    spark.conf.set("spark.sql.catalog.h5root.root", str(run.parent))
    assert spark.table("h5root.`run.h5`.entry.data").count() == 20
    assert "run.h5" in str(spark.sql("SHOW NAMESPACES IN h5root").collect())


def test_nothing_is_written(spark: SparkSession, catalog: str, run: Path) -> None:
    """All that would change something is refused, and what is not there is told."""
    where = f"{catalog}.`{run}`.entry"
    before = run.read_bytes()
    for statement in (
        f"CREATE TABLE {where}.other (x INT)",
        f"DROP TABLE {where}.data",
        f"ALTER TABLE {where}.data RENAME TO {where}.other",
        f"CREATE NAMESPACE {where}.deeper",
        f"DROP NAMESPACE {where}",
        f"INSERT INTO {where}.motors VALUES (1, 1.0, 1.0)",
    ):
        assert "OPERATION_UNSUPPORTED" in refused(lambda s=statement: spark.sql(s)), statement
    assert run.read_bytes() == before
    for name in (f"{where}.nothing", f"{catalog}.`/nowhere.h5`.entry"):
        assert "TABLE_OR_VIEW_NOT_FOUND" in refused(lambda n=name: spark.table(n).count())


def test_plain_spark_sql(run: Path) -> None:
    """The command spark-sql needs two lines of configuration, and no code."""
    jars = Path(spark_arrays.__file__).parent / "jars" / "spark-arrays.jar"
    home = Path(pyspark.__file__).parent
    where = f"hdf5.`{run}`.entry"
    queries = [
        f"SHOW TABLES IN {where}",
        f"DESCRIBE TABLE EXTENDED {where}.data",
        f"SELECT count(*) FROM {where}.data WITH (maxPartitionBytes = 100)",
        f"SELECT avg(temperature) FROM {where}.sensors WHERE frame_index < 10",
    ]
    done = subprocess.run(
        [
            str(home / "bin" / "spark-sql"),
            *("--conf", f"spark.jars={jars}"),
            *("--conf", "spark.sql.catalog.hdf5=io.sparkarrays.spark.catalog.Hdf5Catalog"),
            *("--master", "local[1]"),
            *("--driver-java-options", "-XX:TieredStopAtLevel=1"),
            *("-e", "; ".join(queries)),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=run.parent,
        env={**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1"},
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    lines = done.stdout.strip().splitlines()
    assert lines[-2:] == ["20", "4.5"]
    assert lines[:3] == ["data", "motors", "sensors"]
    assert "units=counts" in done.stdout
