"""Read and grade an answer of each kind: pure functions, no code book, no view.

A reader turns what a learner gave into the form that is kept; a grader turns that into
points from 0 to 1, a message and the reasons. `course_lib.quiz.engine` puts them together.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from course_lib.codes.shapes import tidy_code
from course_lib.coding.credit import shared_credit
from course_lib.errors import CourseError
from course_lib.labels import t
from course_lib.quiz.markup import to_plain
from course_lib.quiz.model import Answer, CodeKey, Number, Question

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

# What is kept: numbers of options in order, a number, a code, or the parts' answers by id.
# None is no answer.
Given: TypeAlias = tuple[int, ...] | float | str | dict[str, Any] | None


@dataclass(frozen=True)
class Reason:
    """One line of the feedback: what it is about, whether that was right, and why."""

    label: str
    right: bool
    why: str


@dataclass(frozen=True)
class Graded:
    """Points from 0 to 1, the message for less than 1, and the reasons."""

    points: float
    message: str
    reasons: tuple[Reason, ...]


def read(question: Question, answer: Answer | None) -> Given:
    """Return an answer in the form that is kept, or None when nothing was answered.

    Raises
    ------
    CourseError
        When it does not fit the question; the message says what does.
    """
    if answer is None or (isinstance(answer, str | Sequence | Mapping) and not answer):
        return None
    return _READERS[question.kind](question, answer)


def graded(question: Question, given: Given) -> Graded:
    """Return what an answer earns; `given` is from `read` and is not None."""
    return _GRADERS[question.kind](question, given)


def numbers_of(question: Question, answer: Answer, count: int) -> list[int]:
    """Return option numbers from numbers or letters, in the order given."""
    if isinstance(answer, str):
        letters = re.sub(r"[\s,]", "", answer.upper())
        numbers = [LETTERS.index(c) if c in LETTERS else count for c in letters]
    else:
        numbers = [*answer] if isinstance(answer, Sequence) else [count]
    if any(isinstance(n, bool) or not isinstance(n, int) or not 0 <= n < count for n in numbers):
        raise CourseError(
            f"{answer!r} is no answer to question {question.id!r}.",
            remedy=f"Its options are A to {LETTERS[count - 1]}, or 0 to {count - 1}.",
        )
    return numbers


def _read_single(question: Question, answer: Answer) -> Given:
    numbers = set(numbers_of(question, answer, len(question.options)))
    if len(numbers) > 1:
        raise CourseError(f"question {question.id!r} takes one option.", remedy="Choose one.")
    return tuple(numbers)


def _read_multiple(question: Question, answer: Answer) -> Given:
    return tuple(sorted(set(numbers_of(question, answer, len(question.options)))))


def _read_numeric(question: Question, answer: Answer) -> Given:
    try:
        if isinstance(answer, bool) or not isinstance(answer, str | int | float):
            raise ValueError
        if isinstance(answer, str):
            text = answer.strip().removeprefix("$").strip()
            if not re.fullmatch(r"[-+]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?", text):
                raise ValueError
            answer = text.replace(",", "")
        value = float(answer)
        if not math.isfinite(value):
            raise ValueError
    except ValueError:
        raise CourseError(
            f"{answer!r} is no number, and question {question.id!r} takes one.",
            remedy="Write it like 1250.5, without a unit.",
        ) from None
    return value


def _read_code(question: Question, answer: Answer) -> Given:
    bare = re.sub(r"[\s.]", "", answer.upper()) if isinstance(answer, str) else ""
    if not re.fullmatch(r"[0-9A-Z]{3,7}", bare):
        raise CourseError(
            f"{answer!r} has not the shape of a code, and question {question.id!r} takes one.",
            remedy="Write 3 to 7 letters and digits, with or without the dot.",
        )
    return tidy_code(bare)


def _read_matching(question: Question, answer: Answer) -> Given:
    numbers = numbers_of(question, answer, len(question.choices))
    if len(numbers) != len(question.pairs):
        raise CourseError(
            f"question {question.id!r} takes {len(question.pairs)} choices, one for each row.",
            remedy=f"Write one letter for each row, in the order of the rows; {len(numbers)} came.",
        )
    return tuple(numbers)


def _read_ordering(question: Question, answer: Answer) -> Given:
    numbers = numbers_of(question, answer, len(question.items))
    if sorted(numbers) != list(range(len(question.items))):
        raise CourseError(
            f"question {question.id!r} takes each of its {len(question.items)} items once.",
            remedy="Write their letters in the right order.",
        )
    return tuple(numbers)


def _read_scenario(question: Question, answer: Answer) -> Given:
    known = {part.id: part for part in question.parts}
    if not isinstance(answer, Mapping) or set(answer) - set(known):
        raise CourseError(
            f"{answer!r} is no answer to question {question.id!r}.",
            remedy=f"It has parts; answer with {{part: answer}} for {', '.join(known)}.",
        )
    given = {name: read(part, answer.get(name)) for name, part in known.items()}
    return {name: one for name, one in given.items() if one is not None} or None


def _grade_single(question: Question, given: Any) -> Graded:
    return Graded(
        float(frozenset(given) == question.key), t("quiz.is-wrong"), _option_reasons(question, given)
    )


def _grade_multiple(question: Question, given: Any) -> Graded:
    chosen, key = frozenset(given), question.key
    hits, misses = len(chosen & key), len(chosen - key)
    points = max(0.0, hits / len(key) - (misses / (len(question.options) - len(key)) if misses else 0))
    message = _less(points, t("quiz.options", hits=hits, right=len(key), n=misses))
    return Graded(points, message, _option_reasons(question, given))


def _option_reasons(question: Question, given: Any) -> tuple[Reason, ...]:
    return tuple(Reason(LETTERS[n], question.options[n].correct, question.options[n].why) for n in given)


def _grade_numeric(question: Question, given: Any) -> Graded:
    key = question.number or Number(0, "")
    # The little slack keeps a tolerance of 0.1 what it says in binary arithmetic.
    right = abs(given - key.value) <= key.tolerance + 1e-9 * max(1.0, abs(key.value))
    if right:
        return Graded(1.0, t("quiz.is-wrong"), (Reason(number_text(given), True, key.why),))
    why = next((w.why for w in key.wrong if math.isclose(w.value, given, rel_tol=1e-9)), "")
    return Graded(0.0, t("quiz.is-wrong"), (Reason(number_text(given), False, why),) if why else ())


def _grade_code(question: Question, given: Any) -> Graded:
    key = question.code or CodeKey("", "")
    points = shared_credit(given, key.code)
    if points == 1:
        return Graded(1.0, t("quiz.is-wrong"), (Reason(given, True, key.why),))
    message = _less(points, t("quiz.other-category"))
    if points:
        same = round(points * max(len(c.replace(".", "")) for c in (given, key.code)))
        message = _less(points, t("quiz.same-start", n=same))
    why = next((w.why for w in key.wrong if tidy_code(w.code) == given), "")
    return Graded(points, message, (Reason(given, False, why),) if why else ())


def _grade_matching(question: Question, given: Any) -> Graded:
    chosen = [question.choices[n] for n in given]
    reasons = tuple(
        Reason(to_plain(pair.text), pair.choice == choice, pair.why)
        for pair, choice in zip(question.pairs, chosen, strict=True)
    )
    return _shares(reasons, "quiz.rows")


def _grade_ordering(question: Question, given: Any) -> Graded:
    reasons = tuple(
        Reason(to_plain(question.items[n].text), question.items[n].place == place, question.items[n].why)
        for place, n in enumerate(given, 1)
    )
    return _shares(reasons, "quiz.items")


def _grade_scenario(question: Question, given: Any) -> Graded:
    points, reasons = 0.0, []
    for n, part in enumerate(question.parts, 1):
        one = graded(part, given[part.id]) if part.id in given else Graded(0.0, "", ())
        points += one.points
        reasons += [Reason(t("quiz.part-of", n=n, label=r.label), r.right, r.why) for r in one.reasons]
    share = points / len(question.parts)
    why = t("quiz.parts", points=number_text(round(points, 2)), n=len(question.parts))
    return Graded(share, _less(share, why), tuple(reasons))


def _shares(reasons: tuple[Reason, ...], key: str) -> Graded:
    hits = sum(reason.right for reason in reasons)
    points = hits / len(reasons)
    return Graded(points, _less(points, t(key, hits=hits, n=len(reasons))), reasons)


def _less(points: float, why: str) -> str:
    return t("quiz.partly-because", why=why) if points > 0 else t("quiz.wrong-because", why=why)


def number_text(value: float) -> str:
    """Return a number without needless decimals: ``3``, ``0.25``."""
    return str(int(value)) if value == int(value) else repr(value)


_READERS: Mapping[str, Callable[[Question, Answer], Given]] = {
    "single": _read_single,
    "multiple": _read_multiple,
    "numeric": _read_numeric,
    "code": _read_code,
    "matching": _read_matching,
    "ordering": _read_ordering,
    "scenario": _read_scenario,
}
_GRADERS: Mapping[str, Callable[[Question, Any], Graded]] = {
    "single": _grade_single,
    "multiple": _grade_multiple,
    "numeric": _grade_numeric,
    "code": _grade_code,
    "matching": _grade_matching,
    "ordering": _grade_ordering,
    "scenario": _grade_scenario,
}
