"""Run the notebooks and keep the last picture of each, small, in ``docs/pictures``.

Called by ``make pictures``, when a notebook draws something else than before. Notebooks themselves
are in git without outputs.
"""

from __future__ import annotations

import base64
import io
import sys
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
WIDTH = 600
COLORS = (128, 64, 32)
MOST_BYTES = 60 << 10
TIMEOUT_SECONDS = 600


def last_picture(notebook: Path) -> bytes:
    """Run a notebook, and give the last picture that it draws."""
    content: Any = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    folder = {"metadata": {"path": str(notebook.parent)}}
    NotebookClient(content, timeout=TIMEOUT_SECONDS, resources=folder).execute()
    outputs = [output for cell in content.cells for output in cell.get("outputs", [])]
    drawn = [
        output.data["image/png"] for output in outputs if "image/png" in output.get("data", ())
    ]
    if not drawn:
        raise SystemExit(f"{notebook.name} draws no picture")
    return base64.b64decode(drawn[-1])


def small(png: bytes) -> bytes:
    """Make a picture narrow, of as many colors as fit into a small file, on white."""
    picture = Image.open(io.BytesIO(png)).convert("RGBA")
    whole = Image.new("RGBA", picture.size, "white")
    whole.alpha_composite(picture)
    width = min(WIDTH, picture.width)
    height = round(picture.height * width / picture.width)
    narrow = whole.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)
    for colors in COLORS:
        packed = io.BytesIO()
        narrow.quantize(colors, dither=Image.Dither.NONE).save(packed, "PNG", optimize=True)
        if packed.tell() <= MOST_BYTES:
            return packed.getvalue()
    raise SystemExit(f"a picture of {width} × {height} does not fit into {MOST_BYTES} bytes")


def main() -> int:
    """Renew the pictures of the notebooks that are named, or of all."""
    names = sys.argv[1:]
    target = ROOT / "docs" / "pictures"
    target.mkdir(exist_ok=True)
    for notebook in sorted((ROOT / "notebooks").glob("*.ipynb")):
        if names and not any(notebook.name.startswith(name) for name in names):
            continue
        picture = small(last_picture(notebook))
        (target / f"{notebook.stem}.png").write_bytes(picture)
        print(f"{len(picture):>7} bytes  {notebook.stem}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
