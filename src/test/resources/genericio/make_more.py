"""Writes the files in the folder `more` by the independent writer giofmt.py (pip install numpy).

They have what neither the GenericIO library nor `derived` has: header entries of sizes that no
writer uses yet, the oldest header of all, wide big-endian columns, float16, an element that is no
number.
"""

import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[3] / "python" / "tests" / "oracles"))

import giofmt  # noqa: E402

COLUMNS = [
    ("a_f4", "f4", 1),
    ("b_f8", "f8", 1),
    ("c_i4", "i4", 1),
    ("d_i8", "i8", 1),
    ("e_u2", "u2", 1),
]
SCALE, ORIGIN = (128.0, 64.0, 32.0), (0.5, 0.0, -1.0)


def block(rng: np.random.Generator, n: int) -> list[np.ndarray]:
    """Make the rows of a rank."""
    return [
        rng.normal(size=n).astype("f4"),
        rng.normal(size=n),
        rng.integers(-(2**31), 2**31, n).astype("i4"),
        rng.integers(-(2**62), 2**62, n),
        rng.integers(0, 65536, n).astype("u2"),
    ]


def make(name, columns, ranks, origin=ORIGIN, scale=SCALE, **layout) -> None:
    """Write a file, and what is in it."""
    path = HERE / "more" / f"{name}.gio"
    giofmt.write(path, columns, ranks, origin=ORIGIN, scale=SCALE, **layout)
    giofmt.expected(path, columns, ranks, origin, scale, f"{path}.expected.npz")


def main() -> None:
    """Write all files."""
    rng = np.random.default_rng(5)
    (HERE / "more").mkdir(exist_ok=True)
    ranks = [block(rng, 9), block(rng, 4)]
    none = (0.0, 0.0, 0.0)
    make("old_ghs104_r2", COLUMNS, ranks, none, none, ghs=104, vars_size=272, ranks_size=40)
    make("future_headers_r2", COLUMNS, ranks, ghs=200, vars_size=320, ranks_size=64, pad_header=24)
    make(
        "vec_be_r2",
        [("pos", "f4", 3), ("tag", "i8", 2)],
        [[rng.normal(size=(n, 3)).astype("f4"), rng.integers(0, 9, (n, 2))] for n in (5, 2)],
        endian=">",
    )
    half = rng.normal(size=6).astype("f2")
    make("half_r1", [("n" * 256, "f2", 1), ("größe", "i1", 1)], [[half, np.arange(6, dtype="i1")]])
    make(
        "long_double_r1",
        [("odd", "f16", 1), ("plain", "i4", 1)],
        [[np.ones(3, "f16"), np.arange(3)]],
    )


main()
