"""Make values.npz and scalars.npz, arrays of other than numbers, and values.json, what they hold.

Run it with numpy 2; files.npz of the same numpy are equal to the last byte. What Spark shall show
is computed by numpy: times as numbers of microseconds, days or months, bytes in hexadecimal.
"""

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
ROWS = 7
rng = np.random.default_rng(11)


def text(*shape: int, dtype: str) -> np.ndarray:
    """Make words of all lengths, with characters of one to four bytes."""
    width = np.dtype(dtype).itemsize // (4 if "U" in dtype else 1)
    letters = list("aZ 0_") + (list("éß€漢😀\x00") if "U" in dtype else [])
    words = np.empty(shape, dtype)
    for index in np.ndindex(shape):
        words[index] = "".join(rng.choice(letters, rng.integers(0, width + 1)))
    return words


def times(*shape: int, dtype: str, most: int) -> np.ndarray:
    """Make times about 1970, some of them none."""
    values = rng.integers(-most, most, shape).astype("i8").astype(dtype)
    values[rng.random(shape) < 0.3] = "NaT"
    return values


def numbers(*shape: int, dtype: str) -> np.ndarray:
    """Make whole numbers of either sign."""
    kind = np.dtype(dtype).kind
    low = 0 if kind in "ub" else -100
    values = rng.integers(low, 2 if kind == "b" else 100, shape)
    return (values + 1j * values[::-1] if kind == "c" else values).astype(dtype)


def records(*shape: int, align: bool = False) -> np.ndarray:
    """Make records with everything in them."""
    inner = np.dtype([("flag", "?"), ("z", ">c8"), ("word", "U3")])
    fields = [
        ("i", "i1"),
        ("x", "<f8"),
        ("big", ">u2"),
        ("half", "f2"),
        ("wide", "u8"),
        ("name", "S4"),
        ("at", "M8[ms]"),
        ("raw", "V3"),
        ("vector", "<f4", (3,)),
        ("matrix", ">i2", (2, 2)),
        ("tags", "U2", (2,)),
        ("days", "M8[D]", (2,)),
        ("inner", inner),
        ("many", inner, (2,)),
    ]
    values = np.zeros(shape, np.dtype(fields, align=align))
    for name, dtype, *_ in fields:
        fill(values[name], np.dtype(dtype))
    return values


def fill(view: np.ndarray, dtype: np.dtype) -> None:
    """Fill a field with random values of its dtype."""
    if dtype.names:
        for name in dtype.names:
            fill(view[name], dtype[name])
    elif dtype.kind in "US":
        view[...] = text(*view.shape, dtype=dtype.str)
    elif dtype.kind == "M":
        view[...] = times(*view.shape, dtype=dtype.str, most=100_000)
    elif dtype.kind == "V":
        view[...] = rng.integers(0, 256, (*view.shape, dtype.itemsize), "u1").view(dtype)[..., 0]
    else:
        view[...] = numbers(*view.shape, dtype=dtype.str)


def label(unit: str) -> str:
    """Name a unit so that capitals make no difference."""
    return "min" if unit == "m" else unit


def columns() -> dict[str, np.ndarray]:
    """Make arrays of as many rows each."""
    gaps = np.dtype(
        {"names": ["b", "a"], "formats": ["<i4", "S2"], "offsets": [9, 2], "itemsize": 16}
    )
    gapped = np.zeros(ROWS, gaps)
    gapped["a"], gapped["b"] = text(ROWS, dtype="S2"), numbers(ROWS, dtype="i4")
    latin = np.array(
        [b"abc", b"\xb5m", b"\xe2\x82\xac", b"\xe2\x82", b"\xff\xff\xff", b"", b"x\0y"]
    )
    return {
        "n": np.arange(ROWS),
        "word": text(ROWS, dtype="<U5"),
        "word big": text(ROWS, dtype=">U5"),
        "words": text(ROWS, 2, 3, dtype="<U4"),
        "words fortran": np.asfortranarray(text(ROWS, 2, 3, dtype=">U2")),
        "nothing": np.zeros(ROWS, "U0"),
        "bytes": text(ROWS, dtype="S7"),
        "bytes 2": text(ROWS, 2, dtype="S3"),
        "latin": latin,
        "raw": rng.integers(0, 256, (ROWS, 5), "u1").view("V5")[:, 0],
        "raw 2": rng.integers(0, 256, (ROWS, 6), "u1").view("V3"),
        "record": records(ROWS),
        "aligned": records(ROWS, align=True),
        "record 2": records(ROWS, 2),
        "gapped": np.sort(gapped, order=["b"]).view(gaps)[["a", "b"]],
        **{
            f"date {label(unit)}": times(ROWS, dtype=f"<M8[{unit}]", most=most)
            for unit, most in [
                ("Y", 5000),
                ("M", 50000),
                ("W", 10**5),
                ("D", 10**6),
                ("h", 10**6),
                ("m", 10**7),
                ("s", 10**10),
                ("ms", 10**13),
                ("us", 10**15),
                ("ns", 10**18),
                ("ps", 10**18),
                ("fs", 10**18),
                ("as", 10**18),
                ("25s", 10**8),
                ("2M", 10**4),
                ("10ns", 10**17),
            ]
        },
        **{
            f"span {label(unit)}": times(ROWS, dtype=f">m8[{unit}]", most=most)
            for unit, most in [
                ("Y", 5000),
                ("M", 50000),
                ("W", 10**5),
                ("D", 10**6),
                ("h", 10**6),
                ("m", 10**7),
                ("s", 10**10),
                ("ms", 10**13),
                ("us", 10**15),
                ("ns", 10**18),
                ("as", 10**18),
            ]
        },
        "dates": times(ROWS, 2, 2, dtype="M8[D]", most=10**5),
    }


def plain(values: np.ndarray) -> Any:
    """Give values as JSON has them."""
    dtype = values.dtype
    if dtype.names:
        if values.ndim:
            return [plain(value) for value in values]
        return {name: plain(np.asarray(values[name])) for name in dtype.names}
    if values.ndim:
        return [plain(np.asarray(value)) for value in values]
    if dtype.kind in "Mm":
        if np.isnat(values):
            return None
        unit, _ = np.datetime_data(dtype)
        coarse = "M" if unit in "YM" and dtype.kind == "m" else "D" if unit in "YMWD" else "us"
        coarse = "us" if dtype.kind == "m" and coarse == "D" else coarse
        return int(values.astype(f"{dtype.kind}8[{coarse}]").astype("i8"))
    if dtype.kind == "S":
        return values.item().decode("utf-8", "replace")
    if dtype.kind == "V":
        return values.tobytes().hex()
    if dtype.kind == "c":
        return {"re": float(values.real), "im": float(values.imag)}
    return values.item()


def main() -> None:
    """Write the files."""
    arrays = columns()
    np.savez_compressed(HERE / "values.npz", **arrays)
    scalars = {name: array[1, ...] if array.ndim == 1 else array for name, array in arrays.items()}
    np.savez_compressed(HERE / "scalars.npz", **{n: np.asarray(a) for n, a in scalars.items()})
    rows = {name: plain(array) for name, array in arrays.items()}
    (HERE / "values.json").write_text(json.dumps(rows, ensure_ascii=False, indent=0))
    np.savez(
        HERE / "unmapped.npz",
        allow_pickle=True,
        x=np.arange(3),
        thing=np.array([{}, None, 1], object),
        long=np.frombuffer(bytes(48), "longdouble"),
        generic=np.zeros(3, "m8"),
        mixed=np.zeros(3, [("a", "i4"), ("g", "M8"), ("b", "U2")]),
        other=np.array(["longer", "than", "the", "others"]),
        title=np.array("a scan"),
    )
    widths = HERE / "widths"
    widths.mkdir(exist_ok=True)
    np.savez(
        widths / "w.rank-0.npz",
        x=np.arange(2),
        s=np.array(["a", "bc"]),
        t=np.array([["1", "22"], ["333", ""]]),
        notes=np.array(["three", "other", "notes"]),
    )
    np.savez(
        widths / "w.rank-1.npz",
        x=np.arange(3),
        s=np.array(["longer", "d", "e"]),
        t=np.array([["a", "b"], ["c", "d"], ["e", "f"]]),
        notes=np.array(["three", "other", "notes"]),
    )
    with zipfile.ZipFile(HERE / "values.npz") as archive:
        assert all(len(archive.read(name)) > 0 for name in archive.namelist())


main()
