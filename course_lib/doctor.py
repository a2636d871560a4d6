"""What `course doctor` looks at: whether a learner can work here, and what would help."""

import os
import platform
import shutil
import sys
from dataclasses import dataclass
from datetime import date
from importlib import metadata

from course_lib import files
from course_lib.errors import CourseError

LEARN = ("jupyterlab", "pandas", "ipywidgets", "anywidget", "matplotlib", "simple-icd-10-cm")
TEACH = ("nbgrader",)
MAINTAIN = ("pytest", "nbval", "playwright", "frictionless", "ruff", "mypy")


@dataclass(frozen=True)
class Examined:
    """One thing looked at. `state` is ``ok``, ``optional`` (absent, not needed) or ``missing``."""

    what: str
    state: str
    found: str
    remedy: str = ""


def chromium() -> str | None:
    """Return the Chromium that the browser tests drive, or None; ``COURSE_CHROMIUM`` names one."""
    names = (os.environ.get("COURSE_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    return next((found for n in names if n and (found := shutil.which(n))), None)


def examine() -> list[Examined]:
    """Look at Python, packages, code book, course folder and browser, in that order."""
    return [
        _python(),
        *(_package(name, needed=True, remedy="make setup") for name in LEARN),
        *(_package(name, needed=False, remedy="make setup") for name in TEACH),
        *(
            _package(name, needed=False, remedy="make setup-dev (only to test the course)")
            for name in MAINTAIN
        ),
        _code_book(),
        _course_folder(),
        _browser(),
    ]


def _python() -> Examined:
    found = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    good = sys.version_info >= (3, 11)
    return Examined(
        "Python", "ok" if good else "missing", found, "" if good else "Install Python 3.11 or newer."
    )


def _package(name: str, *, needed: bool, remedy: str) -> Examined:
    try:
        return Examined(name, "ok", metadata.version(name))
    except metadata.PackageNotFoundError:
        return Examined(name, "missing" if needed else "optional", "not installed", remedy)


def _code_book() -> Examined:
    from course_lib.codes import icd10cm

    try:
        book = icd10cm.load()
    except CourseError as why:
        return Examined("code book", "missing", why.message, why.remedy or "course codes build")
    start, end = book.effective
    today = date.today()
    return Examined(
        "code book",
        "ok",
        f"ICD-10-CM edition {book.edition}, in force {start} to {end}; kept in {files.cache_dir()}",
        f"Not the edition in force on {today}: `course codes update` adds a newer one."
        if book.stale_on(today)
        else "",
    )


def _course_folder() -> Examined:
    root = files.course_root()
    if root is None:
        return Examined(
            "course folder", "optional", "not inside one", "Change into the folder with notebooks/."
        )
    if os.access(root, os.W_OK):
        return Examined("course folder", "ok", str(root))
    return Examined("course folder", "missing", f"{root} cannot be written", "Work in a copy that you own.")


def _browser() -> Examined:
    if found := chromium():
        return Examined("Chromium", "ok", found)
    return Examined("Chromium", "optional", "not found", "apt-get install chromium (only to test the course)")
