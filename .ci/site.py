"""What MkDocs does for the site beside its own: the notebooks are files of it.

Pages link them where they are in the source tree, so that the links work there too.
"""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the notebooks."""
    for notebook in sorted(NOTEBOOKS.glob("*.ipynb")):
        name = f"notebooks/{notebook.name}"
        files.append(File.generated(config, name, abs_src_path=str(notebook)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001
    """Lead links to them there."""
    return markdown.replace("](../notebooks/", "](notebooks/")
