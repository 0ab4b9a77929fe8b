"""What a scan's column ``_reference_<column>`` says of where frames are: in Python workers."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from spark_arrays._places import Hdf5Place, Place, PlainPlace
from spark_arrays._virtual import VirtualPlace
from spark_arrays.errors import SparkArraysError

__all__ = ["Places"]

KINDS: Mapping[str, type[Place]] = {
    "plain": PlainPlace,
    "hdf5": Hdf5Place,
    "virtual": VirtualPlace,
}


class Places:
    """The places that a task reads from, of which a few stay open."""

    MOST = 32

    def __init__(self) -> None:
        self._open: OrderedDict[bytes, Place] = OrderedDict()

    def __getitem__(self, text: bytes) -> Place:
        """Open what a reference says."""
        place = self._open.get(text)
        if place is None:
            while len(self._open) >= self.MOST:
                self._open.popitem(last=False)[1].close()
            place = self._open[text] = _open(json.loads(text))
        self._open.move_to_end(text)
        return place

    def close(self) -> None:
        """Close them all."""
        while self._open:
            self._open.popitem()[1].close()


def _open(text: Mapping[str, Any]) -> Place:
    try:
        return KINDS[text["kind"]](text)
    except OSError as error:
        raise SparkArraysError(
            "IO_FAILED",
            text.get("file", text["kind"]),
            f"a Python worker can't open it: {error}",
            "Let workers run as a user who may read it, or take frames by value: by='value'",
        ) from error
