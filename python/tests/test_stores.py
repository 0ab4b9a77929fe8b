"""The temporary stores, and the examples of haccytrees' own documentation."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from pyspark.sql import SparkSession

from conftest import ROOT
from spark_arrays import SparkArraysError
from spark_arrays.stores import GenericIOStore, NumpyStore, Partition

FILES = ROOT / "src" / "test" / "resources" / "genericio" / "store"

EXAMPLES = re.findall(
    r"```python\n(# haccytrees.*?)```", (ROOT / "docs/stores.md").read_text(), re.S
)


@pytest.fixture(params=[None, "tmp", "deep/"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> str | None:
    """Give no path, a prefix, and one that ends in a slash."""
    return None if request.param is None else f"{tmp_path}/{request.param}"


@pytest.mark.usefixtures("spark")
@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_of_the_original_run_as_they_stand(
    example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both examples, `./tmp` seen from this process's folder."""
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(example, names)
    store = names["store"]
    assert isinstance(store, (GenericIOStore, NumpyStore))
    assert "pos_0" not in store
    assert list(tmp_path.iterdir()) == []


def test_the_examples_are_there() -> None:
    """One for each store."""
    assert [name in "".join(EXAMPLES) for name in ("GenericIOStore(", "NumpyStore(")] == [True] * 2


def test_tables_by_key(spark: SparkSession, path: str | None) -> None:
    """What a dict does."""
    with GenericIOStore(Partition(), 64, path, spark=spark) as store:
        ranks = [
            {"x": np.arange(n, dtype="f4"), "u": np.arange(n, dtype="u2") + 65000}
            for n in (3, 0, 2)
        ]
        store["a"] = ranks
        store[499] = spark.range(5)
        assert list(store) == store.keys() == ["499", "a"]
        assert len(store) == 2
        assert [key in store for key in ("a", 499, "499", "b")] == [True, True, True, False]
        found = store.arrays("a")
        for got, wanted in zip(found, ranks, strict=True):
            assert set(got) == {"x", "u"}
            for name in wanted:
                assert got[name].dtype == wanted[name].dtype
                np.testing.assert_array_equal(got[name], wanted[name])
        assert store.get_field("a", "x").columns == ["x"]
        assert store.get_field("a", ["u", "x"]).columns == ["u", "x"]
        assert store.get_field("a", []).count() == 5
        assert store.pop("a").count() == 5
        with pytest.raises(KeyError):
            store["a"]
        with pytest.raises(KeyError):
            store.pop("a")
        with pytest.raises(KeyError):
            store.remove("a")
        with pytest.raises(KeyError):
            store.get_field("a", "x")
        del store[499]
        assert len(store) == 0


def test_arrays_by_key(spark: SparkSession, path: str | None) -> None:
    """Each of its own shape and dtype, as numpy.savez takes them."""
    with NumpyStore(Partition(), path, spark=spark) as store:
        ranks = [
            {
                "m": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
                "scalar": 1.5,
                "list": [1, 2, 3],
                "big": np.arange(3, dtype=">u2"),
                "empty": np.zeros((0, 4), "c8"),
                "flag": np.array([True, False]),
            },
            {},
        ]
        store["idx"] = ranks
        for got, wanted in zip(store.arrays("idx"), ranks, strict=True):
            assert list(got) == list(wanted)
            for name, value in wanted.items():
                array = np.asarray(value)
                assert got[name].dtype == array.dtype
                assert got[name].shape == array.shape
                np.testing.assert_array_equal(got[name], array)
        if path is not None:
            with np.load(f"{path}_idx.tmp.rank-0.npz") as file:
                assert file.files == list(ranks[0])
                np.testing.assert_array_equal(file["m"], ranks[0]["m"])
        store.remove("idx")
        assert store.keys() == []


def test_files_of_haccytrees_are_read(spark: SparkSession) -> None:
    """What the real store classes left on two ranks."""
    store = GenericIOStore(Partition(2), 64, f"{FILES}/tmp", spark=spark)
    for rank, got in enumerate(store.arrays("pos_0")):
        with np.load(FILES / f"tmp_pos_0.expected.rank-{rank}.npz") as wanted:
            assert list(got) == sorted(wanted.files)
            for name in wanted.files:
                assert got[name].dtype == wanted[name].dtype
                np.testing.assert_array_equal(got[name], wanted[name])
    for rank, arrays in enumerate(
        NumpyStore(Partition(2), f"{FILES}/tmp", spark=spark).arrays("idx")
    ):
        with np.load(FILES / f"tmp_idx.tmp.rank-{rank}.npz") as wanted:
            assert list(arrays) == wanted.files
            for name in wanted.files:
                assert arrays[name].dtype == wanted[name].dtype
                np.testing.assert_array_equal(arrays[name], wanted[name])


@pytest.mark.parametrize("name", ["all_r2", "vec_r2"])
def test_files_of_others_are_read_whatever_their_types(
    spark: SparkSession, tmp_path: Path, name: str
) -> None:
    """Wide columns and unsigned numbers too, which no store writes."""
    file = FILES.parent / "gio" / f"{name}.gio"
    shutil.copy(file, tmp_path / "tmp_k.tmp.gio")
    ranks = GenericIOStore(Partition(2), 64, f"{tmp_path}/tmp", spark=spark).arrays("k")
    with np.load(f"{file}.expected.npz") as wanted:
        assert set(ranks[0]) == {name for name in wanted.files if not name.startswith("__")}
        for column in ranks[0]:
            assert ranks[0][column].dtype == wanted[column].dtype
            got = np.concatenate([rank[column] for rank in ranks])
            np.testing.assert_array_equal(got, wanted[column])


def test_what_does_not_fit_is_refused(spark: SparkSession, tmp_path: Path) -> None:
    """Before anything is written."""
    store = GenericIOStore(Partition(2, (1, 2, 1)), 1, f"{tmp_path}/t", spark=spark)
    one = {"x": np.zeros(3)}
    cases: list[SimpleNamespace] = [
        SimpleNamespace(data={"x": np.zeros((2, 2))}, error=SparkArraysError, text="SHAPE_INVALID"),
        SimpleNamespace(
            data={"x": np.zeros(2), "y": np.zeros(3)}, error=SparkArraysError, text="FRAME_LENGTH"
        ),
        SimpleNamespace(
            data=[one, {"y": np.zeros(3)}], error=SparkArraysError, text="RANKS_DIFFER"
        ),
        SimpleNamespace(data=one, error=SparkArraysError, text="RANKS_DIFFER"),
        SimpleNamespace(
            data=[{"x": np.zeros(3, "u1")}] * 2,
            error=SparkArraysError,
            text="DTYPE_UNSUPPORTED",
        ),
    ]
    for case in cases:
        with pytest.raises(case.error, match=case.text):
            store["k"] = case.data
    assert list(tmp_path.iterdir()) == []
    store["k"] = [one, one]
    assert store["k"].count() == 6
