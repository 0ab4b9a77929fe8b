"""Writes the Blosc frames beside this file, by c-blosc itself (pip install numpy blosc).

A frame's name tells its compressor, shuffle, size of element, number of elements and block size.
Its content is the one that BloscDecoderTest makes too: elements whose low bytes count up in an
uneven way, with a stretch of noise in the middle.
"""

from pathlib import Path

import blosc
import numpy as np

HERE = Path(__file__).parent
SHUFFLES = {"none": blosc.NOSHUFFLE, "byte": blosc.SHUFFLE, "bit": blosc.BITSHUFFLE}


def content(size: int, count: int) -> bytes:
    """Make the bytes of so many elements of a size."""
    i = np.arange(count, dtype="u8")
    values = i * i // 7 + 3 * i
    noise = (i >= count // 3) & (i < count // 3 + min(count // 6, 1000))
    values[noise] = (values[noise] + 1) * np.uint64(0x9E3779B97F4A7C15)
    # The value's bytes over and over, so that elements can be wider than eight bytes.
    return np.resize(values.view("u1").reshape(count, 8).T, (size, count)).T.tobytes()


SAMPLES = [(4, 3001, 4096), (8, 800, 0), (2, 2500, 2048), (1, 300, 0), (24, 100, 0)]
# Split blocks have at least 64 KiB, and a size that Blosc multiplies by the element's: two such
# blocks and a shorter third.
LARGE = (4, 36000, 16384)


def main() -> None:
    """Write all frames, and have c-blosc read each back."""
    for compressor in ["blosclz", "lz4", "lz4hc", "zlib", "zstd"]:
        for shuffle, code in SHUFFLES.items():
            split = shuffle == "byte" and compressor in ("blosclz", "lz4")
            for size, count, block in SAMPLES + [LARGE] * split:
                data = content(size, count)
                blosc.set_blocksize(block)
                frame = blosc.compress(data, size, 9, code, compressor)
                assert blosc.decompress(frame) == data
                (HERE / f"{compressor}-{shuffle}-{size}-{count}-{block}.blosc").write_bytes(frame)
    (HERE / "lz4-none-4-0-0.blosc").write_bytes(blosc.compress(b"", 4, 9, 0, "lz4"))


main()
