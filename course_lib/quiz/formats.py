"""The exchange formats by name: write a quiz, say what the format cannot carry, read one back."""

from pathlib import Path
from typing import Literal, TypeAlias, get_args

from course_lib.errors import CourseError
from course_lib.quiz.exchange import flat
from course_lib.quiz.model import Question, Quiz

Format: TypeAlias = Literal["moodle", "gift", "qti", "jupyterquiz", "anki"]
# Moodle XML stands first: it carries most.
FORMATS: tuple[Format, ...] = get_args(Format)


def export(quiz: Quiz, to: Format) -> bytes:
    """Return a quiz in a format; the same bytes for the same quiz."""
    if to == "moodle":
        from course_lib.quiz.moodle import to_moodle

        return to_moodle(quiz).encode()
    if to == "gift":
        from course_lib.quiz.gift import to_gift

        return to_gift(quiz).encode()
    if to == "qti":
        from course_lib.quiz.qti import to_qti

        return to_qti(quiz)
    if to == "jupyterquiz":
        from course_lib.quiz.jupyterquiz import to_jupyterquiz

        return to_jupyterquiz(quiz).encode()
    from course_lib.quiz.anki import to_anki

    return to_anki(quiz)


def lost(quiz: Quiz, to: Format) -> list[str]:
    """Return what `export` cannot carry, one line a thing, with the ids of the questions.

    Objectives, difficulties, editions, the lists of codes and the sources' addresses are in no
    format; the last line says so.
    """
    asked = list(flat(quiz))
    lms = ("moodle", "gift", "qti")
    rows: list[tuple[str, tuple[str, ...], list[Question]]] = [
        ("left out, the format has no such kind", ("jupyterquiz",), _of(asked, "matching", "ordering")),
        ("an ordering becomes a matching of items and places", lms, _of(asked, "ordering")),
        ("no credit for the shared characters of a code", (*lms, "jupyterquiz"), _of(asked, "code")),
        ("no unit behind the field", (*lms, "jupyterquiz"), [q for q in asked if q.number and q.number.unit]),
        ("no hint", FORMATS[1:], [q for q in asked if q.hint]),
        ("no reasons for the rows", ("moodle", "gift"), _of(asked, "matching", "ordering")),
        ("no reasons for wrong numbers or codes", ("qti", "anki"), [q for q in asked if _wrong(q)]),
        ("no reasons for wrong options", ("anki",), _of(asked, "single", "multiple")),
        ("no explanation", ("jupyterquiz", "anki"), [q for q in asked if q.explanation]),
        ("no source and no id", ("jupyterquiz",), asked),
        (
            "a scenario becomes one question a part; its own explanation, hint and source stay behind",
            FORMATS,
            _of(quiz.questions, "scenario"),
        ),
    ]
    lines = [
        f"{what}: {', '.join(dict.fromkeys(q.id for q in which))}."
        for what, formats, which in rows
        if to in formats and which
    ]
    return [*lines, "no objective, difficulty, edition, list of codes or source address: all questions."]


def _of(questions: list[Question], *kinds: str) -> list[Question]:
    return [question for question in questions if question.kind in kinds]


def _wrong(question: Question) -> bool:
    return bool((question.number and question.number.wrong) or (question.code and question.code.wrong))


def read(file: Path) -> Quiz:
    """Return the questions of another program's file; its ending says which format it has.

    ``.xml`` is Moodle XML, ``.gift`` and ``.txt`` are GIFT, ``.zip`` is QTI 1.2 and ``.json`` is
    jupyterquiz.

    Raises
    ------
    CourseError
        When the file cannot be read; with the file, and the line where there is one.
    """
    from course_lib.quiz.gift import from_gift
    from course_lib.quiz.jupyterquiz import from_jupyterquiz
    from course_lib.quiz.moodle import from_moodle
    from course_lib.quiz.qti_reader import from_qti

    readers = {
        ".xml": from_moodle,
        ".gift": from_gift,
        ".txt": from_gift,
        ".zip": from_qti,
        ".json": from_jupyterquiz,
    }
    reader = readers.get(file.suffix.lower())
    if reader is None:
        raise CourseError(
            f"the ending {file.suffix!r} names no format that is read.",
            remedy=f"Read are: {', '.join(readers)}. An Anki deck is written only.",
            path=file,
        )
    try:
        return reader(file.read_bytes(), file.stem)
    except CourseError as why:
        raise CourseError(why.message, remedy=why.remedy, path=file, line=why.line) from None
