"""What is scored (a submission) and what comes out (a score)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from course_lib.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd

MEASURES = ("precision", "recall", "f1", "code_over_code", "hierarchical", "sequencing")


@dataclass(frozen=True)
class Line:
    """One procedure of a claim.

    Attributes
    ----------
    code : str
        CPT or HCPCS.
    modifiers : sequence of str
        Two characters each.
    units : int
        How many.
    pointers : sequence of str
        Letters of the diagnoses that it was for, ``"A"`` the first of the list; the most
        important first.
    """

    code: str
    modifiers: Sequence[str] = ()
    units: int = 1
    pointers: Sequence[str] = ()


@dataclass(frozen=True)
class Submission:
    """The codes of one encounter: diagnoses in order, and procedures."""

    diagnoses: Sequence[str]
    procedures: Sequence[Line] = ()


@dataclass(frozen=True)
class Finding:
    """One named error.

    Attributes
    ----------
    kind : str
        ``invalid``, ``not-specific``, ``extra``, ``missing``, ``order``, ``excludes1``,
        ``seventh-character``, ``laterality``, ``setting``, ``unlinked``, ``modifier`` or ``units``.
    codes : tuple of str
        The codes that it is about: those submitted, then those of the key.
    message : str
        What is wrong. It may name codes of the key.
    source : str
        Where the rule stands.
    given : tuple of str
        The codes of the submission among `codes`; these may be shown to a learner.
    """

    kind: str
    codes: tuple[str, ...]
    message: str
    source: str
    given: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class Score:
    """How a submission compares with a key; see `score` for what each measure means.

    Attributes
    ----------
    exact : bool
        Nothing is wrong at all.
    precision, recall, f1, code_over_code, hierarchical, sequencing : float
        Plain Python floats from 0 to 1.
    findings : tuple of Finding
        The named errors. They name codes of the key: for a learner, print `feedback`.
    """

    exact: bool
    precision: float
    recall: float
    f1: float
    code_over_code: float
    hierarchical: float
    sequencing: float
    findings: tuple[Finding, ...] = field(default=())

    @property
    def measures(self) -> dict[str, float]:
        """The six measures by name, for a row of a table."""
        return {name: getattr(self, name) for name in MEASURES}

    def feedback(self) -> list[str]:
        """Return what to look at, one sentence a kind of error, without any code of the key."""
        from course_lib.coding.feedback import sentences

        return sentences(self.findings)

    def to_frame(self) -> "pd.DataFrame":
        """Return one row a finding: kind, codes (joined by commas), message, source.

        ``attrs`` has ``exact`` and the measures. It names codes of the key.
        """
        import pandas as pd

        rows = [(f.kind, ", ".join(f.codes), f.message, f.source) for f in self.findings]
        frame = pd.DataFrame(rows, columns=["kind", "codes", "message", "source"])
        frame.attrs |= {"exact": self.exact, **self.measures}
        return frame

    def __repr__(self) -> str:
        figures = ", ".join(f"{name}={value:.2f}" for name, value in self.measures.items())
        return f"<Score exact={self.exact}, {figures}, findings={len(self.findings)}>"


def read(given: Any, what: str) -> Submission:
    """Return a submission of plain values from a list of codes or a `Submission`.

    Subclasses of text (such as those of NumPy) become plain text, so that no code of a
    learner's own decides whether two codes are equal.

    Raises
    ------
    CourseError
        When it is neither, with what to write.
    """
    if type(given) in (list, tuple):
        return Submission(_texts(given, what))
    if type(given) is not Submission:
        raise CourseError(
            f"{what} is no list of codes, but of type {type(given).__name__}.",
            remedy='Give a list, ["E11.22", "N18.4"], or a coding.Submission.',
        )
    if type(given.procedures) not in (list, tuple):
        raise CourseError(f"the procedures of {what} are no list.", remedy='Write [coding.Line("99213")].')
    return Submission(_texts(given.diagnoses, what), tuple(_line(line, what) for line in given.procedures))


def _line(line: Any, what: str) -> Line:
    if type(line) is not Line:
        raise CourseError(
            f"a procedure of {what} is no line, but of type {type(line).__name__}.",
            remedy='Write coding.Line("99213", pointers=["A"]).',
        )
    if type(line.units) is not int:
        raise CourseError(f"the units of a line of {what} are no whole number.", remedy="Write units=1.")
    code, *_ = _texts([line.code], what)
    return Line(code, _texts(line.modifiers, what), line.units, _texts(line.pointers, what))


def _texts(values: Any, what: str) -> tuple[str, ...]:
    if type(values) not in (list, tuple):
        raise CourseError(
            f"{what} holds no list where one is due.", remedy='Give a list: ["E11.22", "N18.4"].'
        )
    try:
        return tuple(str.__str__(value) for value in values)
    except TypeError:
        raise CourseError(f"{what} holds what is no text.", remedy="Write codes in quotes.") from None
