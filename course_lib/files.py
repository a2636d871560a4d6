"""Where the course lives on disk, and writing a file so that it is whole or absent."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from course_lib.errors import CourseError


def course_root(start: Path | None = None) -> Path | None:
    """Return the course folder that holds `start`, or None outside a course.

    The course folder is the first one upward that has a ``notebooks`` folder beside
    a ``datasets`` or ``course_lib`` folder. ``COURSE_ROOT`` names another one.
    """
    if env := os.environ.get("COURSE_ROOT"):
        return Path(env)
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "notebooks").is_dir() and any((folder / n).is_dir() for n in ("datasets", "course_lib")):
            return folder
    return None


def require_course_root() -> Path:
    """Return the course folder, or raise `CourseError` that says where to go."""
    if root := course_root():
        return root
    raise CourseError(
        f"{Path.cwd()} is not inside the course folder.",
        remedy="Change into the folder that holds notebooks/ and datasets/, or set COURSE_ROOT to it.",
    )


def cache_dir() -> Path:
    """Return the folder for files that can be rebuilt; ``COURSE_CACHE_DIR`` moves it."""
    if env := os.environ.get("COURSE_CACHE_DIR"):
        return Path(env)
    import platformdirs  # a millisecond, but not needed by `import course_lib`

    return Path(platformdirs.user_cache_dir("crosswalk", appauthor=False))


def data_dir() -> Path:
    """Return the folder for what the user added and cannot be rebuilt; ``COURSE_DATA_DIR`` moves it."""
    if env := os.environ.get("COURSE_DATA_DIR"):
        return Path(env)
    import platformdirs

    return Path(platformdirs.user_data_dir("crosswalk", appauthor=False))


@contextmanager
def atomic_write(path: Path, mode: str = "w") -> Iterator[IO]:  # type: ignore[type-arg]
    """Open a file that replaces `path` only when the block ends without an error.

    A crash, a full disk or Ctrl-C leaves the old file as it was.

    Raises
    ------
    CourseError
        When the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fd, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        part = Path(name)
    except OSError as why:
        raise CourseError(
            f"cannot write here ({why.strerror}).",
            remedy="Give yourself write access to the folder, or work in a copy of the course.",
            path=path,
        ) from None
    try:
        kind = {} if "b" in mode else {"encoding": "utf-8", "newline": "\n"}
        with os.fdopen(fd, mode, **kind) as out:  # type: ignore[call-overload]
            yield out
            out.flush()
            os.fsync(out.fileno())
        # mkstemp makes private files; a course file has the mode that any new file would have.
        part.chmod(0o666 & ~_umask())
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
