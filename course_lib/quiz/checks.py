"""What a quiz file must hold beyond its types; `course quiz check` prints the findings."""

import re
from collections.abc import Callable, Iterator
from typing import Protocol

from course_lib import datasets, files
from course_lib.codes.book import CodeBook
from course_lib.codes.shapes import ICD10CM_SHAPE
from course_lib.errors import CourseError
from course_lib.quiz.engine import ids, load
from course_lib.quiz.kind_checks import code_places, kind_faults, texts_of
from course_lib.quiz.markup import to_plain
from course_lib.quiz.model import Question, Quiz


class KnowsCodes(Protocol):
    """Anything that can say whether a code exists, such as a code book."""

    def __contains__(self, code: object, /) -> bool: ...


def check(
    quiz_id: str | None = None, *, book: Callable[[str], KnowsCodes] | None = None
) -> list[CourseError]:
    """Return every fault of one quiz, or of all; an empty list says that they are sound.

    Parameters
    ----------
    quiz_id : str, optional
        Default: all quizzes.
    book : callable, optional
        Returns the code book of an edition. Default: `icd10cm.load`.

    Returns
    -------
    list of CourseError
        Each with the file and, where there is one, the line.
    """
    books = _Books(book or _icd10cm)
    found: list[CourseError] = []
    for name in [quiz_id] if quiz_id else ids():
        try:
            quiz = load(name)
        except CourseError as why:
            found.append(why)
            continue
        file = datasets.path(f"quizzes/{name}.yaml")
        text = file.read_text(encoding="utf-8")
        for at, message in _faults(name, quiz, books):
            found.append(CourseError(message, path=file, line=datasets.line_of(text, at)))
    return found


def _icd10cm(edition: str) -> KnowsCodes:
    from course_lib.codes import icd10cm

    return icd10cm.load(edition)


class _Books:
    """Code books by edition, each loaded once; a missing one is remembered as its message."""

    def __init__(self, load_book: Callable[[str], KnowsCodes]) -> None:
        self._load = load_book
        self._loaded: dict[str, KnowsCodes | str] = {}

    def __getitem__(self, edition: str) -> KnowsCodes | str:
        if edition not in self._loaded:
            try:
                self._loaded[edition] = self._load(edition)
            except CourseError as why:
                self._loaded[edition] = str(why)
        return self._loaded[edition]


def _faults(name: str, quiz: Quiz, books: _Books) -> Iterator[tuple[str, str]]:
    """Yield (path in the YAML, what is wrong there)."""
    if quiz.id != name:
        yield "$.id", f"the id {quiz.id!r} is not the file's name {name!r}."
    root = files.course_root()
    if root and not (root / "notebooks" / quiz.lesson).is_file():
        yield "$.lesson", f"there is no notebook notebooks/{quiz.lesson}."
    if not quiz.questions:
        yield "$.questions", "the quiz has no question."
    seen: set[str] = set()
    for n, question in enumerate(quiz.questions):
        at = f"$.questions[{n}]"
        if question.id in seen:
            yield f"{at}.id", f"question id {question.id!r} is used twice."
        seen.add(question.id)
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", question.id):
            yield f"{at}.id", f"question id {question.id!r} is not lower case words with hyphens."
        for place, one in [(at, question), *_parts(at, question)]:
            if one.kind in ("single", "multiple"):
                yield from _option_faults(place, one)
            yield from kind_faults(place, one, is_part=one is not question)
            yield from _text_faults(place, one)
            yield from _code_faults(place, one, one.edition or quiz.edition_of(question), books)


def _parts(at: str, question: Question) -> list[tuple[str, Question]]:
    return [(f"{at}.parts[{k}]", part) for k, part in enumerate(question.parts)]


def _option_faults(at: str, question: Question) -> Iterator[tuple[str, str]]:
    right, count = len(question.key), len(question.options)
    if count < 3:
        yield f"{at}.options", f"{count} options; a question has 3 or more."
    if question.kind == "single" and right != 1:
        yield f"{at}.options", f"{right} right options; a single choice has exactly one."
    if question.kind == "multiple" and not 0 < right < count:
        yield (
            f"{at}.options",
            f"{right} of {count} options are right; a multiple choice has right and wrong ones.",
        )
    first: dict[str, int] = {}
    for k, option in enumerate(question.options):
        same = " ".join(to_plain(option.text).split()).casefold()
        if first.setdefault(same, k) != k:
            yield f"{at}.options[{k}].text", f"option {option.text!r} is there twice."


def _text_faults(at: str, question: Question) -> Iterator[tuple[str, str]]:
    needed = {
        "stem": question.stem,
        "objective": question.objective,
        "source.text": question.source.text,
        **texts_of(question),
    }
    for place, text in needed.items():
        if not text.strip():
            yield f"{at}.{place}", f"`{place.rpartition('.')[2]}` is empty."
    if question.source.url and not question.source.url.startswith("https://"):
        yield f"{at}.source.url", f"{question.source.url!r} is no https address."


def _code_faults(at: str, question: Question, edition: str, books: _Books) -> Iterator[tuple[str, str]]:
    book = books[edition]
    if isinstance(book, str):
        yield at, f"its codes were not checked: {book}"
        return
    places = {
        "stem": question.stem,
        "explanation": question.explanation,
        "hint": question.hint,
        **texts_of(question),
    }
    named = [(f"codes[{k}]", code) for k, code in enumerate(question.codes)]
    named += code_places(question)
    named += [(place, code) for place, text in places.items() for code in ICD10CM_SHAPE.findall(text)]
    told: set[str] = set()
    for place, code in named:
        if code not in question.not_codes and code not in book and code not in told:
            told.add(code)
            yield (
                f"{at}.{place}",
                f"{code} is not in ICD-10-CM {edition}; mend it, or list it under `not_codes`.",
            )
    if question.code and isinstance(book, CodeBook):
        node = book.get(question.code.code)
        if node and not node.billable:
            yield f"{at}.code.code", f"{node.code} is a header, so it is no key of a code entry."
    for k, word in enumerate(question.not_codes):
        if word in book:
            yield f"{at}.not_codes[{k}]", f"{word} is a code of ICD-10-CM {edition}, so it is no `not_codes`."
