"""Format hdf5: files as the packages of several fields write them, compared with h5py."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import h5py
import hdf5plugin
import numpy as np
import pytest
from pyspark.sql import SparkSession

from hdf5_tables import frames, read, refused

FIELD = Path(__file__).resolve().parents[2] / "src/test/resources/field"
"""Written by silx, nexusformat, nxtomo, anndata, keras and h5netcdf: oracles/write_field_files."""


def plain(value: Any) -> Any:
    """Give a value of h5py as Spark's rows have it."""
    if isinstance(value, np.ndarray):
        return [plain(element) for element in value.ravel()]
    if isinstance(value, np.void) and value.dtype.names:
        return tuple(plain(value[name]) for name in value.dtype.names)
    if isinstance(value, bytes):
        return value.decode()
    return value.item() if isinstance(value, np.generic) else value


def data_sets(file: h5py.File) -> dict[tuple[int, ...], list[str]]:
    """Give the paths of data sets by the scan that their rows are."""
    found: dict[tuple[int, ...], list[str]] = defaultdict(list)

    def visit(name: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset) and item.shape is not None:
            found[item.shape[:1]].append(name)

    file.visititems(visit)
    return found


@pytest.mark.parametrize("name", sorted(file.name for file in FIELD.iterdir()))
def test_every_data_set(spark: SparkSession, name: str) -> None:
    """Those of one scan beside each other in a table; numbers, text, flags and records."""
    with h5py.File(FIELD / name) as file:
        for scan, names in data_sets(file).items():
            columns = ",".join(f"`{path}` as c{i}" for i, path in enumerate(names))
            df = read(spark, FIELD / name, datasets=columns, scanRank=len(scan))
            rows = df.orderBy("frame_index").collect()
            for i, path in enumerate(names):
                values = file[path][()]
                expected = [plain(row) for row in values] if scan else [plain(values)]
                assert [row[f"c{i}"] for row in rows] == expected, path


def test_nexus_files_need_no_names(spark: SparkSession) -> None:
    """Their @default and @signal lead through groups and links to what is meant."""
    silx = read(spark, FIELD / "silx_nxdata.h5", scanRank=2)
    assert silx.columns == ["frame_index", "y", "x", "counts"]
    assert silx.where("y = 2 AND x = 1").collect()[0].counts == list(range(45, 50))
    tree = read(spark, FIELD / "silx_dicttonx.nx")
    assert tree.columns == ["frame_index", "image"]
    assert tree.schema["image"].metadata["attributes"] == {"units": "counts"}
    nexusformat = read(spark, FIELD / "nexusformat.nxs", frames="nested")
    with h5py.File(FIELD / "nexusformat.nxs") as file:
        counts = file["entry/scan/counts"][()]
    np.testing.assert_array_equal(frames(nexusformat, "counts", counts.shape), counts)
    tomo = read(spark, FIELD / "nxtomo_both.nx")
    assert tomo.columns == ["frame_index", "data"]
    assert tomo.count() == 10
    message = refused(lambda: read(spark, FIELD / "silx_spec.h5"))
    assert "DATASET_UNCLEAR" in message
    assert "1.1/measurement/det (4,) float32" in message


def test_tomograms_beside_their_angles(spark: SparkSession) -> None:
    """Projections without dark fields, by the key of each image; of one file and of both."""
    columns = "entry/data/data, entry/data/image_key as key, entry/data/rotation_angle as angle"
    with h5py.File(FIELD / "nxtomo_both.nx") as file:
        data = file["entry/data/data"][()]
    tomo = read(spark, FIELD / "nxtomo_both.nx", datasets=columns)
    kept = tomo.where("key = 0 AND angle > 45").select("frame_index", "angle", "data").collect()
    assert [row[:2] for row in sorted(kept)] == [(k, 30.0 * (k % 5)) for k in (2, 3, 4, 7, 8, 9)]
    for row in kept:
        assert row.data == data[row.frame_index].ravel().tolist()
    files = read(spark, FIELD / "nxtomo_[01].nx", datasets=columns)
    assert files.where("key = 0").count() == tomo.where("key = 0").count() == 8


def test_single_cells(spark: SparkSession) -> None:
    """AnnData's sparse rows, joined in SQL with their categories, are scipy's."""
    path = FIELD / "anndata.h5ad"
    obs = read(spark, path, datasets="obs/_index as cell, obs/cluster/codes, obs/passed")
    obs.createOrReplaceTempView("obs")
    read(spark, path, dataset="obs/cluster/categories").createOrReplaceTempView("categories")
    read(spark, path, datasets="X/data, X/indices as gene").createOrReplaceTempView("x")
    read(spark, path, dataset="X/indptr").createOrReplaceTempView("starts")
    found = spark.sql(
        """
        SELECT cell, categories, gene, data FROM x
        JOIN (SELECT frame_index AS row, indptr AS low,
                     lead(indptr) OVER (ORDER BY frame_index) AS high FROM starts)
          ON x.frame_index >= low AND x.frame_index < high
        JOIN obs ON obs.frame_index = row
        JOIN categories ON categories.frame_index = codes
        WHERE passed ORDER BY x.frame_index
        """
    ).collect()
    with h5py.File(path) as file:
        starts, genes, values = (file[f"X/{name}"][()] for name in ("indptr", "indices", "data"))
        clusters = file["obs/cluster/categories"].asstr()[()][file["obs/cluster/codes"][()]]
        passed = file["obs/passed"][()]
    assert [tuple(row) for row in found] == [
        (f"cell-{cell}", clusters[cell], genes[k], values[k])
        for cell in np.flatnonzero(passed)
        for k in range(starts[cell], starts[cell + 1])
    ]


def test_netcdf_names_its_dimensions(spark: SparkSession) -> None:
    """Dimension scales of netCDF-4 name coordinates, its attributes are metadata."""
    air = read(spark, FIELD / "h5netcdf.nc", dataset="air", scanRank=2)
    assert air.columns == ["frame_index", "time", "lat", "air"]
    assert air.schema["air"].metadata["attributes"]["scale_factor"] == [0.01]
    assert air.where("time = 3 AND lat = 1").collect()[0].air == [40, 41, 42, 43]


def odin(folder: Path, count: int, block: int, writers: int) -> np.ndarray[Any, Any]:
    """Write what odin-data's writers do, and vdsgen's file over them (InterleaveVDSGenerator).

    vdsgen 0.5.2 needs h5py 2; MultiBlockSlice is its h5slice, which h5py took over.
    """
    rng = np.random.default_rng(2)
    values = rng.integers(0, 4000, (count, 4, 6)).astype("u2")
    whole = count // (block * writers) * block * writers
    layout = h5py.VirtualLayout((count, 4, 6), "u2")
    for writer in range(writers):
        index = np.flatnonzero(np.arange(whole) // block % writers == writer)
        if writer == 0:
            index = np.concatenate([index, np.arange(whole, count)])
        path = folder / f"run_{writer + 1:06d}.h5"
        with h5py.File(path, "w", libver="latest") as file:
            data = file.create_dataset(
                "data", (0, 4, 6), "u2", maxshape=(None, 4, 6), chunks=(1, 4, 6),
                compression="gzip",
            )  # fmt: skip
            data.resize(len(index), 0)
            data[...] = values[index]
            file["uid"] = index.astype("u8")
        source = h5py.VirtualSource(path.name, "data", (len(index), 4, 6))
        blocks = len(index) // block
        start, end = writer * block, blocks * block
        layout[h5py.MultiBlockSlice(start, writers * block, blocks, block), :, :] = source[:end]
        if end < len(index):
            layout[whole:] = source[end:]
    with h5py.File(folder / "run_vds.h5", "w", libver="latest") as file:
        file.create_virtual_dataset("entry/data", layout)
    return values


@pytest.mark.parametrize("count", [24, 26])
def test_odin_writers_in_turn(spark: SparkSession, tmp_path: Path, count: int) -> None:
    """Blocks of four writers' files make one scan, however tasks are cut."""
    values = odin(tmp_path, count, 3, 4)
    for size in (50, 400, 1 << 20):
        df = read(spark, tmp_path / "run_vds.h5", maxPartitionBytes=size, frames="nested")
        assert df.count() == count
        np.testing.assert_array_equal(frames(df, "data", values.shape), values)
    found = df.where("frame_index BETWEEN 4 AND 9").orderBy("frame_index").collect()
    np.testing.assert_array_equal([row.data for row in found], values[4:10])
    raw = read(spark, tmp_path / "run_0*.h5", datasets="data, uid")
    for row in raw.collect():
        assert row.data == values[int(row.uid)].ravel().tolist()
    assert raw.count() == count


def dectris(folder: Path) -> np.ndarray[Any, Any]:
    """Write what a Dectris EIGER's file writer does: a master with links to the files of images."""
    counts = np.random.default_rng(6).poisson(2, (25, 6, 8)).astype("u4")
    counts[:, 2, 3] = 2**32 - 1
    with h5py.File(folder / "series_1_master.h5", "w") as master:
        entry = master.create_group("entry")
        entry.attrs["NX_class"] = np.bytes_("NXentry")
        links = entry.create_group("data")
        links.attrs["NX_class"] = np.bytes_("NXdata")
        for number in range(1, 5):
            name = f"data_{number:06d}"
            links[name] = h5py.ExternalLink(f"series_1_{name}.h5", "/entry/data/data")
        detector = entry.create_group("instrument/detector")
        detector.attrs["NX_class"] = np.bytes_("NXdetector")
        detector["description"] = np.bytes_("Dectris EIGER2 Si 1M")
        detector["count_time"] = np.float32(0.01)
        detector["count_time"].attrs["units"] = np.bytes_("s")
        detector["detectorSpecific/nimages"] = np.uint32(25)
        detector["detectorSpecific/pixel_mask"] = (counts[0] == 2**32 - 1).astype("u4")
    for number in range(3):
        part = counts[10 * number : 10 * number + 10]
        with h5py.File(folder / f"series_1_data_{number + 1:06d}.h5", "w") as file:
            data = file.create_dataset(
                "entry/data/data", data=part, chunks=(1, 6, 8), maxshape=(None, 6, 8),
                **hdf5plugin.Bitshuffle(cname="lz4"),
            )  # fmt: skip
            data.attrs["image_nr_low"] = np.uint32(10 * number + 1)
            data.attrs["image_nr_high"] = np.uint32(10 * number + len(part))
    return counts


def test_dectris_master(spark: SparkSession, tmp_path: Path) -> None:
    """Links lead to files of images; all of these are one table by their names."""
    folder = tmp_path / "run"
    folder.mkdir()
    counts = dectris(folder)
    master = folder / "series_1_master.h5"
    second = read(spark, master, dataset="/entry/data/data_000002")
    assert second.columns == ["frame_index", "data_000002"]
    assert second.schema["data_000002"].metadata["attributes"]["image_nr_low"] == 11
    np.testing.assert_array_equal(frames(second, "data_000002", (10, 6, 8)), counts[10:20])
    images = read(spark, folder / "series_1_data_*.h5", dataset="/entry/data/data")
    np.testing.assert_array_equal(frames(images, "data", counts.shape), counts)
    assert images.where("_partition = 2 AND frame_index = 4").collect()[0].data == (
        counts[24].ravel().tolist()
    )
    mask = read(
        spark, master, dataset="entry/instrument/detector/detectorSpecific/pixel_mask", scanRank=0
    )
    assert sum(mask.collect()[0].pixel_mask) == 1
    message = refused(lambda: read(spark, master, dataset="/entry/data/data_000004"))
    assert "series_1_data_000004.h5" in message
    assert read(spark, master, dataset="/entry/data/data_000001", sources="below").count() == 10
    (tmp_path / "elsewhere").mkdir()
    with h5py.File(tmp_path / "elsewhere" / "master.h5", "w") as file:
        file["data"] = h5py.ExternalLink("../run/series_1_data_000001.h5", "/entry/data/data")
    other = tmp_path / "elsewhere" / "master.h5"
    assert read(spark, other, dataset="data").count() == 10
    message = refused(lambda: read(spark, other, dataset="data", sources="below"))
    assert "series_1_data_000001.h5" in message
