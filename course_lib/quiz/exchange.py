"""What the exchange formats share: flat questions, HTML to markup and back, XML that is safe to read."""

import html
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any
from xml.parsers import expat

from course_lib.errors import CourseError
from course_lib.quiz.model import CodeKey, Kind, Question, Quiz, Source, WrongCode

_SOURCE = "Source: "


def flat(quiz: Quiz) -> Iterator[Question]:
    """Yield the questions with each scenario as its parts, the case before each part's stem."""
    for question in quiz.questions:
        if not question.parts:
            yield question
        for part in question.parts:
            yield replace(part, id=f"{question.id}-{part.id}", stem=f"{question.stem} {part.stem}")


def spellings(code: str) -> list[str]:
    """Return a code as learners write it: with its dot, and without."""
    return list(dict.fromkeys((code, code.replace(".", ""))))


def code_key(answers: Iterable[tuple[str, bool, str]]) -> CodeKey:
    """Return the key from (spelling, right, why) rows; the first spelling of a code is the one kept.

    Raises
    ------
    ValueError
        When not exactly one code is right.
    """
    kept: dict[str, tuple[str, bool, str]] = {}
    for code, right, why in answers:
        kept.setdefault(code.replace(".", "").upper(), (code, right, why))
    keys = [(code, why) for code, right, why in kept.values() if right]
    if len(keys) != 1:
        raise ValueError(f"it has {len(keys)} right answers, and a code entry takes one")
    wrong = [WrongCode(code, why) for code, right, why in kept.values() if not right]
    return CodeKey(*keys[0], wrong)


def feedback(question: Question) -> str:
    """Return what is shown after the check whatever the answer: the explanation and the source."""
    return (f"{question.explanation}\n" if question.explanation else "") + _SOURCE + question.source.text


def from_feedback(text: str) -> dict[str, Any]:
    """Return the explanation and the source that `feedback` put together."""
    before, mark, source = text.rpartition(_SOURCE)
    if not mark:
        return {"explanation": text, "source": Source("")}
    return {"explanation": before.rstrip("\n"), "source": Source(source)}


def imported(kind: Kind, common: dict[str, Any], **fields: Any) -> Question:
    """Return a question without what no format carries: its objective and difficulty."""
    return Question(kind=kind, objective="", difficulty=1, **common, **fields)


def from_html(text: str | None) -> str:
    """Return HTML as our markup; other tags are dropped and their text is kept."""
    marks = {"code": "`", "em": "*", "strong": "**"}
    swapped = re.sub(r"</?(code|em|strong)>", lambda tag: marks[tag.group(1)], text or "")
    return html.unescape(re.sub(r"<[^>]*>", "", swapped))


def parse_xml(data: bytes) -> ET.Element:
    """Return the root of an XML file.

    Raises
    ------
    CourseError
        When it is no XML, or declares a document type or an entity, which can read files or fill
        the memory.
    """
    reader = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise CourseError(
            "the file declares a document type or an entity, which is not read.",
            remedy="Remove its <!DOCTYPE ...>; an export has none.",
            line=reader.CurrentLineNumber,
        )

    reader.StartDoctypeDeclHandler = refuse
    reader.EntityDeclHandler = refuse
    try:
        reader.Parse(data, True)
        return ET.fromstring(data)  # noqa: S314 - document types were refused just above
    except (expat.ExpatError, ET.ParseError) as why:
        line = why.lineno
        raise CourseError(
            f"the file is no readable XML ({why}).", remedy="Export it again.", line=line
        ) from None
