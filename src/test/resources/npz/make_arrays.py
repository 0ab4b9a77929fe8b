"""Writes the npz files beside this one by numpy, and what is in them (pip install numpy).

`expected.json` tells dtype, shape, order and the elements in C order, as hexadecimal bytes.
"""

import io
import json
import zipfile
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent


def arrays() -> dict[str, np.ndarray]:
    """Make arrays of every plain dtype, and of every shape that is a case of its own."""
    made: dict[str, np.ndarray] = {}
    rng = np.random.default_rng(11)
    for dtype in "?bBhHiIqQefdFD":
        plain = np.frombuffer(rng.bytes(12 * np.dtype(dtype).itemsize), dtype)
        plain = plain.astype(bool) if dtype == "?" else plain
        made[f"plain {plain.dtype}"] = plain
        made[f"big {plain.dtype}"] = plain.reshape(3, 4).astype(plain.dtype.newbyteorder(">"))
    made["zero-dimensional"] = np.array(4.5)
    made["empty"] = np.zeros(0, "i4")
    made["no rows/of five"] = np.zeros((0, 5), "f4")
    made["three rows of nothing"] = np.zeros((3, 0), "f4")
    made["fortran"] = np.asfortranarray(np.arange(24, dtype="i4").reshape(4, 6))
    made["fortran 3-d"] = np.asfortranarray(np.arange(120, dtype=">i2").reshape(4, 5, 6))
    made["fortran 1-d"] = np.asfortranarray(np.arange(5.0))
    made["3-d"] = np.arange(60, dtype="u2").reshape(3, 4, 5)
    made["größe"] = np.arange(3)
    made["a/b c.npy"] = np.arange(4)
    return made


def strange() -> dict[str, np.ndarray]:
    """Make arrays whose dtype is not one of plain numbers."""
    return {
        "text": np.array(["ab", "c"]),
        "bytes": np.array([b"ab", b"c"]),
        "time": np.array(["2026-11-21"], "M8[s]"),
        "record": np.zeros(2, [("a", "f4"), ("b", "i4", (3,))]),
        "object": np.array([{}], object),
        "plain": np.arange(3),
    }


def versions(path: Path) -> None:
    """Write one array in each version of the npy format, and as Python 2 wrote it."""
    with zipfile.ZipFile(path, "w") as archive:
        for version in [(1, 0), (2, 0), (3, 0)]:
            out = io.BytesIO()
            np.lib.format.write_array(out, np.arange(6).reshape(2, 3), version)
            archive.writestr(f"version {version[0]}.npy", out.getvalue())
        old = b"{'descr': '<i8', 'fortran_order': False, 'shape': (2L, 3L), }"
        old = old.ljust(128 - 10 - 1) + b"\n"
        old = b"\x93NUMPY\x01\x00" + len(old).to_bytes(2, "little") + old
        archive.writestr("python 2.npy", old + np.arange(6).tobytes())


def main() -> None:
    """Write all files."""
    plain = arrays()
    np.savez(HERE / "stored.npz", **plain)
    np.savez_compressed(HERE / "deflated.npz", **plain)
    ordered = {name: array for name, array in plain.items() if not array.flags.fnc}
    np.savez(HERE / "c-order.npz", **ordered)
    np.savez(HERE / "strange.npz", allow_pickle=True, **strange())
    versions(HERE / "versions.npz")
    expected = {
        name: {
            "dtype": array.dtype.str,
            "shape": list(array.shape),
            "fortran": array.flags.fnc,
            "hex": array.tobytes("C").hex(),
        }
        for name, array in plain.items()
    }
    (HERE / "expected.json").write_text(json.dumps(expected, indent=1, ensure_ascii=False))
    # The 64-bit forms of all records, which Python uses behind 2 GiB only.
    zipfile.ZIP64_LIMIT = 0
    np.savez(HERE / "wide.npz", **plain)
    np.savez(HERE / "wide-c-order.npz", **ordered)
    # Something in front, as self-extracting archives have.
    (HERE / "prefixed.npz").write_bytes(b"#!/bin/sh\n" * 9 + (HERE / "stored.npz").read_bytes())


main()
