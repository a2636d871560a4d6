"""One open gradebook for a whole run.

nbgrader opens its gradebook nine times a notebook and asks for each cell on its own.
Its rules stay as they are; here each opening gives the one that is open, what does not
change is read once, and a submission is committed as a whole.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import fastjsonschema
import jsonschema
from nbgrader import api
from nbgrader.converters import autograde
from nbgrader.nbgraderformat import common
from nbgrader.preprocessors import (
    checkcellmetadata,
    latesubmissions,
    overwritecells,
    overwritekernelspec,
    saveautogrades,
)
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

# The modules in which nbgrader opens the gradebook while it grades.
_OPENERS = (autograde, latesubmissions, overwritecells, overwritekernelspec, saveautogrades)


class RunGradebook(api.Gradebook):  # type: ignore[misc]  # nbgrader carries no types
    """nbgrader's gradebook, for one assignment and one student after the other.

    Parameters
    ----------
    db_url, course_id : str
        As for nbgrader.
    assignment : str
        The assignment that is graded.
    """

    def __init__(self, db_url: str, course_id: str, assignment: str) -> None:
        super().__init__(db_url, course_id)
        self.db.remove()
        self.db.configure(expire_on_commit=False)
        self._commit = self.db.commit
        self.db.commit = _nothing  # `save` commits; a query writes first what is waiting
        self._student: tuple[str, Any] | None = None
        self._rows: dict[tuple[type, str, str], Any] = {}
        self.known = super().find_assignment(assignment)
        self._notebooks = {notebook.name: notebook for notebook in self.known.notebooks}
        self._sources = {(n.name, cell.name): cell for n in self.known.notebooks for cell in n.source_cells}
        cells = [(n.name, cell) for n in self.known.notebooks for cell in n._base_cells]
        self._graded = {(n, c.name): c for n, c in cells if not isinstance(c, api.SolutionCell)}
        self._names = {cell.id: cell.name for _, cell in cells}

    def __exit__(self, *why: object) -> None:
        """Stay open; `close` closes."""

    def save(self) -> None:
        """Commit what was written, and forget the student."""
        self._commit()
        self.forget()

    def forget(self) -> None:
        """Take back what is not committed, and forget the student."""
        self.db.rollback()
        self._student, self._rows = None, {}
        # New submissions queue up in these collections, which nobody reads.
        for row in (self.known, *self._notebooks.values()):
            self.db.expire(row, ["submissions"])

    def find_assignment(self, name: str) -> Any:
        """As nbgrader's."""
        return self.known if name == self.known.name else super().find_assignment(name)

    def find_notebook(self, name: str, assignment: str) -> Any:
        """As nbgrader's."""
        return _found(self._notebooks, name)

    def find_source_cell(self, name: str, notebook: str, assignment: str) -> Any:
        """As nbgrader's."""
        return _found(self._sources, (notebook, name))

    def find_graded_cell(self, name: str, notebook: str, assignment: str) -> Any:
        """As nbgrader's."""
        return _found(self._graded, (notebook, name))

    def find_submission(self, assignment: str, student: str) -> Any:
        """As nbgrader's; reads all of the submission's rows at once."""
        if self._student is None or self._student[0] != student:
            asked = (
                select(api.SubmittedAssignment)
                .where(
                    api.SubmittedAssignment.assignment_id == self.known.id,
                    api.SubmittedAssignment.student_id == student,
                )
                .options(
                    joinedload(api.SubmittedAssignment.student),
                    selectinload(api.SubmittedAssignment.notebooks).options(
                        selectinload(api.SubmittedNotebook.grades),
                        selectinload(api.SubmittedNotebook.comments),
                    ),
                )
                # Somebody may grade by hand meanwhile: what is in memory counts for nothing.
                .execution_options(populate_existing=True)
            )
            self._hold(student, self.db.execute(asked).unique().scalar_one_or_none())
        if self._student is None:
            raise api.MissingEntry(f"No such submission: {assignment} for {student}")
        return self._student[1]

    def add_submission(self, assignment: str, student: str, **values: Any) -> Any:
        """As nbgrader's."""
        self._hold(student, super().add_submission(assignment, student, **values))
        assert self._student  # it was added
        return self._student[1]

    def find_submission_notebook(self, notebook: str, assignment: str, student: str) -> Any:
        """As nbgrader's."""
        self.find_submission(assignment, student)
        row = _found(self._rows, (api.SubmittedNotebook, notebook, ""))
        self.db.flush()
        self.db.expire(row, ["score"])  # the late penalty is a share of what was written since
        return row

    def find_grade(self, grade_cell: str, notebook: str, assignment: str, student: str) -> Any:
        """As nbgrader's."""
        self.find_submission(assignment, student)
        return _found(self._rows, (api.Grade, notebook, grade_cell))

    def find_comment(self, solution_cell: str, notebook: str, assignment: str, student: str) -> Any:
        """As nbgrader's."""
        self.find_submission(assignment, student)
        return _found(self._rows, (api.Comment, notebook, solution_cell))

    def _hold(self, student: str, submission: Any) -> None:
        self._student = None if submission is None else (student, submission)
        self._rows = {}
        for notebook in submission.notebooks if submission else ():
            name = notebook.notebook.name
            self._rows[api.SubmittedNotebook, name, ""] = notebook
            for row in (*notebook.grades, *notebook.comments):
                self._rows[type(row), name, self._names[row.cell_id]] = row


@contextmanager
def opened(gradebook: RunGradebook) -> Iterator[None]:
    """Let nbgrader's parts find this gradebook wherever they open one.

    They also validate each cell against a JSON schema that they validate anew for each
    cell; here it is compiled once, and asked in full only about a cell that fails.
    """

    def give(*arguments: object, **options: object) -> RunGradebook:
        return gradebook

    opener, maker, schemas = api.Gradebook, checkcellmetadata.MetadataValidator, common.jsonschema
    for module in _OPENERS:
        module.Gradebook = give
    checkcellmetadata.MetadataValidator, common.jsonschema = _validator, _Schemas
    try:
        yield
    finally:
        checkcellmetadata.MetadataValidator, common.jsonschema = maker, schemas
        for module in _OPENERS:
            module.Gradebook = opener


class _Schemas:
    """Stands for the module jsonschema in nbgrader's validation."""

    @staticmethod
    def validate(instance: Any, schema: dict[str, Any]) -> None:
        """Raise jsonschema's error when `instance` does not fit."""
        try:
            _compiled()(instance)
        except fastjsonschema.JsonSchemaException:
            jsonschema.validate(instance, schema)


_validator = cache(checkcellmetadata.MetadataValidator)


@cache
def _compiled() -> Any:
    return fastjsonschema.compile(_validator().schema)


def _nothing() -> None:
    """Stand for a commit in the middle of a submission."""


def _found(rows: dict[Any, Any], key: Any) -> Any:
    try:
        return rows[key]
    except KeyError:
        raise api.MissingEntry(f"No such entry: {key}") from None
