"""What is made of a live scan, written by Java: "Writing Data" of swmr_tools' documentation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
import swmr_tools

from hdf5_library import Library, library


@pytest.fixture(scope="module", params=["bytedeco", "jhdf5"])
def lib(request: pytest.FixtureRequest) -> Iterator[Library]:
    """Give a JVM with a library."""
    with library(request.param) as made:
        yield made


def example(path: Path, maxshape: Any = None) -> None:
    """Write the file that the documentation writes."""
    rng = np.random.default_rng(2026)
    data_1 = rng.integers(low=-10000, high=10000, size=(2, 2, 5, 10))
    data_2 = rng.integers(low=-10000, high=10000, size=(2, 2, 5, 10))
    keys_1 = np.arange(1, 5).reshape(2, 2, 1, 1)
    with h5py.File(path, "w", libver="latest") as f:
        f.create_group("keys")
        f.create_group("data")
        f["keys"].create_dataset("keys_1", data=keys_1, maxshape=maxshape)
        f["data"].create_dataset("data_1", data=data_1)
        f["data"].create_dataset("data_2", data=data_2)


def theirs(source: Path, result: Path, reduce: Any) -> None:
    """Run the documentation's lines."""
    with h5py.File(source, "r") as f, h5py.File(result, "w", libver="latest") as fh:
        keys = [f["/keys/keys_1"]]
        datasets = {"/data/data_1": f["/data/data_1"], "/data/data_2": f["/data/data_2"]}
        ds = swmr_tools.DataSource(keys, datasets, timeout=0.1)
        output = None
        for data_map in ds:
            frame = data_map["/data/data_1"]
            result_data = reduce(np.squeeze(frame))
            if output is None:
                output = ds.create_dataset(result_data, fh, "/result/data")
            else:
                ds.append_data(result_data, data_map.slice_metadata, output)


def source_of(lib: Library, path: Path) -> Any:
    """Follow the example's scan."""
    file = lib.hdf5.Hdf5File.open(lib.path(path))
    datasets = {"/data/data_1": file.dataset("/data/data_1")}
    swmr = lib.jvm.io.sparkarrays.swmr
    options = swmr.FollowOptions.DEFAULTS.withTimeout(lib.jvm.java.time.Duration.ofMillis(100))
    return file, swmr.DataSource([file.dataset("/keys/keys_1")], datasets, options)


def array_of(lib: Library, array: Any) -> Any:
    """Give Java an array."""
    values = np.asarray(array)
    frame = lib.jvm.io.sparkarrays.swmr.Frame
    dtype = lib.core.Dtype.parse(values.dtype.str)
    return frame.of(dtype, lib.shape(values.shape), lib.buffer(values.tobytes()))


REDUCTIONS = {
    "sum": lambda frame: frame.sum(),
    "rows": lambda frame: frame.sum(axis=1).astype("f4"),
    "image": lambda frame: frame.astype("u2"),
}


@pytest.mark.parametrize("maxshape", [None, (None, 2, 1, 1)], ids=["fixed", "endless"])
@pytest.mark.parametrize("name", REDUCTIONS)
def test_results_are_swmr_tools(lib: Library, tmp_path: Path, name: str, maxshape: Any) -> None:
    """The data set that swmr_tools leaves: extents, chunks, dtype and elements."""
    example(tmp_path / "example.h5", maxshape)
    theirs(tmp_path / "example.h5", tmp_path / "theirs.h5", REDUCTIONS[name])
    file, ds = source_of(lib, tmp_path / "example.h5")
    fh = lib.create(tmp_path / "ours.h5")
    output = None
    while ds.hasNext():
        data_map = ds.next()
        frame = np.array(data_map.get("/data/data_1").toLongs()).reshape(5, 10)
        result_data = array_of(lib, REDUCTIONS[name](frame))
        if output is None:
            output = ds.createDataset(result_data, fh, "/result/data")
        else:
            ds.appendData(result_data, data_map.sliceMetadata(), output)
    with lib.refused("FRAME_OUT_OF_RANGE", "/result/data"):
        place = lib.jvm.io.sparkarrays.swmr.SliceMetadata.at(lib.longs((0, 2)))
        ds.appendData(result_data, place, output)
    with lib.refused("FRAME_OUT_OF_RANGE", "dimensions"):
        place = lib.jvm.io.sparkarrays.swmr.SliceMetadata.at(lib.longs((0,)))
        ds.appendData(result_data, place, output)
    fh.close()
    file.close()
    with h5py.File(tmp_path / "ours.h5") as ours, h5py.File(tmp_path / "theirs.h5") as others:
        mine, other = ours["/result/data"], others["/result/data"]
        assert (mine.shape, mine.maxshape) == (other.shape, other.maxshape)
        assert mine.chunks == other.chunks
        assert mine.dtype == other.dtype
        np.testing.assert_array_equal(mine[()], other[()])


def test_h5py_reads_results_while_they_grow(lib: Library, tmp_path: Path) -> None:
    """A SWMR reader sees each result as soon as it is appended, and never a wrong one."""
    example(tmp_path / "example.h5")
    file, ds = source_of(lib, tmp_path / "example.h5")
    fh = lib.create(tmp_path / "live.h5")
    sums: list[int] = []
    output = reader = None
    while ds.hasNext():
        data_map = ds.next()
        sums.append(sum(data_map.get("/data/data_1").toLongs()))
        result_data = array_of(lib, np.int64(sums[-1]))
        if output is None or reader is None:
            output = ds.createDataset(result_data, fh, "/sums")
            fh.startSwmr()
            reader = h5py.File(tmp_path / "live.h5", "r", libver="latest", swmr=True)
        else:
            ds.appendData(result_data, data_map.sliceMetadata(), output)
        reader["/sums"].refresh()
        shape = (1 + (len(sums) > 2), min(2, len(sums)))
        assert reader["/sums"].shape == shape
        assert reader["/sums"][()].ravel()[: len(sums)].tolist() == sums
    assert len(sums) == 4
    assert reader is not None
    reader.close()
    fh.close()
    file.close()
    with h5py.File(tmp_path / "live.h5") as whole:
        assert whole["/sums"][()].ravel().tolist() == sums
