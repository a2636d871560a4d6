"""What of this machine a student's kernel sees: environment variables, files and folders."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import course_lib
from course_lib import datasets
from course_lib.files import cache_dir, data_dir

# What a kernel needs to start and to find the course. Everything else in the
# instructor's environment (tokens, passwords, cloud keys) stays out of it.
_KEPT = {
    "HOME", "LANG", "LANGUAGE", "LOGNAME", "PATH", "TMPDIR", "TZ", "USER", "VIRTUAL_ENV",
    "COURSE_CACHE_DIR", "COURSE_DATA_DIR", "COURSE_DATASETS", "COURSE_PROGRESS",
}  # fmt: skip
_KEPT_PREFIXES = ("JUPYTER_", "LC_", "MPL", "NBGRADER_", "OMP_", "OPENBLAS_", "PYTHON", "XDG_")
_WINDOWS = {"APPDATA", "COMSPEC", "LOCALAPPDATA", "PATHEXT", "SYSTEMROOT", "TEMP", "TMP", "USERPROFILE"}
_SECRET = ("TOKEN", "SECRET", "PASSWORD", "KEY")

# One thread in each library: a process with several cannot be forked safely, and a class
# of kernels shares the processors anyhow.
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
# No folder of the system's that could hold anyone's work: /usr/local/share has nbgrader's exchange.
_SYSTEM = (
    "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib32",
    "/usr/lib64", "/usr/share", "/usr/local/lib", "/etc/ld.so.cache", "/etc/localtime", "/etc/fonts",
    "/nix/store",
)  # fmt: skip


def clean(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the part of an environment that a student's kernel may see."""
    return {
        name: value
        for name, value in environment.items()
        if (name.upper() in _KEPT | _WINDOWS or name.startswith(_KEPT_PREFIXES))
        and not any(word in name.upper() for word in _SECRET)
    }


def warm(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the process that forks kernels."""
    figures = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    return clean(environment) | ONE_THREAD | figures


def of_kernel(base: Mapping[str, str], home: Path, private: Path) -> dict[str, str]:
    """Return a contained kernel's environment: `home` is where it works, `private` holds its settings."""
    own = {"HOME": home, "TMPDIR": home, "IPYTHONDIR": private, "JUPYTER_RUNTIME_DIR": private}
    own |= {"MPLCONFIGDIR": private, "XDG_CACHE_HOME": private, "XDG_CONFIG_HOME": private}
    # The grader's code book: without these names a kernel looks in its own folders, and builds one.
    own |= {"COURSE_CACHE_DIR": cache_dir(), "COURSE_DATA_DIR": data_dir()}
    own |= {"COURSE_PROGRESS": private / "progress.json"}
    return warm(base) | {name: str(place) for name, place in own.items()} | {"USER": "student"}


def readable(extra: Iterable[str | Path] = (), hidden: Iterable[str] = ()) -> list[str]:
    """Return the files and folders that a kernel may read: Python, the course, its data.

    Parameters
    ----------
    extra : iterable of path
        More of them.
    hidden : iterable of str
        Parts of the datasets folder that stay out of sight, such as ``"encounters/keys"``.
    """
    python = [
        Path(prefix) / part
        for prefix in (sys.prefix, sys.base_prefix)
        for part in ("bin", "lib", "lib64", "pyvenv.cfg")
    ]
    package = Path(course_lib.__file__).parent
    data = datasets.root()
    kept = {data / name for name in hidden}
    books = [cache_dir() / "codes", data_dir() / "icd10cm"]
    found = [*_SYSTEM, *python, *_without(package, kept), *_without(data, kept), *books, *extra]
    return sorted({str(Path(path).absolute()) for path in found if Path(path).exists()})


def _without(folder: Path, kept: set[Path]) -> Iterator[Path]:
    """Yield the parts of a folder that leave out what is kept back."""
    if folder in kept:
        return
    if any(folder in path.parents for path in kept):
        for part in folder.iterdir():
            yield from _without(part, kept)
    else:
        yield folder
