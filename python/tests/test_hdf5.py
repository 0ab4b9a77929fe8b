"""The Java HDF5 reader reads what h5py writes, byte for byte."""

from __future__ import annotations

import multiprocessing
import os
import threading
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from pyspark.sql import SparkSession

import hdf5_samples

SEED = 2026


class Reader:
    """A file as `io.sparkarrays.hdf5` reads it, in the session's JVM."""

    def __init__(self, spark: SparkSession, path: Path) -> None:
        """Open a file."""
        self._gateway: Any = spark.sparkContext._gateway
        jvm: Any = spark.sparkContext._jvm
        self._hyperslab = jvm.io.sparkarrays.core.Hyperslab
        self._buffer = jvm.java.nio.ByteBuffer
        hdf5 = jvm.io.sparkarrays.hdf5
        # Never by the HDF Group's library, should it be on the class path.
        java = hdf5.DataReader.JAVA
        self.file = hdf5.Hdf5File.open(jvm.java.io.File(str(path)).toPath(), java)

    def _longs(self, values: Any) -> Any:
        array = self._gateway.new_array(self._gateway.jvm.long, len(values))
        for i, value in enumerate(values):
            array[i] = int(value)
        return array

    def all(self, name: str) -> bytes:
        """Read a whole data set."""
        dataset = self.file.dataset(name)
        return self._read(dataset, self._hyperslab.all(dataset.shape()))

    def slab(self, name: str, start: Any, stride: Any, count: Any, block: Any) -> bytes:
        """Read blocks at regular distances."""
        slab = self._hyperslab.of(*(self._longs(x) for x in (start, stride, count, block)))
        return self._read(self.file.dataset(name), slab)

    def _read(self, dataset: Any, slab: Any) -> bytes:
        buffer = self._buffer.allocate(slab.shape().size() * dataset.datatype().size())
        dataset.read(slab, buffer)
        return bytes(buffer.array())


def blocks(rng: np.random.Generator, extent: int) -> tuple[int, int, int, int]:
    """Give start, stride, count and block of a selection inside a dimension."""
    start = int(rng.integers(0, extent + 1))
    block = int(rng.integers(1, 4))
    stride = block + int(rng.integers(0, 4))
    room = extent - start
    most = 0 if room < block else (room - block) // stride + 1
    return start, stride, int(rng.integers(0, most + 1)), block


@pytest.mark.parametrize("libver", hdf5_samples.LIBVERS)
def test_reads_what_h5py_writes(spark: SparkSession, tmp_path: Path, libver: str) -> None:
    """Every dtype, filter, layout and shape: whole, and by random hyperslabs."""
    path = tmp_path / f"{libver}.h5"
    seed = SEED + hdf5_samples.LIBVERS.index(libver)
    samples = hdf5_samples.write(path, libver, seed)
    assert len(samples) * len(hdf5_samples.LIBVERS) >= 2000
    reader = Reader(spark, path)
    rng = np.random.default_rng(seed)
    try:
        for sample in samples:
            assert reader.all(sample.name) == sample.raw, sample.name
            if sample.values.ndim == 0 or rng.random() > 0.25:
                continue
            rank = reader.file.dataset(sample.name).shape().rank()
            each = [blocks(rng, n) for n in sample.values.shape[:rank]]
            start, stride, count, block = zip(*each, strict=True)
            chosen = [
                [s + i * step + j for i in range(n) for j in range(b)] for s, step, n, b in each
            ]
            expected = sample.values[np.ix_(*chosen)] if rank else sample.values
            found = reader.slab(sample.name, start, stride, count, block)
            assert found == np.ascontiguousarray(expected).tobytes(), (sample.name, each)
    finally:
        reader.file.close()


@pytest.mark.parametrize("libver", ["earliest", "latest"])
def test_chunk_index_is_that_of_h5py(spark: SparkSession, tmp_path: Path, libver: str) -> None:
    """Addresses, sizes and filter masks of many chunks; in the unlimited dimension's order too."""
    path = tmp_path / "chunks.h5"
    rng = np.random.default_rng(SEED)
    with h5py.File(path, "w", libver=libver) as file:
        for name, maxshape in {"a": (None, 50), "b": (400, 50), "c": (None, None)}.items():
            dataset = file.create_dataset(
                name, (400, 50), "u2", chunks=(3, 7), maxshape=maxshape, compression="gzip"
            )
            dataset[::2] = rng.integers(0, 50, (200, 50))
    with h5py.File(path) as file:
        reader = Reader(spark, path)
        for name in "abc":
            index = reader.file.dataset(name).chunkIndex().get()
            grid = reader.file.dataset(name).chunkGrid().get()
            assert index.count() == file[name].id.get_num_chunks()
            for place in range(0, index.count(), 37):
                number = index.number(place)
                offset = (3 * grid.position(number, 0), 7 * grid.position(number, 1))
                info = file[name].id.get_chunk_info_by_coord(offset)
                assert index.address(place) == info.byte_offset
                assert index.size(place) == info.size
                assert index.filterMask(place) == info.filter_mask
        reader.file.close()


def test_values_of_any_type(spark: SparkSession, tmp_path: Path) -> None:
    """Text and sequences of variable length, attributes, object references."""
    path = tmp_path / "values.h5"
    with h5py.File(path, "w", libver="latest", track_order=True) as file:
        text = file.create_dataset("text", data=["one", "zwei ü", ""], dtype=h5py.string_dtype())
        text.attrs["units"] = "mm"
        text.attrs.create("many", ["a", "bc"], dtype=h5py.string_dtype())
        for i in range(40):
            text.attrs[f"n{i}"] = i
        ragged = file.create_dataset("ragged", (3,), h5py.vlen_dtype("<i4"))
        ragged[0] = [1, 2, 3]
        ragged[2] = [-7]
        file.create_dataset("refs", data=[text.ref, ragged.ref], dtype=h5py.ref_dtype)
    reader = Reader(spark, path)
    text = reader.file.dataset("/text")
    attributes = text.attributes()
    everything = reader._hyperslab.all(text.shape())
    assert list(text.values(everything)) == ["one", "zwei ü", ""]
    assert attributes.size() == 42
    assert attributes.find("units").get().value() == "mm"
    assert list(attributes.find("many").get().values()) == ["a", "bc"]
    assert [attributes.find(f"n{i}").get().value() for i in range(40)] == list(range(40))
    ragged = reader.file.dataset("/ragged")
    found = ragged.values(reader._hyperslab.all(ragged.shape()))
    assert [list(values) for values in found] == [[1, 2, 3], [], [-7]]
    refs = reader.file.dataset("/refs")
    found = refs.values(reader._hyperslab.all(refs.shape()))
    targets = [reader.file.dereference(ref).address() for ref in found]
    assert targets == [text.address(), ragged.address()]
    reader.file.close()


def write_frames(path: Path, started: threading.Event, frames: int) -> None:
    """Append frames of one value each, their number and one, while others read."""
    with h5py.File(path, "w", libver="latest") as file:
        options = {"chunks": (1, 16, 16), "compression": "gzip", "shuffle": True}
        data = file.create_dataset("data", (0, 16, 16), "u2", maxshape=(None, 16, 16), **options)
        file.swmr_mode = True
        started.set()
        for i in range(frames):
            data.resize(i + 1, axis=0)
            data[i] = i + 1
            data.flush()


def test_follows_a_file_that_grows(spark: SparkSession, tmp_path: Path) -> None:
    """While a writer appends, each look gives frames that were written, or that are not yet."""
    path = tmp_path / "growing.h5"
    frames = 2000
    started = threading.Event()
    writer = threading.Thread(target=write_frames, args=(path, started, frames))
    writer.start()
    assert started.wait(30)
    reader = Reader(spark, path)
    assert reader.file.status().name() == "OPEN_FOR_SWMR"
    dataset = reader.file.dataset("data")
    looks = []
    alive = True
    while alive:
        # The last look comes after the writer is done, so it must see everything.
        alive = writer.is_alive()
        dataset.refresh()
        seen = dataset.shape().dim(0)
        looks.append(seen)
        if seen == 0:
            continue
        first = max(0, seen - 5)
        box = reader._hyperslab.parse(f"{first}:{seen},:,:", dataset.shape())
        found = np.frombuffer(reader._read(dataset, box), "<u2").reshape(-1, 256)
        for number, frame in enumerate(found, first):
            assert set(frame) in ({number + 1}, {0}), number
        if not alive:
            assert [frame[0] for frame in found] == list(range(first + 1, seen + 1))
    writer.join()
    assert looks[-1] == frames
    assert looks == sorted(looks)
    assert reader.file.currentStatus().name() == "CLOSED"
    everything = np.frombuffer(reader._read(dataset, reader._hyperslab.all(dataset.shape())), "<u2")
    assert (everything.reshape(-1, 256) == np.arange(1, frames + 1)[:, None]).all()
    reader.file.close()


def abandon(path: Path, shape: tuple[int, int]) -> None:
    """Write every third chunk or so of each kind of index in SWMR mode, and die."""
    rng = np.random.default_rng(SEED)
    kinds = {"fixed": shape, "growing": (None, shape[1]), "both": (None, None)}
    with h5py.File(path, "w", libver="latest") as file:
        for name, maxshape in kinds.items():
            for suffix, options in {"": {}, "_zipped": {"compression": "gzip"}}.items():
                file.create_dataset(
                    name + suffix, shape, "u1", chunks=(1, 3), maxshape=maxshape, **options
                )
        # So many that the array's blocks have pages of their own.
        paged = file.create_dataset("paged", (134_000, 1), "u1", chunks=(1, 1), maxshape=(None, 1))
        paged[132_000:133_500] = 1
        for row in rng.permutation(shape[0])[::2]:
            for name in kinds:
                first = 3 * int(rng.integers(0, 2))
                file[name][row, first : first + 5] = row % 200 + 1
                file[name + "_zipped"][row, first : first + 5] = row % 200 + 1
        file.flush()
        file.swmr_mode = True
        os._exit(0)


def test_reads_parts_of_a_live_index(spark: SparkSession, tmp_path: Path) -> None:
    """In a live file only the needed parts of a chunk index are read: pages, blocks, nodes."""
    path = tmp_path / "abandoned.h5"
    shape = (1201, 8)
    writer = multiprocessing.get_context("spawn").Process(target=abandon, args=(path, shape))
    writer.start()
    writer.join(60)
    reader = Reader(spark, path)
    assert reader.file.status().name() == "OPEN_FOR_SWMR"
    rng = np.random.default_rng(SEED)
    with h5py.File(path, swmr=True) as file:
        for name, dataset in file.items():
            values = dataset[...]
            assert 0 < np.count_nonzero(values) < values.size / 2, name
            assert reader.all(name) == values.tobytes(), name
            found = reader.file.dataset(name)
            for row in map(int, rng.integers(0, values.shape[0], 12)):
                found.refresh()
                width = min(5, values.shape[1])
                row_slab = reader.slab(name, (row, 0), (1, 1), (1, 1), (1, width))
                assert row_slab == values[row, :width].tobytes()
                for column in range(0, values.shape[1], 3):
                    slab = reader._hyperslab.parse(f"{row}, {column}", found.shape())
                    stored = dataset.id.get_chunk_info_by_coord((row, column)).byte_offset
                    assert found.isStored(slab) == (stored is not None), (name, row, column)
            end = reader._longs((values.shape[0], 0))
            assert not found.isStored(reader._hyperslab.of(end, reader._longs((1, 1))))
    reader.file.close()
