"""Quizzes as Moodle XML, and back.

What Moodle cannot say is exported as the nearest thing that it can: a code entry is a short answer
without credit for shared characters, an ordering is a matching of items and places, and the parts
of a scenario are questions of their own, each with the case before it.
"""

import xml.etree.ElementTree as ET
from typing import Any

from course_lib.errors import CourseError
from course_lib.quiz.exchange import (
    code_key,
    feedback,
    flat,
    from_feedback,
    from_html,
    imported,
    parse_xml,
    spellings,
)
from course_lib.quiz.kinds import number_text
from course_lib.quiz.markup import to_html
from course_lib.quiz.model import CodeKey, Kind, Number, Option, Pair, Question, Quiz, WrongNumber


def to_moodle(quiz: Quiz) -> str:
    """Return a quiz as Moodle XML, which Moodle reads under "Import", "Moodle XML format"."""
    root = ET.Element("quiz")
    for question in flat(quiz):
        _write(root, question)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _write(root: ET.Element, question: Question) -> None:
    kind = {"numeric": "numerical", "code": "shortanswer", "matching": "matching", "ordering": "matching"}
    node = ET.SubElement(root, "question", type=kind.get(question.kind, "multichoice"))
    _text(ET.SubElement(node, "name"), question.id)
    _html(node, "questiontext", question.stem)
    _html(node, "generalfeedback", feedback(question))
    ET.SubElement(node, "defaultgrade").text = "1"
    if question.hint:
        _html(node, "hint", question.hint)
    _WRITERS[question.kind](node, question)


def _write_choice(node: ET.Element, question: Question) -> None:
    ET.SubElement(node, "single").text = "true" if question.kind == "single" else "false"
    ET.SubElement(node, "shuffleanswers").text = "0"
    ET.SubElement(node, "answernumbering").text = "ABCD"
    right = len(question.key)
    for option in question.options:
        loss = 0.0 if question.kind == "single" else -100 / (len(question.options) - right)
        _answer(node, to_html(option.text), 100 / right if option.correct else loss, option.why, form="html")


def _write_number(node: ET.Element, question: Question) -> None:
    key = question.number or Number(0, "")
    answer = _answer(node, number_text(key.value), 100, key.why)
    ET.SubElement(answer, "tolerance").text = number_text(key.tolerance)
    for wrong in key.wrong:
        ET.SubElement(_answer(node, number_text(wrong.value), 0, wrong.why), "tolerance").text = "0"


def _write_code(node: ET.Element, question: Question) -> None:
    key = question.code or CodeKey("", "")
    ET.SubElement(node, "usecase").text = "0"
    for code, share, why in [(key.code, 100, key.why), *((w.code, 0, w.why) for w in key.wrong)]:
        for spelling in spellings(code):
            _answer(node, spelling, share, why)


def _write_matching(node: ET.Element, question: Question) -> None:
    ET.SubElement(node, "shuffleanswers").text = "true"
    rows = [(pair.text, pair.choice) for pair in question.pairs]
    rows += [(item.text, str(item.place)) for item in question.items]
    used = {choice for _, choice in rows}
    for text, choice in rows + [("", choice) for choice in question.choices if choice not in used]:
        sub = ET.SubElement(node, "subquestion", format="html")
        _text(sub, to_html(text))
        _text(ET.SubElement(sub, "answer"), choice)


_WRITERS = {
    "single": _write_choice,
    "multiple": _write_choice,
    "numeric": _write_number,
    "code": _write_code,
    "matching": _write_matching,
    "ordering": _write_matching,
}


def _text(node: ET.Element, text: str) -> None:
    ET.SubElement(node, "text").text = text


def _html(node: ET.Element, tag: str, markup: str) -> None:
    _text(ET.SubElement(node, tag, format="html"), to_html(markup))


def _answer(
    node: ET.Element, text: str, share: float, why: str, form: str = "moodle_auto_format"
) -> ET.Element:
    # Moodle takes 100, 50, 33.33333 and the like, and no other number of decimals.
    answer = ET.SubElement(node, "answer", fraction=f"{share:.5f}".rstrip("0").rstrip("."), format=form)
    _text(answer, text)
    _html(answer, "feedback", why)
    return answer


def from_moodle(data: bytes, name: str = "imported") -> Quiz:
    """Return the questions of a Moodle XML file as a quiz.

    Multiple choice, numerical, short answer (as a code) and matching are read; categories are passed
    over. Objective, lesson and edition are not in such a file, so an author adds them.

    Raises
    ------
    CourseError
        When it is no Moodle XML, declares a document type or an entity (which can read files or fill
        the memory), or has a kind of question that cannot be read.
    """
    root = parse_xml(data)
    if root.tag != "quiz":
        raise CourseError(f"the file's root is <{root.tag}>, not <quiz>.", remedy="Export it as Moodle XML.")
    nodes = [node for node in root.iter("question") if node.get("type") != "category"]
    return Quiz(name, name, "", "", [_read(node) for node in nodes])


def _read(node: ET.Element) -> Question:
    kind, name = node.get("type", ""), node.findtext("name/text") or ""
    if kind not in _READERS:
        raise CourseError(f"question {name!r} is of the kind {kind!r}, which is not read.")
    common = {
        "id": name,
        "stem": from_html(node.findtext("questiontext/text")),
        "hint": "\n".join(from_html(hint.findtext("text")) for hint in node.iter("hint")),
        **from_feedback(from_html(node.findtext("generalfeedback/text"))),
    }
    try:
        return _READERS[kind](node, common)
    except ValueError as why:
        raise CourseError(f"question {name!r} cannot be read: {why}.") from None


def _read_choice(node: ET.Element, common: dict[str, Any]) -> Question:
    options = [
        Option(from_html(a.findtext("text")), float(a.get("fraction", "0")) > 0, _why(a))
        for a in node.iter("answer")
    ]
    kind: Kind = "single" if (node.findtext("single") or "true") in ("true", "1") else "multiple"
    return imported(kind, common, options=options)


def _read_number(node: ET.Element, common: dict[str, Any]) -> Question:
    answers = list(node.iter("answer"))
    key = next((a for a in answers if float(a.get("fraction", "0")) == 100), None)
    if key is None:
        raise ValueError("it has no right answer")
    wrong = [WrongNumber(float(a.findtext("text") or 0), _why(a)) for a in answers if a is not key]
    tolerance = float(key.findtext("tolerance") or 0)
    number = Number(float(key.findtext("text") or 0), _why(key), tolerance, "", wrong)
    return imported("numeric", common, number=number)


def _read_code(node: ET.Element, common: dict[str, Any]) -> Question:
    rows = [
        (a.findtext("text") or "", float(a.get("fraction", "0")) == 100, _why(a)) for a in node.iter("answer")
    ]
    return imported("code", common, code=code_key(rows))


def _read_matching(node: ET.Element, common: dict[str, Any]) -> Question:
    rows = [
        (from_html(s.findtext("text")), s.findtext("answer/text") or "") for s in node.iter("subquestion")
    ]
    pairs = [Pair(text, choice, "") for text, choice in rows if text]
    return imported("matching", common, pairs=pairs, choices=list(dict.fromkeys(c for _, c in rows)))


_READERS = {
    "multichoice": _read_choice,
    "numerical": _read_number,
    "shortanswer": _read_code,
    "matching": _read_matching,
}


def _why(answer: ET.Element) -> str:
    return from_html(answer.findtext("feedback/text"))
