"""Format hdf5: virtual data sets of h5py as tables of frames."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from pyspark.sql import SparkSession

import vds_samples
from hdf5_tables import frames, read, refused

CASES = Path(__file__).resolve().parents[2] / "src/test/resources/vds"
FORMS = ["array", "nested", "binary"]


def reads() -> list[Any]:
    """Give each read of the reference files."""
    index = json.loads((CASES / "index.json").read_text())
    return [
        pytest.param(about["case"], one, id=f"{about['case']}-{one['key']}")
        for about in index
        for one in about["reads"]
    ]


def test_reference_files(spark: SparkSession) -> None:
    """All of them equal what is expected, in one of the forms of frames each."""
    for number, parameter in enumerate(reads()):
        case, about = parameter.values
        expected = np.load(CASES / case / "expected.npz")[about["key"]]
        form = FORMS[number % 3]
        df = read(
            spark,
            CASES / case / about["master"],
            dataset=about["dataset"],
            missing="fill",
            vdsView=about["view"],
            vdsPrintfGap=about["printf_gap"],
            frames=form,
            maxPartitionBytes=max(8, expected.nbytes // 3),
        )
        said = f"{parameter.id} {form}"
        assert df.schema[-1].metadata["dtype"] == str(expected.dtype), said
        rows = [row[1] for row in sorted(df.select("frame_index", df.columns[-1]).collect())]
        if rows and isinstance(rows[0], bytes | bytearray):
            little = expected.dtype.newbyteorder("<")
            found = np.array([np.frombuffer(row, little) for row in rows])
        else:
            found = np.array(rows)
        np.testing.assert_array_equal(found.reshape(expected.shape), expected, err_msg=said)


def test_random_virtual_data_sets(spark: SparkSession, tmp_path: Path) -> None:
    """Any selections, overlaps, holes and missing sources, cut into tasks of any size."""
    rng = np.random.default_rng(7)
    for sample in vds_samples.write(tmp_path, 7, 12):
        values = sample.values
        scan_rank = int(rng.integers(0, values.ndim + 1))
        df = read(
            spark,
            tmp_path / "master.h5",
            dataset=sample.name,
            missing="fill",
            scanRank=scan_rank,
            maxPartitionBytes=values.nbytes // int(rng.integers(1, 8)) + 1,
        )
        if values.size == 0 or values.dtype.kind in "cV":
            assert df.count() == int(np.prod(values.shape[:scan_rank]))
            continue
        column = df.columns[-1]
        found = [row[1] for row in sorted(df.select("frame_index", column).collect())]
        expected = values.reshape(len(found), -1) if scan_rank < values.ndim else values.ravel()
        assert np.array(found).shape == expected.shape, sample
        np.testing.assert_array_equal(
            np.array(found, dtype="O").astype("O").tolist(), expected.tolist(), err_msg=str(sample)
        )


def write_sources(folder: Path, count: int, rows: int) -> np.ndarray[Any, Any]:
    """Write files 0.h5, 1.h5, … with frames of 2 × 3."""
    values = np.arange(count * rows * 6, dtype="<i4").reshape(count, rows, 2, 3)
    for k in range(count):
        with h5py.File(folder / f"{k}.h5", "w") as file:
            file.create_dataset("data", data=values[k], chunks=(1, 2, 3), compression="gzip")
    return values


def layout(kind: str, folder: Path, count: int, rows: int, master: str = "master.h5") -> Path:
    """Write a virtual data set of the sources that follow each other, alternate or lie beside."""
    shape = (rows, 2 * count, 3) if kind == "beside" else (count * rows, 2, 3)
    virtual = h5py.VirtualLayout(shape, "<i4")
    for k in range(count):
        source = h5py.VirtualSource(f"{k}.h5", "data", (rows, 2, 3))
        if kind == "beside":
            virtual[:, 2 * k : 2 * k + 2] = source
        elif kind == "along":
            virtual[k * rows : (k + 1) * rows] = source
        else:
            virtual[k::count] = source
    path = folder / master
    with h5py.File(path, "w") as file:
        file.create_virtual_dataset("data", virtual, fillvalue=-5)
    return path


def whole(kind: str, values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Give what the virtual data set holds."""
    count, rows = values.shape[:2]
    shape = (rows, 2 * count, 3) if kind == "beside" else (count * rows, 2, 3)
    order = (0, 1, 2, 3) if kind == "along" else (1, 0, 2, 3)
    held: np.ndarray[Any, Any] = values.transpose(order).reshape(shape)
    return held


@pytest.mark.parametrize("kind", ["along", "beside", "alternating"])
def test_missing_sources(spark: SparkSession, tmp_path: Path, kind: str) -> None:
    """A source that is nowhere is an error, filled, or leaves its frames out."""
    values = write_sources(tmp_path, 4, 5)
    master = layout(kind, tmp_path, 4, 5)
    expected = whole(kind, values)
    df = read(spark, master, maxPartitionBytes=100)
    np.testing.assert_array_equal(frames(df, "data", expected.shape), expected)
    (tmp_path / "2.h5").unlink()
    message = refused(lambda: read(spark, master).collect())
    assert "VDS_SOURCE_MISSING" in message
    assert "2.h5" in message
    values[2] = -5
    filled = read(spark, master, missing="fill")
    np.testing.assert_array_equal(frames(filled, "data", expected.shape), whole(kind, values))
    left = sorted(
        row[0] for row in read(spark, master, missing="skip").select("frame_index").collect()
    )
    assert (
        left
        == {
            "along": [*range(10), *range(15, 20)],
            "beside": [],
            "alternating": [k for k in range(20) if k % 4 != 2],
        }[kind]
    )
    if kind != "beside":
        index = 0 if kind == "along" else 1
        assert read(spark, master).where(f"frame_index = {index}").count() == 1
        row = read(spark, master).where(f"frame_index = {index}").select("data").collect()[0]
        assert row.data == expected[index].ravel().tolist()


def test_files_that_lack_the_data_set(spark: SparkSession, tmp_path: Path) -> None:
    """A source that its file does not have is like one whose file is nowhere."""
    values = write_sources(tmp_path, 4, 5)
    master = layout("along", tmp_path, 4, 5)
    with h5py.File(tmp_path / "2.h5", "r+") as file:
        file["other"] = file["data"]
        del file["data"]
    message = refused(lambda: read(spark, master).collect())
    assert "VDS_SOURCE_MISSING" in message
    assert "'2.h5', 'data'" in message
    left = read(spark, master, missing="skip")
    assert left.count() == 15
    values = np.delete(values, 2, axis=0)
    np.testing.assert_array_equal(frames(left, "data", (15, 2, 3)), values.reshape(15, 2, 3))
    filled = read(spark, master, missing="fill").where("frame_index = 12").collect()
    assert filled[0].data == [-5] * 6
    with h5py.File(master, "r+") as file:
        same = h5py.VirtualLayout((2,), "i4")
        file["here"] = [3, 4]
        same[:1] = h5py.VirtualSource(".", "here", (2,))[1:]
        same[1:] = h5py.VirtualSource(".", "gone", (1,))
        file.create_virtual_dataset("same", same)
    kept = read(spark, master, dataset="same", missing="skip").collect()
    assert [(row.frame_index, row.same) for row in kept] == [(0, 4)]


def test_count_needs_no_sources(spark: SparkSession, tmp_path: Path) -> None:
    """The mappings alone tell shapes and counts; predicates leave sources closed."""
    write_sources(tmp_path, 3, 4)
    master = layout("along", tmp_path, 3, 4)
    for k in (0, 2):
        (tmp_path / f"{k}.h5").unlink()
    df = read(spark, master)
    assert df.count() == 12
    assert df.where("frame_index BETWEEN 4 AND 7").selectExpr("sum(data[0])").collect()[0][
        0
    ] == sum(24 + 6 * k for k in range(4))


def test_sources_of_several_masters(spark: SparkSession, tmp_path: Path) -> None:
    """Virtual data sets of several files follow each other."""
    values = write_sources(tmp_path, 4, 5)
    kinds = ["along", "alternating"]
    for kind in kinds:
        layout(kind, tmp_path, 4, 5, f"master_{kind}.h5")
    expected = np.concatenate([whole(kind, values) for kind in kinds])
    df = read(spark, tmp_path / "master_*.h5", maxPartitionBytes=200)
    np.testing.assert_array_equal(frames(df, "data", expected.shape), expected)
    assert df.where("frame_index = 3").count() == 2


def test_sources_outside(spark: SparkSession, tmp_path: Path) -> None:
    """Option sources = below refuses sources elsewhere, also from the virtual data set."""
    run, raw = tmp_path / "run", tmp_path / "raw"
    run.mkdir()
    raw.mkdir()
    write_sources(raw, 1, 4)
    virtual = h5py.VirtualLayout((4, 2, 3), "<i4")
    virtual[...] = h5py.VirtualSource(str(raw / "0.h5"), "data", (4, 2, 3))
    with h5py.File(run / "master.h5", "w") as file:
        file.create_virtual_dataset("data", virtual)
    assert len(read(spark, run / "master.h5").collect()) == 4
    message = refused(lambda: read(spark, run / "master.h5", sources="below").collect())
    assert "SOURCE_OUTSIDE" in message


def test_first_example_of_the_documentation(spark: SparkSession, tmp_path: Path) -> None:
    """Four files of 100 numbers are the rows of one data set, where -5 stands for no data."""
    virtual = h5py.VirtualLayout(shape=(4, 100), dtype="i4")
    for n in range(1, 5):
        with h5py.File(tmp_path / f"{n}.h5", "w") as file:
            file.create_dataset("data", (100,), "i4", np.arange(100) + n)
        virtual[n - 1] = h5py.VirtualSource(str(tmp_path / f"{n}.h5"), "data", shape=(100,))
    with h5py.File(tmp_path / "VDS.h5", "w", libver="latest") as file:
        file.create_virtual_dataset("data", virtual, fillvalue=-5)
    df = read(spark, tmp_path / "VDS.h5")
    assert [row.data for row in df.orderBy("frame_index").collect()] == [
        list(range(n, 100 + n)) for n in range(1, 5)
    ]
    (tmp_path / "3.h5").unlink()
    df = read(spark, tmp_path / "VDS.h5", missing="fill")
    assert df.where("frame_index = 2").collect()[0].data == [-5] * 100


@pytest.mark.parametrize("kind", ["along", "beside", "alternating"])
def test_rows_tell_their_sources(spark: SparkSession, tmp_path: Path, kind: str) -> None:
    """Column _vds_source names the files that a frame is made of."""
    write_sources(tmp_path, 3, 4)
    df = read(spark, layout(kind, tmp_path, 3, 4))
    found = sorted(df.select("frame_index", "_vds_source", "_file").collect())
    assert {Path(row[2]).name for row in found} == {"master.h5"}
    assert [row[1] for row in found] == {
        "along": [f"{k // 4}.h5" for k in range(12)],
        "beside": ["0.h5,1.h5,2.h5"] * 4,
        "alternating": [f"{k % 3}.h5" for k in range(12)],
    }[kind]
    assert df.where("_vds_source LIKE '%1.h5%'").count() == 4
    counts = {row[0]: row[1] for row in df.groupBy("_vds_source").count().collect()}
    assert sum(counts.values()) == len(found)
