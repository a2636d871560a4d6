"""Read a QTI 1.2 package: our own, and one of Canvas with the same kinds of question."""

import io
import posixpath
import xml.etree.ElementTree as ET
import zipfile
import zlib
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from course_lib.errors import CourseError
from course_lib.quiz.exchange import code_key, from_feedback, from_html, imported, parse_xml
from course_lib.quiz.model import Kind, Number, Option, Pair, Question, Quiz
from course_lib.quiz.qti import RESOURCE

_MAX_BYTES = 5_000_000  # a file that is read; a quiz of a thousand questions has about two million
_MAX_FILES = 2_000
_KINDS: dict[str, Kind] = {
    "multiple_choice_question": "single",
    "true_false_question": "single",
    "multiple_answers_question": "multiple",
    "numerical_question": "numeric",
    "short_answer_question": "code",
    "matching_question": "matching",
}


def from_qti(data: bytes, name: str = "imported") -> Quiz:
    """Return the questions of a QTI 1.2 zip file as a quiz; nothing is unpacked to disk.

    Raises
    ------
    CourseError
        When it is no such package, has a file outside itself (``../x``), a file over 5 MB that would
        be read, a document type or an entity, or a question that cannot be read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            questions = [_read(item) for root in _assessments(package) for item in root.iter("item")]
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as why:
        raise CourseError(f"the file is no readable zip file ({why}).", remedy="Export it again.") from None
    return Quiz(name, name, "", "", questions)


def _assessments(package: zipfile.ZipFile) -> Iterator[ET.Element]:
    members = package.infolist()
    if len(members) > _MAX_FILES:
        raise CourseError(f"the package has {len(members)} files; at most {_MAX_FILES} are read.")
    for member in members:
        _inside(member.filename)
    hrefs = [
        node.get("href", "")
        for resource in _xml(package, "imsmanifest.xml").iter("resource")
        if resource.get("type", "").startswith(RESOURCE)
        for node in resource.iter("file")
    ]
    if not hrefs:
        raise CourseError("the package's manifest names no QTI 1.2 quiz.", remedy="Export it as QTI 1.2.")
    for href in hrefs:
        _inside(href)
        yield _xml(package, href)


def _inside(name: str) -> None:
    parts = name.replace("\\", "/")
    if parts.startswith("/") or ":" in parts or ".." in posixpath.normpath(parts).split("/"):
        raise CourseError(f"the package names a file outside itself: {name!r}.", remedy="Do not use it.")


def _xml(package: zipfile.ZipFile, name: str) -> ET.Element:
    """Return a file of the package as XML without namespaces."""
    try:
        size = package.getinfo(name).file_size
    except KeyError:
        raise CourseError(f"the package has no file {name!r}.", remedy="Export it as QTI 1.2.") from None
    if size > _MAX_BYTES:
        raise CourseError(f"{name!r} in the package has {size} bytes; at most {_MAX_BYTES} are read.")
    try:
        root = parse_xml(package.read(name))
    except CourseError as why:
        raise CourseError(
            f"{name!r} in the package: {why.message}", remedy=why.remedy, line=why.line
        ) from None
    for node in root.iter():
        node.tag = node.tag.rpartition("}")[2]
    return root


def _read(item: ET.Element) -> Question:
    ident = item.get("ident", "")
    fields = {f.findtext("fieldlabel"): f.findtext("fieldentry") or "" for f in item.iter("qtimetadatafield")}
    kind = _KINDS.get(asked := fields.get("question_type", ""))
    if kind is None:
        raise CourseError(f"question {ident!r} is of the kind {asked!r}, which is not read.")
    whys = {
        f.get("ident", "").removesuffix("_fb"): _text(f.find(".//material"))
        for f in item.iter("itemfeedback")
    }
    general = from_feedback(whys.pop("general", ""))
    stem = _text(item.find("presentation/material"))
    try:
        fields_of_kind = _READERS[kind](item, whys)
    except (ValueError, InvalidOperation) as why:
        raise CourseError(f"question {ident!r} cannot be read: {why}.") from None
    # What no answer has taken, such as Canvas's text for any wrong answer.
    general["explanation"] = "\n".join(filter(None, [general["explanation"], *whys.values()]))
    return imported(kind, {"id": ident, "stem": stem, **general}, **fields_of_kind)


def _text(material: ET.Element | None) -> str:
    shown = None if material is None else material.find("mattext")
    if shown is None:
        return ""
    return from_html(shown.text) if shown.get("texttype") == "text/html" else shown.text or ""


def _scored(item: ET.Element) -> list[ET.Element]:
    """Return the tests that give points."""
    conditions = item.iterfind("resprocessing/respcondition")
    return [
        test
        for condition in conditions
        if float(condition.findtext("setvar") or 0) > 0
        and (test := condition.find("conditionvar")) is not None
    ]


def _one_scored(item: ET.Element) -> ET.Element:
    tests = _scored(item)
    if len(tests) != 1:
        raise ValueError(f"it has {len(tests)} conditions that give points, and one is read")
    return tests[0]


def _values(node: ET.Element) -> list[str]:
    return [equal.text or "" for equal in node.iter("varequal")]


def _choice(item: ET.Element, whys: dict[str, str]) -> dict[str, Any]:
    test = _one_scored(item)
    right = set(_values(test)) - {value for no in test.iter("not") for value in _values(no)}
    labels = {label.get("ident", ""): _text(label.find("material")) for label in item.iter("response_label")}
    if not right or right - set(labels):
        raise ValueError("its key names no option")
    return {"options": [Option(text, n in right, whys.pop(n, "")) for n, text in labels.items()]}


def _number(item: ET.Element, whys: dict[str, str]) -> dict[str, Any]:
    test = _one_scored(item)
    low, high = (
        Decimal(text) if (text := test.findtext(f".//{tag}")) else None for tag in ("vargte", "varlte")
    )
    exact = [Decimal(value) for value in _values(test)]
    if low is None or high is None:
        if len(exact) != 1:
            raise ValueError("its key is neither a number nor a range")
        low = high = exact[0]
    value = exact[0] if exact else (low + high) / 2
    return {"number": Number(float(value), whys.pop("correct", ""), float(high - value))}


def _code(item: ET.Element, whys: dict[str, str]) -> dict[str, Any]:
    why = whys.pop("correct", "")
    return {"code": code_key((value, True, why) for value in _values(_one_scored(item)))}


def _matching(item: ET.Element, whys: dict[str, str]) -> dict[str, Any]:
    key = {equal.get("respident"): equal.text for test in _scored(item) for equal in test.iter("varequal")}
    pairs: list[Pair] = []
    choices: dict[str | None, str] = {}
    for row in item.iter("response_lid"):
        labels = {n.get("ident"): _text(n.find("material")) for n in row.iter("response_label")}
        choices |= labels
        ident = row.get("ident", "")
        if key.get(ident) not in labels:
            raise ValueError("a row of it has no key")
        why = whys.pop(ident.removeprefix("response_"), "")
        pairs.append(Pair(_text(row.find("material")), labels[key[ident]], why))
    return {"pairs": pairs, "choices": list(dict.fromkeys(choices.values()))}


_READERS = {"single": _choice, "multiple": _choice, "numeric": _number, "code": _code, "matching": _matching}
