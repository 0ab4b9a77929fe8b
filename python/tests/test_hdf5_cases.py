"""Format hdf5: virtual reference files in all forms of frames; files that are not opened."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from pyspark.sql import SparkSession

from hdf5_tables import frames, read, refused

RESOURCES = Path(__file__).resolve().parents[2] / "src/test/resources"
FORMS = ["array", "nested", "binary"]


def references() -> dict[Path, dict[str, Any]]:
    """Give what the virtual data sets of each file hold that need no other access properties."""
    found: dict[Path, dict[str, Any]] = defaultdict(dict)
    for case in json.loads((RESOURCES / "vds/index.json").read_text()):
        folder = RESOURCES / "vds" / case["case"]
        expected = np.load(folder / "expected.npz")
        for one in case["reads"]:
            if one["view"] == "last_available" and one["printf_gap"] == 0:
                found[folder / one["master"]][one["dataset"]] = expected[one["key"]]
    for case in json.loads((RESOURCES / "hdf5/manifest.json").read_text())["files"]:
        for one in case["datasets"]:
            if one["layout_class"] == "virtual" and ".npz" in one["expected"]:
                name, key = one["expected"].split("#")
                values = np.load(RESOURCES / "hdf5" / name)[key]
                found[RESOURCES / "hdf5" / case["file"]][one["dataset"]] = values
    return found


REFERENCES = references()


def stacked(rows: list[Any], form: str, expected: Any) -> Any:
    """Give the frames of a column in the shape of what is expected."""
    if rows and isinstance(rows[0], bytes | bytearray):
        assert form == "binary"
        little = expected.dtype.newbyteorder("<")
        return np.array([np.frombuffer(row, little) for row in rows]).reshape(expected.shape)
    if form == "nested" and rows and expected.ndim > 1:
        assert np.shape(rows[0]) == expected.shape[-np.ndim(rows[0]) :]
    return np.array(rows).reshape(expected.shape)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "master",
    sorted(path for path in REFERENCES if path.parent.name != "cases"),
    ids=lambda path: path.parent.name,
)
def test_virtual_data_sets(spark: SparkSession, master: Path, form: str) -> None:
    """They equal what is expected, cut into several tasks."""
    for name, expected in REFERENCES[master].items():
        size = max(8, expected.nbytes // 3)
        df = read(spark, master, dataset=name, missing="fill", frames=form, maxPartitionBytes=size)
        column = df.columns[-1]
        assert np.dtype(df.schema[column].metadata["dtype"]) == expected.dtype
        rows = [row[1] for row in sorted(df.select("frame_index", column).collect())]
        np.testing.assert_array_equal(stacked(rows, form, expected), expected, err_msg=name)


@pytest.mark.parametrize(
    "master",
    sorted(path for path in REFERENCES if path.parent.name == "cases"),
    ids=lambda path: path.stem,
)
def test_versions_of_the_format(spark: SparkSession, master: Path) -> None:
    """Virtual data sets of one scan beside each other; each version of a file in another form."""
    form = FORMS[sorted(REFERENCES).index(master) % 3]
    scans = defaultdict(list)
    for name, expected in REFERENCES[master].items():
        scans[len(expected)].append(name)
    for names in scans.values():
        datasets = ",".join(names)
        df = read(spark, master, datasets=datasets, scanRank=1, missing="fill", frames=form)
        rows = df.orderBy("frame_index").collect()
        for name in names:
            expected = REFERENCES[master][name]
            found = stacked([row[name.strip("/")] for row in rows], form, expected)
            np.testing.assert_array_equal(found, expected, err_msg=name)


def test_references_are_there() -> None:
    """The files are found: a test over nothing would pass."""
    cases = {path.parent.name for path in REFERENCES}
    assert len(REFERENCES) >= 25
    assert {"cases", "eiger_use_case", "odin_blocks_fixed", "growing_tail"} <= cases


def test_one_file_is_opened_for_the_schema(spark: SparkSession, tmp_path: Path) -> None:
    """Of very many files only the first need be HDF5, until rows are wanted."""
    for k in range(2000):
        (tmp_path / f"{k:05d}.h5").write_bytes(b"nothing of HDF5")
    with h5py.File(tmp_path / "00000.h5", "w") as file:
        file["data"] = np.arange(6, dtype="u2").reshape(2, 3)
    df = read(spark, tmp_path / "*.h5")
    assert df.columns == ["frame_index", "data"]
    assert df.schema["data"].metadata["shape"] == [3]
    assert "0000" in refused(df.count)


def test_tasks_open_the_sources_they_need(spark: SparkSession, tmp_path: Path) -> None:
    """Sources of frames that nobody asks for need not be HDF5, neither to plan nor to read."""
    count = 500
    layout = h5py.VirtualLayout((2 * count, 3), "u2")
    for k in range(count):
        layout[2 * k : 2 * k + 2] = h5py.VirtualSource(f"{k}.h5", "data", (2, 3))
        (tmp_path / f"{k}.h5").write_bytes(b"nothing of HDF5")
    with h5py.File(tmp_path / "master.h5", "w", libver="latest") as file:
        file.create_virtual_dataset("data", layout)
    values = np.arange(6, dtype="u2").reshape(2, 3)
    with h5py.File(tmp_path / "123.h5", "w") as file:
        file["data"] = values
    df = read(spark, tmp_path / "master.h5", maxPartitionBytes=1000)
    assert df.count() == 2 * count
    wanted = df.where("frame_index IN (246, 247)")
    np.testing.assert_array_equal(frames(wanted, "data", (2, 3)), values)
    for index, name in ((0, "/0.h5"), (245, "/122.h5")):
        assert name in refused(df.where(f"frame_index = {index}").collect)
