"""Choices, numbers and codes as the JSON of jupyterquiz, and back.

A code is a string question there. Matching and ordering have no like that says the same.
"""

import json
from typing import Any

from course_lib.errors import CourseError
from course_lib.quiz.exchange import code_key, flat, spellings
from course_lib.quiz.model import Kind, Number, Option, Question, Quiz, Source, WrongNumber

_TYPES: dict[Kind, str] = {
    "single": "multiple_choice",
    "multiple": "many_choice",
    "numeric": "numeric",
    "code": "string",
}


def to_jupyterquiz(quiz: Quiz) -> str:
    """Return the quiz's choices, numbers and codes as JSON; other kinds are left out, see `formats.lost`."""
    asked = [_written(question) for question in flat(quiz) if question.kind in _TYPES]
    return json.dumps(asked, indent=1, ensure_ascii=False) + "\n"


def _written(question: Question) -> dict[str, Any]:
    answers: list[dict[str, Any]] = [
        {"answer": option.text, "correct": option.correct, "feedback": option.why}
        for option in question.options
    ]
    if key := question.number:
        low, high = key.value - key.tolerance, key.value + key.tolerance
        where = {"type": "range", "range": [low, high]} if key.tolerance else _value(key.value)
        answers = [{**where, "correct": True, "feedback": key.why}]
        answers += [{**_value(w.value), "correct": False, "feedback": w.why} for w in key.wrong]
    if code := question.code:
        rows = [(code.code, True, code.why), *((w.code, False, w.why) for w in code.wrong)]
        answers = [
            {"answer": spelled, "correct": right, "feedback": why}
            for each, right, why in rows
            for spelled in spellings(each)
        ]
    return {"question": question.stem, "type": _TYPES[question.kind], "answers": answers}


def _value(number: float) -> dict[str, Any]:
    return {"type": "value", "value": number}


def from_jupyterquiz(data: bytes, name: str = "imported") -> Quiz:
    """Return the choices, numbers and strings (as codes) of a jupyterquiz file as a quiz.

    Raises
    ------
    CourseError
        When it is no such file, holds a question of another type, or one without exactly one right
        number or code.
    """
    try:
        asked = json.loads(data)
        if not isinstance(asked, list):
            raise TypeError("it is not a list")
        questions = [_read(n, one) for n, one in enumerate(asked, 1)]
    except (ValueError, KeyError, TypeError, AttributeError) as why:
        raise CourseError(
            f"the file is no list of jupyterquiz questions ({type(why).__name__}: {why}).",
            remedy="Each has `question`, `type` and `answers`.",
            line=getattr(why, "lineno", None),
        ) from None
    return Quiz(name, name, "", "", questions)


def _read(n: int, one: dict[str, Any]) -> Question:
    kind = next((ours for ours, theirs in _TYPES.items() if theirs == one["type"]), None)
    if kind is None:
        raise CourseError(f"question {n} is of the type {one['type']!r}, which is not read.")
    common: dict[str, Any] = {"objective": "", "difficulty": 1, "source": Source("")}
    answers = [a for a in one["answers"] if a.get("type") != "default"]
    # What it shows for any other answer has no place of its own here.
    common["explanation"] = "\n".join(a["feedback"] for a in one["answers"] if a.get("type") == "default")
    if kind == "numeric":
        common["number"] = _number(n, answers)
    elif kind == "code":
        rows = [(str(a["answer"]), bool(a["correct"]), a.get("feedback", "")) for a in answers]
        common["code"] = code_key(rows)
    else:
        common["options"] = [
            Option(str(a["answer"]), bool(a["correct"]), a.get("feedback", "")) for a in answers
        ]
    return Question(id=f"question-{n}", kind=kind, stem=str(one["question"]), **common)


def _number(n: int, answers: list[dict[str, Any]]) -> Number:
    right = [a for a in answers if a["correct"]]
    wrong = [a for a in answers if not a["correct"]]
    if len(right) != 1 or any("value" not in a for a in wrong):
        raise ValueError(f"question {n} has no single right number, or a wrong answer that is a range")
    low, high = right[0].get("range") or (right[0]["value"],) * 2
    reasons = [WrongNumber(a["value"], a.get("feedback", "")) for a in wrong]
    return Number((low + high) / 2, right[0].get("feedback", ""), (high - low) / 2, "", reasons)
