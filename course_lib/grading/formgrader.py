"""Our execution in nbgrader's own pipeline: formgrader's button, and ``nbgrader autograde``.

``nbgrader_config.py`` names these steps::

    c.Autograde.sanitize_preprocessors = formgrader.SANITIZE
    c.Autograde.autograde_preprocessors = formgrader.AUTOGRADE

nbgrader then runs one student after the other, as it does; each notebook runs in a warm,
contained kernel, by the rules of ``c.CourseGrading``. For a whole class, `course grade`
does the same on all processors and goes on after an interruption.
"""

import atexit
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearOutput,
    DeduplicateIds,
    Execute,
    IgnorePattern,
    LimitOutput,
    NbGraderPreprocessor,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)

from course_lib.grading import plan, prepare, worker
from course_lib.grading.execution import Run
from course_lib.grading.settings import CourseGrading
from course_lib.grading.submission import MAX_BYTES

_BY_HAND = "by_hand"  # where the cells that a person must look at travel in nbgrader's resources


class Tighten(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader carries no types
    """Profile ``strict``: restore what a student must not change in a notebook."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Restore tags, marks and missing cells; the log names them."""
        about = resources["nbgrader"]
        if CourseGrading(config=self.config).profile != "strict":
            return nb, resources
        folder = self.parent.parent.coursedir
        release = Path(folder.format_path(folder.release_directory, ".", about["assignment"]))
        with Gradebook(about["db_url"]) as gradebook:
            plans = plan.read(gradebook.find_assignment(about["assignment"]), release)
        for one in prepare.tighten(nb, plans[f"{about['notebook']}.ipynb"]):
            self.log.warning("%s, %s: %s", about["student"], one.cell, one.text)
        return nb, resources


class Contained(Execute):  # type: ignore[misc]  # nbgrader carries no types
    """Run the cells in a warm, contained kernel instead of a cold one with the instructor's rights."""

    def preprocess(self, nb: Any, resources: Any, km: Any = None) -> tuple[Any, Any]:
        """Run a notebook in the folder that nbgrader prepared for it.

        Raises
        ------
        CourseError
            When this machine cannot contain it.
        """
        orders = CourseGrading(config=self.config).orders({}).to_json()
        place = worker.place_for(orders)
        atexit.register(worker.leave, orders)
        files = _files(Path(resources["metadata"]["path"]))
        with place.kernel(files) as talk:
            run = Run(self, place.orders, talk)
            run.notebook(nb)
        for one in run.incidents:
            self.log.warning("%s: %s", one.cell or "the notebook", one.text)
        resources[_BY_HAND] = [one.cell for one in run.incidents if one.by_hand and one.cell]
        return nb, resources


class LeaveToPerson(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader carries no types
    """Flag the cells that `Contained` could not judge; formgrader then lists them for grading by hand."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Set the flag of each such cell in the gradebook."""
        about, cells = resources["nbgrader"], resources.get(_BY_HAND, [])
        if cells:
            with Gradebook(about["db_url"]) as gradebook:
                for cell in cells:
                    grade = gradebook.find_grade(
                        cell, about["notebook"], about["assignment"], about["student"]
                    )
                    grade.needs_manual_grade = True
                gradebook.db.commit()
        return nb, resources


SANITIZE = [ClearOutput, DeduplicateIds, OverwriteKernelspec, Tighten, OverwriteCells, CheckCellMetadata]
AUTOGRADE = [
    Contained, IgnorePattern, LimitOutput, SaveAutoGrades, LeaveToPerson, AssignLatePenalties,
    CheckCellMetadata,
]  # fmt: skip


def _files(folder: Path) -> dict[str, bytes]:
    """Return the files beside a notebook; notebooks hold the tests and stay out of the kernel's sight."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink() and path.suffix != ".ipynb"
        and path.stat().st_size <= MAX_BYTES
    }  # fmt: skip
