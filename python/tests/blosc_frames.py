"""Blosc-1 frames of LZ4, decoded by Arrow's LZ4 and NumPy: an outside judge of what is written."""

from __future__ import annotations

import struct

import numpy as np
import pyarrow as pa

SHUFFLED, PLAIN, WHOLE_BLOCKS = 1, 2, 16
LZ4 = 1
LEAST_PART, WIDEST_SPLIT = 128, 16


def decompress(frame: bytes) -> bytes:
    """Give the bytes of a frame."""
    _, _, flags, width, size, block, length = struct.unpack_from("<4B3I", frame)
    assert length == len(frame)
    if flags & PLAIN:
        return frame[16 : 16 + size]
    assert flags >> 5 == LZ4
    out = b""
    for i in range(-(-size // block)):
        (at,) = struct.unpack_from("<I", frame, 16 + 4 * i)
        count = min(block, size - i * block)
        split = not flags & WHOLE_BLOCKS and width <= WIDEST_SPLIT
        parts = width if split and count == block and block // width >= LEAST_PART else 1
        data = b""
        for _ in range(parts):
            (stored,) = struct.unpack_from("<I", frame, at)
            data += _part(frame[at + 4 : at + 4 + stored], count // parts)
            at += 4 + stored
        out += _unshuffle(data, width) if flags & SHUFFLED and width > 1 else data
    assert len(out) == size
    return out


def _part(stored: bytes, size: int) -> bytes:
    if len(stored) == size:
        return stored
    whole: bytes = pa.Codec("lz4_raw").decompress(stored, size, asbytes=True)
    return whole


def _unshuffle(data: bytes, width: int) -> bytes:
    rows = len(data) // width
    planes = np.frombuffer(data, np.uint8, rows * width).reshape(width, rows)
    rest = data[rows * width :]
    return bytes(planes.T.tobytes()) + rest
