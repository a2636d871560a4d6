"""What the fields of each kind of question must hold; `course_lib.quiz.checks` uses it."""

import re
from collections.abc import Iterator

from course_lib.quiz.markup import to_plain
from course_lib.quiz.model import Question

# The fields that belong to each kind; every other one must be empty.
_FIELDS = {
    "single": {"options"},
    "multiple": {"options"},
    "numeric": {"number"},
    "code": {"code"},
    "matching": {"choices", "pairs"},
    "ordering": {"items"},
    "scenario": {"parts"},
}


def kind_faults(at: str, question: Question, *, is_part: bool) -> Iterator[tuple[str, str]]:
    """Yield (path in the YAML, what is wrong) for the fields of the question's kind."""
    wanted = _FIELDS[question.kind]
    for name in sorted(set().union(*_FIELDS.values())):
        if getattr(question, name) and name not in wanted:
            yield f"{at}.{name}", f"a {question.kind} question has no `{name}`."
        if not getattr(question, name) and name in wanted - {"options"}:
            yield at, f"a {question.kind} question needs `{name}`."
    yield from _numeric(at, question)
    yield from _code(at, question)
    yield from _matching(at, question)
    yield from _ordering(at, question)
    yield from _scenario(at, question, is_part)


def _numeric(at: str, question: Question) -> Iterator[tuple[str, str]]:
    key = question.number
    if key is None:
        return
    if key.tolerance < 0:
        yield f"{at}.number.tolerance", f"the tolerance {key.tolerance} is below 0."
    for k, wrong in enumerate(key.wrong):
        if abs(wrong.value - key.value) <= key.tolerance:
            yield f"{at}.number.wrong[{k}].value", f"{wrong.value} is within the tolerance, so it is right."


def _code(at: str, question: Question) -> Iterator[tuple[str, str]]:
    if question.code is None:
        return
    seen = {question.code.code}
    for k, wrong in enumerate(question.code.wrong):
        if wrong.code in seen:
            yield f"{at}.code.wrong[{k}].code", f"{wrong.code} is the key or is there twice."
        seen.add(wrong.code)


def _matching(at: str, question: Question) -> Iterator[tuple[str, str]]:
    if question.kind != "matching":
        return
    if len(question.pairs) < 2 or len(question.choices) < 3:
        yield f"{at}.pairs", "a matching question has 2 or more rows and 3 or more choices."
    if len(set(question.choices)) < len(question.choices):
        yield f"{at}.choices", "a choice is there twice."
    if len({pair.text for pair in question.pairs}) < len(question.pairs):
        yield f"{at}.pairs", "a row is there twice."
    for k, pair in enumerate(question.pairs):
        if pair.choice not in question.choices:
            yield f"{at}.pairs[{k}].choice", f"{pair.choice!r} is none of the choices."


def _ordering(at: str, question: Question) -> Iterator[tuple[str, str]]:
    if question.kind != "ordering":
        return
    places = [item.place for item in question.items]
    if len(places) < 2 or sorted(places) != list(range(1, len(places) + 1)):
        yield f"{at}.items", "the places of 2 or more items are not 1, 2, 3 and so on, each once."
    elif places == sorted(places):
        yield f"{at}.items", "the items are shown in the right order already; write them in another one."
    if len({item.text for item in question.items}) < len(question.items):
        yield f"{at}.items", "an item is there twice."


def _scenario(at: str, question: Question, is_part: bool) -> Iterator[tuple[str, str]]:
    if question.kind != "scenario":
        return
    if is_part:
        yield at, "a part of a scenario is no scenario."
    if len(question.parts) == 1:
        yield f"{at}.parts", "a scenario has 2 or more parts."
    seen: set[str] = set()
    for k, part in enumerate(question.parts):
        if part.id in seen or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", part.id):
            yield f"{at}.parts[{k}].id", f"part id {part.id!r} is there twice, or not lower case words."
        seen.add(part.id)


def texts_of(question: Question) -> dict[str, str]:
    """Return every text of the kind's own fields by its path; each must say something."""
    found: dict[str, str] = {}
    for name in ("options", "pairs", "items"):
        for k, one in enumerate(getattr(question, name)):
            found |= {f"{name}[{k}].text": one.text, f"{name}[{k}].why": one.why}
    found |= {f"choices[{k}]": text for k, text in enumerate(question.choices)}
    for name in ("number", "code"):
        if key := getattr(question, name):
            found[f"{name}.why"] = key.why
            found |= {f"{name}.wrong[{k}].why": wrong.why for k, wrong in enumerate(key.wrong)}
    return found


def code_places(question: Question) -> list[tuple[str, str]]:
    """Return the codes of a code entry, each with its path."""
    if question.code is None:
        return []
    wrong = [(f"code.wrong[{k}].code", one.code) for k, one in enumerate(question.code.wrong)]
    return [("code.code", to_plain(question.code.code)), *wrong]
