"""Functions are given the same frames by reference and by value, however these are stored."""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyspark.sql import DataFrame, SparkSession, functions

import spark_arrays
import stored_frames
from conftest import ROOT
from frame_checks import Array, check
from samples import DTYPES
from stored_frames import Stored

SEED = int(os.environ.get("ARRAYS_FRAMES_SEED", "5"))
ROUNDS = int(os.environ.get("ARRAYS_FRAMES_ROUNDS", "20"))
"""How often the long test goes over all ways to store frames."""


@pytest.fixture(autouse=True)
def refer_to_small_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have `auto` refer to frames of a few bytes, too."""
    monkeypatch.setattr("spark_arrays.mapping.SMALL_FRAME_BYTES", 0)


def region_of(stored: Stored, rng: np.random.Generator) -> tuple[dict[str, Any], Array]:
    """Choose a region of the frames, sometimes, and give the option and what is in it."""
    frames = stored.frames
    if frames.ndim < 2 or rng.random() < 0.6:
        return {}, frames
    starts = [int(rng.integers(0, extent)) for extent in frames.shape[1:]]
    ends = [
        (start, int(rng.integers(start + 1, extent + 1)))
        for start, extent in zip(starts, frames.shape[1:], strict=True)
    ]
    box = [slice(None), *(slice(low, high) for low, high in ends)]
    within = frames[tuple(box)]
    return {"region": ",".join(f"{a}:{b}" for a, b in ends)}, within


def chosen(df: DataFrame, count: int, rng: np.random.Generator) -> tuple[DataFrame, list[int]]:
    """Choose rows, and give their indexes."""
    every = range(count)
    first, last = sorted(rng.integers(0, count, 2).tolist())
    kind = int(rng.integers(0, 7))
    if kind == 1:
        return df.where(f"frame_index BETWEEN {first} AND {last}"), list(every[first : last + 1])
    if kind == 2:
        return df.where("frame_index % 3 = 1"), list(every[1::3])
    if kind == 3:
        return df.where(f"frame_index IN ({first}, {last})"), sorted({first, last})
    if kind == 4:
        ordered = df.orderBy(functions.desc("frame_index"))
        return ordered.limit(last + 1), list(every[count - last - 1 :])
    if kind == 5:
        some = df.limit(last + 1).offset(first)
        return some, sorted(row[0] for row in some.select("frame_index").collect())
    if kind == 6:
        some = df.sample(fraction=0.5, seed=first)
        return some, sorted(row[0] for row in some.select("frame_index").collect())
    return df, list(every)


def try_one(spark: SparkSession, stored: Stored, seed: list[int], ways: tuple[str, ...]) -> None:
    """Choose frames, and look at what a function is given."""
    rng = np.random.default_rng(seed)
    region, frames = region_of(stored, rng)
    df, index = chosen(stored.read(spark, **region), len(frames), rng)
    block = [1, 2, 3, "1k", "8m"][int(rng.integers(0, 5))]
    try:
        check(df, frames[index], df.columns[-1], index=index, ways=ways, block=block)
    except Exception as error:
        raise AssertionError(f"{stored.name}, seed {seed}, {region}, rows {index}") from error


def ways_of(stored: Stored, by_value: bool) -> tuple[str, ...]:
    """Give the ways that frames come; where all can be referred to, none may come by value."""
    return ("reference" if stored.referred else "auto", *(["value"] if by_value else []))


def test_every_format_layout_filter_and_dtype(spark: SparkSession, tmp_path: Path) -> None:
    """Each once, and each dtype."""
    rng = np.random.default_rng(SEED)
    seen = set()
    for number, write in enumerate(stored_frames.WAYS):
        stored = write(tmp_path, rng, number)
        seen.add(str(stored.values.dtype.newbyteorder("=")))
        try_one(spark, stored, [SEED, number], ways_of(stored, number % 4 == 0))
    assert seen >= {str(np.dtype(dtype).newbyteorder("=")) for dtype in DTYPES}


def test_every_kind_of_virtual_data_set(spark: SparkSession, tmp_path: Path) -> None:
    """Those of HDF5's documentation, unlimited ones, numbered files; and some at random."""
    rng = np.random.default_rng(SEED)
    cases = itertools.islice(stored_frames.virtual_cases(), SEED % 3, None, 3)
    found = [*cases, *stored_frames.virtual(tmp_path, rng, 0)]
    for number, stored in enumerate(found):
        try_one(spark, stored, [SEED, number], ways_of(stored, number % 4 == 0))


@pytest.mark.long
def test_everything_at_random(spark: SparkSession, tmp_path: Path) -> None:
    """Both ways, many times."""
    for turn in range(ROUNDS):
        rng = np.random.default_rng([SEED, turn])
        folder = tmp_path / str(turn)
        folder.mkdir()
        made = [
            write(folder, rng, turn + number) for number, write in enumerate(stored_frames.WAYS)
        ]
        made += [*stored_frames.virtual(folder, rng, turn), *stored_frames.virtual_cases()]
        for number, stored in enumerate(made):
            try_one(spark, stored, [SEED, turn, number], ways_of(stored, True))


def test_columns_of_particles(spark: SparkSession) -> None:
    """GenericIO's rows have no index but that of their rank, and come by value."""
    file = ROOT / "src/test/resources/genericio/gio/all_r2.gio"
    df = spark_arrays.load(file, spark=spark)
    name = df.columns[0]
    rows = df.where("_rank = 0").selectExpr("_row AS frame_index", name)
    expected = np.array([row[1] for row in sorted(rows.collect())])
    dtype = spark_arrays.frame_dtype(df.schema[name])
    check(rows, expected.astype(dtype), name, ways=("auto", "value"), block=7)
