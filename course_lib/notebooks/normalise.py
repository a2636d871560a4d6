"""The one form in which a notebook is committed, and the form in which two runs are compared.

Pure: a notebook goes in, a new one comes out.
"""

import base64
import binascii
import copy
import re
import struct

import nbformat
from nbformat import NotebookNode

from course_lib.notebooks.model import as_node

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {"name": "python"}
# nbval knows its own name only; authors may write the plain word.
TAG_NAMES = {"deterministic": "nbval-check-output"}
WIDGET_MIMES = ("application/vnd.jupyter.widget-view+json", "application/vnd.jupyter.widget-state+json")
IGNORED_OUTPUT = "nbval-ignore-output"

_PNG_URI = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=\s]+)")


def normalise(node: NotebookNode, *, keep_outputs: bool = True) -> NotebookNode:
    """Return a copy in the form that is committed.

    Kept: sources (less blank ends), ids, tags, nbgrader's metadata, outputs and
    execution counts as they are. Dropped: widget state and widget views (their
    model ids are random; the ``text/html`` and ``text/plain`` beside them stay),
    timings, window state, versions of the machine. A traceback keeps its last
    line, since its paths and colours are this machine's. A cell tagged
    ``nbval-ignore-output`` shows the reader's own machine, so its outputs go.

    Parameters
    ----------
    keep_outputs : bool
        False for an assignment, which is committed without outputs and counts.
    """
    return as_node(
        {
            "cells": [_cell(cell, keep_outputs) for cell in node.cells],
            "metadata": {"kernelspec": KERNELSPEC, "language_info": LANGUAGE},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    )


def dumps(node: NotebookNode) -> str:
    """Return the text of the file: JSON, one space of indent, sorted keys, a newline at its end."""
    text = nbformat.v4.writes(node, indent=1)  # type: ignore[no-untyped-call]
    return str(text).rstrip("\n") + "\n"


def comparable(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Return the outputs with each picture reduced to ``<png WIDTHxHEIGHT>``.

    The pixels of a figure differ a little from one platform's fonts to another's.
    Its numbers are in the table twin beside it, which is compared to the letter.
    """
    reduced = copy.deepcopy(outputs)
    for output in reduced:
        output.pop("execution_count", None)
        for mime, value in output.get("data", {}).items():
            if mime == "image/png":
                output.data[mime] = png_size(value)
            elif isinstance(value, str):
                output.data[mime] = _PNG_URI.sub(lambda match: png_size(match[1]), value)
    return reduced


def png_size(encoded: str) -> str:
    """Return ``<png WIDTHxHEIGHT>`` of a base64 picture, or ``<broken png>``."""
    try:
        raw = base64.b64decode("".join(encoded.split()), validate=True)
        if raw[:8] != b"\x89PNG\r\n\x1a\n":
            return "<broken png>"
        width, height = struct.unpack(">II", raw[16:24])
    except (binascii.Error, struct.error):
        return "<broken png>"
    return f"<png {width}x{height}>"


def _cell(cell: NotebookNode, keep_outputs: bool) -> NotebookNode:
    metadata = cell.get("metadata", {})
    kept = {key: copy.deepcopy(metadata[key]) for key in ("nbgrader",) if key in metadata}
    if metadata.get("tags"):
        kept["tags"] = list(dict.fromkeys(TAG_NAMES.get(tag, tag) for tag in metadata["tags"]))
    new = as_node(
        {
            "cell_type": cell.cell_type,
            "id": cell.get("id", ""),
            "metadata": kept,
            "source": cell.source.rstrip(),
        }
    )
    if cell.get("attachments"):
        new.attachments = copy.deepcopy(cell.attachments)
    if cell.cell_type == "code":
        new.execution_count = cell.get("execution_count") if keep_outputs else None
        new.outputs = _outputs(cell) if keep_outputs else []
    return new


def _outputs(cell: NotebookNode) -> list[NotebookNode]:
    if IGNORED_OUTPUT in cell.get("metadata", {}).get("tags", []):
        return []
    new: list[NotebookNode] = []
    for output in copy.deepcopy(cell.get("outputs", [])):
        output.pop("transient", None)
        if output.output_type == "stream":
            before = new[-1] if new else None
            if before is not None and before.output_type == "stream" and before.name == output.name:
                before.text += output.text
                continue
        elif output.output_type == "error":
            output.traceback = [f"{output.ename}: {output.evalue}"]
        else:
            output.metadata = as_node({})
            for mime in WIDGET_MIMES:
                output.data.pop(mime, None)
            if not output.data:
                continue
        new.append(output)
    return new
