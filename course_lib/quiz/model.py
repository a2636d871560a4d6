"""What a quiz is: plain dataclasses, read from ``datasets/quizzes/*.yaml``.

The format is described for authors in ``datasets/quizzes/README.md``. A question is
one class for all kinds: a new kind adds its own optional fields here, its reader and
grader to `course_lib.quiz.kinds` and its rules to `course_lib.quiz.kind_checks`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, Union

from course_lib.errors import CourseError

Kind: TypeAlias = Literal["single", "multiple", "numeric", "code", "matching", "ordering", "scenario"]

# Choices, matching and ordering: numbers counted from 0, or their letters: [1] is "B", [0, 2] is
# "AC". numeric: a number. code: the code. scenario: the answer of each part by its id.
Answer: TypeAlias = Union[Sequence[int], str, float, Mapping[str, "Answer"]]  # noqa: UP007 - it names itself in quotes
Answers: TypeAlias = Mapping[str, Answer]


@dataclass(frozen=True)
class Source:
    """Where a key comes from.

    Attributes
    ----------
    text : str
        Publisher, document, section or note, and its date.
    url : str
        Its public address, or empty.
    """

    text: str
    url: str = ""


@dataclass(frozen=True)
class Option:
    """One option of a choice question.

    Attributes
    ----------
    text : str
        What the learner reads.
    correct : bool
        True when the option belongs to the key.
    why : str
        Why it is right or wrong; shown after the check.
    """

    text: str
    correct: bool
    why: str


@dataclass(frozen=True)
class WrongNumber:
    """A wrong number that learners give, and why it is wrong."""

    value: float
    why: str


@dataclass(frozen=True)
class Number:
    """The key of a numeric question.

    Attributes
    ----------
    value : float
        The right number.
    why : str
        How it comes about; shown after the check.
    tolerance : float
        How far an answer may be off, in the same unit.
    unit : str
        Shown behind the field, such as ``dollars``.
    wrong : list of WrongNumber
        Wrong numbers with a reason of their own.
    """

    value: float
    why: str
    tolerance: float = 0.0
    unit: str = ""
    wrong: list[WrongNumber] = field(default_factory=list)


@dataclass(frozen=True)
class WrongCode:
    """A wrong code that learners give, and why it is wrong."""

    code: str
    why: str


@dataclass(frozen=True)
class CodeKey:
    """The key of a code entry question: one code, why, and the wrong ones to expect."""

    code: str
    why: str
    wrong: list[WrongCode] = field(default_factory=list)


@dataclass(frozen=True)
class Pair:
    """One row of a matching question: its text, the choice that fits, and why."""

    text: str
    choice: str
    why: str


@dataclass(frozen=True)
class Place:
    """One item of an ordering question: its text, its right place from 1, and why."""

    text: str
    place: int
    why: str


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes
    ----------
    id : str
        Unique in its quiz, lower case and hyphens; answers are kept under it.
    kind : {"single", "multiple", "numeric", "code", "matching", "ordering", "scenario"}
        One right option, several, a number, a code, pairs, an order, or parts.
    objective : str
        The lesson's objective that it tests, in the lesson's words.
    difficulty : {1, 2, 3}
        1 recall, 2 apply, 3 judge.
    stem : str
        The question itself; code spans and emphasis are allowed.
    options : list of Option
        Three or more; only for `single` and `multiple`.
    source : Source
        What proves the key.
    edition : str
        Code-set edition when it differs from the quiz's, such as ``2026-04-01``.
    codes : list of str
        ICD-10-CM codes that the question names.
    not_codes : list of str
        Words that look like ICD-10-CM codes and are none, such as ``B12``.
    explanation, hint : str
        Shown after the check, and on request before it.
    number, code, choices, pairs, items, parts
        What `numeric`, `code`, `matching` (choices and pairs), `ordering` and `scenario` ask;
        empty for the other kinds. A part is a question of its own.
    """

    id: str
    kind: Kind
    objective: str
    difficulty: Literal[1, 2, 3]
    stem: str
    options: list[Option] = field(default_factory=list)
    source: Source = field(default=Source(""))  # `quiz.check` wants a text
    edition: str = ""
    codes: list[str] = field(default_factory=list)
    not_codes: list[str] = field(default_factory=list)
    explanation: str = ""
    hint: str = ""
    number: Number | None = None
    code: CodeKey | None = None
    choices: list[str] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    items: list[Place] = field(default_factory=list)
    parts: list["Question"] = field(default_factory=list)

    @property
    def key(self) -> frozenset[int]:
        """Return the numbers of the right options."""
        return frozenset(n for n, option in enumerate(self.options) if option.correct)


@dataclass(frozen=True)
class Quiz:
    """A set of questions that closes a lesson; lessons show single ones as knowledge checks.

    Attributes
    ----------
    id : str
        The file's name without ``.yaml``.
    title : str
        The heading.
    lesson : str
        The lesson's notebook, such as ``lessons/02_icd10cm_structure.ipynb``.
    edition : str
        First day of the ICD-10-CM edition that every key holds for.
    questions : list of Question
        In the order in which they are asked.
    """

    id: str
    title: str
    lesson: str
    edition: str
    questions: list[Question]

    def __getitem__(self, question_id: str) -> Question:
        """Return one question; a wrong id is a `CourseError` that lists the right ones."""
        for question in self.questions:
            if question.id == question_id:
                return question
        raise CourseError(
            f"quiz {self.id!r} has no question {question_id!r}.",
            remedy=f"It has: {', '.join(q.id for q in self.questions)}.",
        )

    def edition_of(self, question: Question) -> str:
        """Return the code-set edition that a question's key holds for."""
        return question.edition or self.edition
