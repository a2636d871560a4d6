"""The one error that a user is meant to read."""

from pathlib import Path


class CourseError(Exception):
    """Something a user can mend: one sentence of what is wrong, one of what to do.

    Parameters
    ----------
    message : str
        What is wrong, in one sentence.
    remedy : str
        What to do next, in one sentence or one command.
    path : Path, optional
        The file that is wrong.
    line : int, optional
        The line in that file, counted from 1.

    The command line prints it without a traceback; in a notebook its text is the
    last line of one.
    """

    def __init__(
        self, message: str, *, remedy: str = "", path: Path | None = None, line: int | None = None
    ) -> None:
        self.message, self.remedy, self.path, self.line = message, remedy, path, line
        super().__init__(message)

    def __str__(self) -> str:
        place = "" if self.path is None else str(self.path) + (f":{self.line}" if self.line else "") + ": "
        return f"{place}{self.message}" + (f" {self.remedy}" if self.remedy else "")
