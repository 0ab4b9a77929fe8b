"""The examples of swmr_tools' documentation: as they are there, in Java, and as streams."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
import swmr_tools
from pyspark.sql import SparkSession

import spark_arrays
from conftest import ROOT
from swmr_java import Swmr, drain, values


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with the files that the examples write."""
    # Create a small dataset to extract frames from
    rng = np.random.default_rng(1)
    data_1 = rng.integers(low=-10000, high=10000, size=(2, 2, 5, 10))
    data_2 = rng.integers(low=-10000, high=10000, size=(2, 2, 5, 10))
    keys_1 = np.arange(1, 5).reshape(2, 2, 1, 1)

    # Save data to an hdf5 File
    with h5py.File(tmp_path / "example.h5", "w", libver="latest") as f:
        f.create_group("keys")
        f.create_group("data")
        f["keys"].create_dataset("keys_1", data=keys_1)
        f["data"].create_dataset("data_1", data=data_1)
        f["data"].create_dataset("data_2", data=data_2)

    # create a sequential array of the numbers 1-8 and reshape them into an array
    # of shape (2,4,1,1)
    complete_key_array = np.arange(8).reshape(2, 4, 1, 1) + 1
    with h5py.File(tmp_path / "test_file.h5", "w", libver="latest") as f:
        f.create_group("keys")
        f["/keys"].create_dataset("key_1", data=complete_key_array)
    return tmp_path


def plain(slices: Any) -> str:
    """Give slices as text, without numpy's names of numbers."""
    return str(tuple(slice(int(s.start), int(s.stop), None) for s in slices))


def printed_by_swmr_tools(folder: Path) -> tuple[str, str]:
    """Run the examples of `DataSource` and of `KeyFollower`; give what they print."""
    lines = []
    with h5py.File(folder / "example.h5", "r") as f:
        keys = [f["/keys/keys_1"]]
        datasets = {"/data/data_1": f["/data/data_1"], "/data/data_2": f["/data/data_2"]}
        ds = swmr_tools.DataSource(keys, datasets, timeout=0.1)
        for data_map in ds:
            frame = data_map["/data/data_1"]
            lines += [plain(data_map.slice_metadata), str(frame)]
    numbers = []
    with h5py.File(folder / "test_file.h5", "r", swmr=True) as f:
        kf = swmr_tools.KeyFollower([f["/keys/key_1"]], timeout=0.1)
        numbers = [str(key) for key in kf]
    return "\n".join(lines) + "\n", "\n".join(numbers) + "\n"


def test_data_source(swmr: Swmr, folder: Path) -> None:
    """Of a 2 x 2 grid of frames of 5 x 10."""
    file = swmr.open(folder / "example.h5")
    datasets = {name: file.dataset(name) for name in ("/data/data_1", "/data/data_2")}
    ds = swmr.java.DataSource([file.dataset("/keys/keys_1")], datasets)
    text = ""
    with h5py.File(folder / "example.h5", "r") as f:
        while ds.hasNext():
            frames = ds.next()
            frame = values(frames.get("/data/data_1"))
            text += f"{frames.sliceMetadata()}\n{frame}\n"
            at = np.unravel_index(frames.index(), (2, 2))
            assert (values(frames.get("/data/data_2"))[0, 0] == f["/data/data_2"][at]).all()
            assert list(frames.maxshape()) == [2, 2]
    assert text == printed_by_swmr_tools(folder)[0]
    ds.reset()
    assert [frames.index() for frames in drain(ds)] == [0, 1, 2, 3]


def test_key_follower(swmr: Swmr, folder: Path) -> None:
    """The loop from 0 to 7."""
    kf = swmr.java.KeyFollower([swmr.open(folder / "test_file.h5").dataset("/keys/key_1")])
    assert drain(kf) == [0, 1, 2, 3, 4, 5, 6, 7]
    assert kf.scanRank() == 2
    assert kf.areKeysComplete()


def test_streams(spark: SparkSession, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As the docs show them, run one after another: what swmr_tools prints, and its results."""
    docs = (ROOT / "docs" / "swmr.md").read_text(encoding="utf-8")
    section = docs[docs.index("### The examples of swmr_tools") :]
    examples = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    names: dict[str, Any] = {"np": np, "spark": spark, "spark_arrays": spark_arrays}
    printed = []
    for example in examples[:4]:
        exec(example.replace("/scans/", f"{folder}/"), names)
        printed.append(capsys.readouterr().out)
    grid, keys = printed_by_swmr_tools(folder)
    assert printed == [grid, "", keys, ""]
    with h5py.File(folder / "example.h5") as f, h5py.File(folder / "result.h5") as result:
        data = f["/data/data_1"][()]
        np.testing.assert_array_equal(result["/result/data"][()], data.sum(axis=(2, 3)))
        np.testing.assert_array_equal(names["frame"][0], data[1, 1])
