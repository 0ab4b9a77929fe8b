"""GenericIO files of the C++ library and of an independent writer, and what Spark writes.

The judge is ``oracles/giofmt.py``, plain Python and NumPy: it checks every CRC that it passes.
"""

from __future__ import annotations

import importlib
import os
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import StructType

import blosc_frames
from conftest import ROOT
from spark_arrays import frame_dtype, frame_field, frames
from spark_arrays.arrays import arrow_elements
from spark_arrays.stores import GenericIOStore, Partition, _by_rank

sys.path.append(str(ROOT / "python" / "tests" / "oracles"))
giofmt: Any = importlib.import_module("giofmt")
giofmt.blosc_decompress = lambda frame: blosc_frames.decompress(bytes(frame))

FILES = ROOT / "src" / "test" / "resources" / "genericio"
GOOD = sorted(
    str(file.relative_to(FILES))
    for folder in ("gio", "derived", "more")
    for file in (FILES / folder).glob("*.gio")
    if not re.search("bad_|double", file.name)
)
BAD = {
    "bad_magic": r"NOT_A_DATA_SET.*bad_magic\.gio",
    "bad_empty": r"NOT_A_DATA_SET.*bad_empty\.gio",
    "bad_header_crc": r"CHECKSUM_DIFFERS.*bad_header_crc\.gio.*header",
    "bad_cut_data": r"FILE_TRUNCATED.*bad_cut_data\.gio",
    "bad_crc_bytes": r"CHECKSUM_DIFFERS.*bad_crc_bytes\.gio, rank 1, column 'e_u2'",
}
RANK_ROWS = [(0, 1), (1, 2), (2, 50), (50, 3000)]
SEEDS = range(int(os.environ.get("SPARK_ARRAYS_SEEDS", "4")))

Rank = Mapping[str, npt.NDArray[Any]]


def load(spark: SparkSession, path: Path, **options: str) -> DataFrame:
    """Open files."""
    return spark.read.format("genericio").options(**options).load(str(path))


def ranks(table: DataFrame, count: int) -> list[dict[str, npt.NDArray[Any]]]:
    """Collect a table: each rank's arrays, in the order of its rows."""
    found = table.select("_rank", "_row", *table.columns).toArrow()
    order = np.lexsort([found["_row"].to_numpy(), found["_rank"].to_numpy()])
    rank = found["_rank"].to_numpy()[order]
    columns = {}
    for field in table.schema:
        shape, dtype = field.metadata["shape"], frame_dtype(field)
        columns[field.name] = frames(found, field.name, shape=shape, dtype=dtype)[order]
    assert set(rank) <= set(range(count))
    return [{name: values[rank == i] for name, values in columns.items()} for i in range(count)]


def assert_same(got: Sequence[Rank], wanted: Sequence[Rank]) -> None:
    """Compare bits: names, dtypes and values of every rank's arrays."""
    assert [list(rank) for rank in got] == [list(rank) for rank in wanted]
    for number, (rank, right) in enumerate(zip(got, wanted, strict=True)):
        for name, values in right.items():
            where = f"rank {number}, {name}"
            assert rank[name].dtype.newbyteorder("=") == values.dtype.newbyteorder("="), where
            assert rank[name].shape == values.shape, where
            native = values.dtype.newbyteorder("=")
            assert rank[name].astype(native).tobytes() == values.astype(native).tobytes(), where


def judged(path: Path) -> list[dict[str, npt.NDArray[Any]]]:
    """Let the judge read a data set, whose ranks must be in their order."""
    found = giofmt.Dataset(str(path))
    for number, (part, index) in enumerate(found.blocks):
        assert part.endian == "<"
        assert part.ranks[index][3] == number
        assert part.nelems == sum(rank[1] for rank in part.ranks)
        # Nothing behind the last block's CRC.
        ends = [
            sum(part.chunk(r, v)[:2]) + 8 for r in range(part.nranks) for v in range(part.nvars)
        ]
        assert max(ends) == len(part.raw)
    return [
        {name: part.read(index, v) for v, name in enumerate(found.names)}
        for part, index in found.blocks
    ]


def test_all_good_files_are_there() -> None:
    """Those of the reference, and our own."""
    assert len(GOOD) == 23


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_is_what_its_writer_says(spark: SparkSession, name: str) -> None:
    expected = FILES / f"{name}.expected.npz"
    with np.load(expected if expected.exists() else FILES / "derived/r2.expected.npz") as file:
        counts = np.cumsum(file["__nelems__"])[:-1]
        table = load(spark, FILES / name)
        columns = {name: np.split(file[name], counts) for name in table.columns}
        assert set(columns) == {name for name in file.files if not name.startswith("__")}
        wanted = [{n: parts[i] for n, parts in columns.items()} for i in range(counts.size + 1)]
        assert_same(ranks(table, len(wanted)), wanted)
        assert table.count() == file["__nelems__"].sum()


@pytest.mark.parametrize("name", BAD)
def test_a_damaged_file_is_named_with_its_fault(spark: SparkSession, name: str) -> None:
    with pytest.raises(Exception, match=BAD[name]):
        load(spark, FILES / "derived" / f"{name}.gio").collect()


def test_parts_that_do_not_belong_together_are_named(spark: SparkSession, tmp_path: Path) -> None:
    for part in ("", "#3", "#7"):
        shutil.copy(FILES / f"gio/split_r4.gio{part}", tmp_path / f"s.gio{part}")
    last = tmp_path / "s.gio#7"
    whole = last.read_bytes()
    last.write_bytes(whole[:-20])
    with pytest.raises(Exception, match=r"FILE_TRUNCATED.*s\.gio#7"):
        load(spark, tmp_path / "s.gio").collect()
    shutil.copy(FILES / "gio/p5_r2.gio", last)
    with pytest.raises(Exception, match=r"PARTS?_\w+.*s\.gio#7"):
        load(spark, tmp_path / "s.gio").collect()
    last.unlink()
    with pytest.raises(Exception, match=r"PART_MISSING.*s\.gio#7"):
        load(spark, tmp_path / "s.gio").collect()
    last.write_bytes(whole)
    assert load(spark, tmp_path / "s.gio").count() == 98


@dataclass(frozen=True)
class Sample:
    """A random table of GenericIO's dtypes: 1 to 9 ranks, some of them empty."""

    columns: list[tuple[str, np.dtype[Any], int]]
    ranks: list[dict[str, npt.NDArray[Any]]]
    big_endian: bool
    blocks: bool

    @staticmethod
    def of(seed: int, dtypes: Sequence[str], widest: int) -> Sample:
        """Make one; every dtype comes, and every bit pattern may, NaN's payloads too."""
        random = np.random.default_rng(seed)
        names = random.permutation([f"{dtype} {random.integers(9)}" for dtype in dtypes])
        widths = random.integers(1, widest + 1, len(names)) * random.integers(0, 2, len(names))
        columns = [
            (str(name), np.dtype(name.split()[0]), max(1, int(width)))
            for name, width in zip(names, widths, strict=True)
        ]
        made = []
        for _ in range(random.integers(1, 10)):
            rows = int(random.integers(*RANK_ROWS[random.integers(len(RANK_ROWS))]))
            rank = {}
            for name, dtype, width in columns:
                # Few different bytes in a column compress, many do not.
                octets = random.integers(0, random.choice([2, 256]), rows * width * dtype.itemsize)
                values = octets.astype("u1").view(dtype)
                if dtype == np.float16:
                    # It is widened, which need not keep a NaN's payload.
                    values = np.where(np.isnan(values), np.float16("nan"), values)
                rank[name] = values.reshape((rows, width) if width > 1 else rows)
            made.append(rank)
        return Sample(columns, made, bool(random.integers(2)), bool(random.integers(2)))

    def write(self, path: Path) -> None:
        """Let the judge write the plain form."""
        arrays = [[rank[name] for name, _, _ in self.columns] for rank in self.ranks]
        columns = [(name, dtype.str, width) for name, dtype, width in self.columns]
        endian = ">" if self.big_endian else "<"
        giofmt.write(str(path), columns, arrays, endian=endian, blocks=self.blocks)

    def table(self, spark: SparkSession) -> DataFrame:
        """Make a table whose partition i is rank i."""
        tables = []
        for rank in self.ranks:
            arrays = {}
            for name, _, width in self.columns:
                values = arrow_elements(rank[name].ravel())
                if width > 1:
                    ends = np.arange(len(rank[name]) + 1, dtype=np.int32) * np.int32(width)
                    kind = pa.list_(pa.field("element", values.type, nullable=False))
                    values = pa.ListArray.from_arrays(pa.array(ends), values, type=kind)
                arrays[name] = values
            tables.append(pa.table(arrays))
        fields = [
            frame_field(name, dtype, (width,) if width > 1 else ())
            for name, dtype, width in self.columns
        ]
        return _by_rank(spark, tables, StructType(fields))


ALL = ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"]
OF_STORES = ["i4", "i8", "u2", "f4", "f8"]


@pytest.mark.parametrize("seed", SEEDS)
def test_random_tables_go_round(spark: SparkSession, tmp_path: Path, seed: int) -> None:
    sample = Sample.of(seed, ALL, 4)
    sample.write(tmp_path / "plain.gio")
    verify = ("block", "off")[seed % 2]
    table = load(spark, tmp_path / "plain.gio", verify=verify)
    assert_same(ranks(table, len(sample.ranks)), sample.ranks)

    split = tmp_path / "split.gio"
    writer = sample.table(spark).write.format("genericio").option("boxSize", 64)
    writer.option("compression", ("none", "blosc")[seed // 2 % 2]).save(str(split))
    assert_same(judged(split), sample.ranks)
    assert giofmt.Dataset(str(split)).file.scale == (64, 64, 64)
    table = load(spark, split, maxPartitionBytes="16k")
    assert_same(ranks(table, len(sample.ranks)), sample.ranks)


def test_blocks_are_compressed_only_where_that_pays(spark: SparkSession, tmp_path: Path) -> None:
    rank = {
        "i8 even": np.arange(60_000),
        "u1 even": np.full(60_000, 7, "u1"),
        "f4 noise": np.random.default_rng(1).integers(0, 1 << 32, 60_000, "u4").view("f4"),
    }
    sample = Sample([(name, a.dtype, 1) for name, a in rank.items()], [rank], False, False)
    writer = sample.table(spark).write.format("genericio").option("compression", "blosc")
    writer.save(str(tmp_path / "c.gio"))
    part = giofmt.GioFile(str(tmp_path / "c.gio#0"))
    assert [part.chunk(0, v)[2] for v in range(3)] == ["BLOSC", "BLOSC", None]
    assert_same(judged(tmp_path / "c.gio"), [rank])


@pytest.mark.parametrize("seed", SEEDS)
def test_what_stores_write_is_accepted(spark: SparkSession, tmp_path: Path, seed: int) -> None:
    sample = Sample.of(100 + seed, OF_STORES, 1)
    wanted = [dict(sorted(rank.items())) for rank in sample.ranks]
    dims = (1, 1, len(wanted))
    partition = Partition(len(wanted), dims)
    store = GenericIOStore(partition, 2.5, f"{tmp_path}/tmp", spark=spark)
    store["k"] = sample.ranks
    assert_same(judged(tmp_path / "tmp_k.tmp.gio"), wanted)
    found = giofmt.Dataset(str(tmp_path / "tmp_k.tmp.gio"))
    assert found.file.scale == (7.5, 7.5, 7.5)
    assert found.file.dims == dims
    coords = [part.ranks[index][0] for part, index in found.blocks]
    assert coords == [(0, 0, z) for z in range(len(wanted))]
    assert_same(store.arrays("k"), wanted)
