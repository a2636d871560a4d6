"""Where a course's assignments, submissions and gradebook lie: nbgrader's own layout."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_lib.errors import CourseError

CONFIG = "nbgrader_config.py"

# A student id becomes a folder name and a pattern of nbgrader's, so nothing that
# climbs, matches several folders, or ends the exchange's "student+assignment+time".
_STUDENT_ID = re.compile(r"\w[\w.@ ,'()-]*")


@dataclass(frozen=True)
class Course:
    """One course folder and its nbgrader settings.

    Attributes
    ----------
    root : Path
        The folder that holds ``nbgrader_config.py``, ``gradebook.db`` and the steps.
    config : traitlets.config.Config
        What ``nbgrader_config.py`` says, with the root set.
    """

    root: Path
    config: Any

    @property
    def source(self) -> Path:
        """The folder of the assignments with solutions."""
        return self._step("source_directory", "source")

    @property
    def release(self) -> Path:
        """The folder of the copies for students."""
        return self._step("release_directory", "release")

    @property
    def submitted(self) -> Path:
        """The folder of the collected work, ``<student>/<assignment>/``."""
        return self._step("submitted_directory", "submitted")

    @property
    def autograded(self) -> Path:
        """The folder of the executed submissions."""
        return self._step("autograded_directory", "autograded")

    @property
    def feedback(self) -> Path:
        """The folder of the pages that go back to the students."""
        return self._step("feedback_directory", "feedback")

    @property
    def attempts(self) -> Path:
        """The folder of earlier attempts; nbgrader does not look into it."""
        return self.root / "attempts"

    @property
    def reports(self) -> Path:
        """The folder of class reports."""
        return self.root / "reports"

    @property
    def inbound(self) -> Path:
        """The folder in which nbgrader's exchange lays what students submit."""
        exchange = self.config.Exchange.get("root") or "/usr/local/share/nbgrader/exchange"
        return Path(exchange) / (self.config.CourseDirectory.get("course_id") or "") / "inbound"

    def _step(self, option: str, usual: str) -> Path:
        return self.root / (self.config.CourseDirectory.get(option) or usual)

    def assignment(self, name: str) -> str:
        """Return the folder name of an assignment; ``a01`` stands for ``a01_code_shapes``.

        Raises
        ------
        CourseError
            When no folder fits, or several do.
        """
        there = sorted(p.name for p in self.source.glob("*") if any(p.glob("*.ipynb")))
        found = [n for n in there if n == name] or [n for n in there if n.split("_")[0] == name]
        if len(found) == 1:
            return found[0]
        raise CourseError(
            f"there is no assignment {name!r}." if not found else f"{name!r} fits several assignments.",
            remedy=f"Say one of: {', '.join(found or there) or 'none yet'}.",
            path=self.source,
        )

    def notebooks(self, assignment: str) -> list[str]:
        """Return the names of an assignment's notebooks, such as ``["code_shapes.ipynb"]``."""
        return sorted(p.name for p in (self.source / assignment).glob("*.ipynb"))

    def students(self, assignment: str) -> list[str]:
        """Return the ids of the students with a collected submission, sorted."""
        return sorted(p.parent.name for p in self.submitted.glob(f"*/{assignment}") if p.is_dir())

    @property
    def database(self) -> tuple[str, str]:
        """The gradebook's address for SQLAlchemy, and the course's id in it."""
        settings = self.config.CourseDirectory
        url = settings.get("db_url") or f"sqlite:///{self.root / 'gradebook.db'}"
        return url, settings.get("course_id")

    @contextmanager
    def gradebook(self) -> Iterator[Any]:
        """Open the gradebook (`nbgrader.api.Gradebook`) and close it afterwards.

        Raises
        ------
        CourseError
            When there is none yet; a release makes it. When its server does not answer.
        """
        require_nbgrader()
        from nbgrader.api import Gradebook

        self.require_gradebook()
        if self._file and not self._file.is_file():
            raise CourseError(
                "there is no gradebook yet.",
                remedy="Run `course release` for an assignment first.",
                path=self._file,
            )
        with programs_of_this_python():
            gradebook = Gradebook(*self.database)
        with gradebook:
            yield gradebook

    @property
    def _file(self) -> Path | None:
        """The gradebook's file, or None when ``db_url`` names a database."""
        return None if self.config.CourseDirectory.get("db_url") else self.root / "gradebook.db"

    def require_gradebook(self) -> None:
        """Raise `CourseError` when the database that ``db_url`` names cannot be opened."""
        if self._file:
            return
        from sqlalchemy import create_engine
        from sqlalchemy.exc import SQLAlchemyError

        try:
            engine = create_engine(self.config.CourseDirectory.db_url)
            try:
                engine.connect().close()
            finally:
                engine.dispose()
        except (SQLAlchemyError, ImportError) as why:
            told = str(getattr(why, "orig", why)).splitlines()[0].rstrip(".")  # never the address: a password
            raise CourseError(
                f"the gradebook's database cannot be opened ({told}).",
                remedy="Start its server, or mend the address in COURSE_GRADEBOOK.",
            ) from why

    def unknown(self, assignment: str) -> CourseError:
        """Return the error for an assignment that the gradebook does not have."""
        return CourseError(
            f"the gradebook does not know {assignment}.",
            remedy=f"Run `course release {assignment}` first.",
            path=self._file,
        )


def open_course(root: Path) -> Course:
    """Read a course folder's ``nbgrader_config.py``.

    Raises
    ------
    CourseError
        When the folder has no such file, or it does not run.
    """
    from traitlets.config import Config
    from traitlets.config.loader import ConfigError, PyFileConfigLoader

    root = root.resolve()
    if not (root / CONFIG).is_file():
        raise CourseError(
            f"this folder has no {CONFIG}, so it is not a course to grade.",
            remedy="Run the command in the course folder, or name it with --course DIR.",
            path=root,
        )
    require_nbgrader()
    try:
        config = PyFileConfigLoader(CONFIG, path=str(root)).load_config()
    except (ConfigError, SyntaxError, ImportError, AttributeError, NameError) as why:
        raise CourseError(
            f"this file does not run: {why}.",
            remedy="Mend it, or take the one that came with the course.",
            path=root / CONFIG,
        ) from why
    config.merge(Config({"CourseDirectory": {"root": str(root)}}))
    config.CourseDirectory.setdefault("course_id", "default_course")
    return Course(root, config)


def require_nbgrader() -> None:
    """Raise `CourseError` with the remedy when nbgrader is not installed."""
    from importlib.util import find_spec

    if find_spec("nbgrader") is None:
        raise CourseError(
            "nbgrader is not installed, and grading needs it.",
            remedy="Run `make setup`, or `pip install 'crosswalk-course[grading]'`.",
        )


def is_student_id(text: str) -> bool:
    """Tell whether a folder name can be a student's id."""
    return _STUDENT_ID.fullmatch(text) is not None


@contextmanager
def programs_of_this_python() -> Iterator[None]:
    """Let nbgrader find `alembic`, which it calls by its bare name to make a gradebook.

    Without it, that fails where the virtual environment is used but not activated.
    """
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before
