"""Frames stored in every way there is, and what NumPy or h5py says that they are."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray
from pyspark.sql import DataFrame, SparkSession

import hdf5_samples
import spark_arrays
import vds_samples
from frame_checks import write_partitions
from samples import DTYPES, sample

CASES = Path(__file__).resolve().parents[2] / "src/test/resources/vds"
SHAPES = [(7, 5), (5, 4, 6), (3, 2, 4, 3), (9, 20, 30), (2, 3, 2, 3, 2), (13,)]
USUAL = {"none", "gzip", "gzip-shuffle", "shuffle", "fletcher32", "gzip-shuffle-fletcher32"}
USUAL |= {"lzf", "lzf-shuffle"}
"""Filters that h5py always has."""


@dataclass(frozen=True)
class Stored:
    """A data set."""

    name: str
    path: Path
    values: NDArray[Any]
    scan_rank: int = 1
    referred: bool | None = None
    """Whether rows can say where all frames are; none if it depends."""
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def frames(self) -> NDArray[Any]:
        """Give an array of frames × frame."""
        frame = self.values.shape[self.scan_rank :]
        return self.values.reshape(math.prod(self.values.shape[: self.scan_rank]), *frame)

    def read(self, spark: SparkSession, **options: Any) -> DataFrame:
        """Read it, in several tasks."""
        cut = self.values.nbytes // 3 + 1
        return spark_arrays.load(
            self.path, spark=spark, maxPartitionBytes=cut, **self.options, **options
        )


def _values(rng: np.random.Generator, number: int) -> tuple[NDArray[Any], int]:
    shape = SHAPES[number % len(SHAPES)]
    dtype = DTYPES[number % len(DTYPES)]
    array = sample(dtype, shape, int(rng.integers(1 << 30)))
    return array, int(rng.integers(1, max(2, len(shape))))


def partitions(folder: Path, rng: np.random.Generator, number: int) -> Stored:
    """Write raw partitions, of any lengths."""
    array, scan_rank = _values(rng, number)
    array = array if array.ndim > 1 else array.reshape(-1, 1)
    count = math.prod(array.shape[:scan_rank])
    cuts = sorted({0, count, *rng.integers(0, count, 3).tolist()})
    path = write_partitions(folder / f"set{number}", array, cuts, scan_rank)
    return Stored(f"clusterdata {array.dtype}", path, array, scan_rank, True)


def hdf5(filters: str) -> Callable[[Path, np.random.Generator, int], Stored]:
    """Give what writes HDF5 with filters, in one of the layouts, maybe in part."""

    def write(folder: Path, rng: np.random.Generator, number: int) -> Stored:
        dtype = hdf5_samples.DTYPES[number % 16]
        layout = hdf5_samples.LAYOUTS[number % len(hdf5_samples.LAYOUTS)]
        shape = SHAPES[number % len(SHAPES)]
        path = folder / f"{number}.h5"
        with h5py.File(path, "w", libver=hdf5_samples.LIBVERS[number % 6]) as file:
            hdf5_samples.create(file, "x", rng, dtype, filters, layout, shape)
        with h5py.File(path) as file:
            values = file["x"][...]
        scan_rank = int(rng.integers(1, len(shape) + 1))
        name = f"hdf5 {filters} {layout} {np.dtype(dtype).str}"
        options = {"scan_rank": scan_rank}
        return Stored(name, path, values, scan_rank, filters in USUAL or None, options)

    return write


def compact(folder: Path, rng: np.random.Generator, number: int) -> Stored:
    """Write frames into the data set's own header, after a user block."""
    array, scan_rank = _values(rng, number)
    array = array[: max(1, 30_000 // array[0].nbytes)]
    path = folder / f"{number}.h5"
    with h5py.File(path, "w", userblock_size=512) as file:
        properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        properties.set_layout(h5py.h5d.COMPACT)
        file.create_dataset("x", array.shape, array.dtype, dcpl=properties)[...] = array
    options = {"scan_rank": scan_rank}
    return Stored(f"hdf5 compact {array.dtype}", path, array, scan_rank, None, options)


def external(folder: Path, rng: np.random.Generator, number: int) -> Stored:
    """Write frames into two raw files that an HDF5 file names."""
    array, scan_rank = _values(rng, number)
    half = array.nbytes // 2
    pieces = [(f"{number}.raw0", 0, half), (f"{number}.raw1", 8, h5py.h5f.UNLIMITED)]
    octets = array.tobytes()
    (folder / pieces[0][0]).write_bytes(octets[:half])
    (folder / pieces[1][0]).write_bytes(bytes(8) + octets[half:])
    path = folder / f"{number}.h5"
    with h5py.File(path, "w") as file:
        file.create_dataset("x", array.shape, array.dtype, external=pieces)
    options = {"scan_rank": scan_rank}
    return Stored(f"hdf5 external {array.dtype}", path, array, scan_rank, None, options)


def npz(folder: Path, rng: np.random.Generator, number: int) -> Stored:
    """Write arrays by name, compressed or not."""
    array, _ = _values(rng, number)
    path = folder / f"{number}.npz"
    (np.savez, np.savez_compressed)[number % 2](path, x=array)
    return Stored(f"npz {array.dtype}", path, array, 1, None, {"mode": "columns"})


def virtual(folder: Path, rng: np.random.Generator, number: int) -> Iterator[Stored]:
    """Write virtual data sets at random: selections, overlaps, holes, sources that are nowhere."""
    place = folder / f"virtual{number}"
    place.mkdir()
    for made in vds_samples.write(place, int(rng.integers(1 << 30)), 4):
        if made.values.ndim < 1 or made.values.size == 0 or made.faulty:
            continue
        scan_rank = int(rng.integers(1, made.values.ndim + 1))
        options = {"dataset": made.name, "missing": "fill", "scan_rank": scan_rank}
        name = f"virtual {number} {made.name}"
        yield Stored(name, place / "master.h5", made.values, scan_rank, None, options)


def virtual_cases() -> Iterator[Stored]:
    """Give those of the documentation and their like: unlimited, numbered, nested, in one file."""
    for about in json.loads((CASES / "index.json").read_text()):
        folder = CASES / about["case"]
        for one in about["reads"]:
            values = np.load(folder / "expected.npz")[one["key"]]
            options = {
                "dataset": one["dataset"],
                "missing": "fill",
                "vdsView": one["view"],
                "vdsPrintfGap": one["printf_gap"],
                "scan_rank": min(1, values.ndim),
            }
            name = f"virtual {about['case']} {one['key']}"
            yield Stored(name, folder / one["master"], values, options["scan_rank"], None, options)


WAYS = [partitions, *(hdf5(name) for name in hdf5_samples.FILTERS), compact, external, npz]
