"""Files of ours that a later version of the course must still read: a format, a version, the content."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from course_lib.errors import CourseError


@dataclass(frozen=True)
class Document:
    """What every such file begins with; its content is a dataclass that adds to it."""

    format: str
    version: int


D = TypeVar("D", bound=Document)


class DamagedError(Exception):
    """The file is there and is not one of ours."""


def decode(raw: bytes, kind: type[D], expected: Document, path: Path) -> D:
    """Return a file's content.

    Parameters
    ----------
    raw : bytes
        The file's bytes.
    kind : type
        The dataclass of its content.
    expected : Document
        The format, and the newest version that this course knows.
    path : Path
        The file, for the message.

    Raises
    ------
    DamagedError
        When the bytes are no such file.
    CourseError
        When a newer version of the course wrote it.
    """
    import msgspec

    try:
        header = msgspec.json.decode(raw, type=Document)
        if header.format != expected.format:
            raise DamagedError(f"its format is {header.format!r}, not {expected.format!r}")
        if header.version > expected.version:
            raise CourseError(
                f"a newer version of the course wrote this file (format {header.version}, this one knows"
                f" {expected.version}).",
                remedy="Update the course.",
                path=path,
            )
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as why:
        raise DamagedError(str(why)) from None


def encode(document: Document) -> bytes:
    """Return a document's bytes; the same document gives the same bytes."""
    import msgspec

    return msgspec.json.format(msgspec.json.encode(document, order="sorted"), indent=1) + b"\n"
