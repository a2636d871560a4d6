"""Quizzes as a QTI 1.2 package, which Canvas imports as "QTI .zip file"; `qti_reader` reads one.

A number and a short answer have right answers only in Canvas, so the wrong numbers and codes and their
reasons stay behind: a reason is not worth a wrong key. An ordering is a matching of items
and places.
"""

import io
import xml.etree.ElementTree as ET
import zipfile
from decimal import Decimal

from course_lib.quiz.exchange import feedback, flat, spellings
from course_lib.quiz.kinds import number_text
from course_lib.quiz.markup import to_html
from course_lib.quiz.model import Number, Question, Quiz

_QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
_PACKAGE = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
RESOURCE = "imsqti_xmlv1p2"
_DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip file can hold: the time must not change the bytes
TYPES = {
    "single": "multiple_choice_question",
    "multiple": "multiple_answers_question",
    "numeric": "numerical_question",
    "code": "short_answer_question",
    "matching": "matching_question",
    "ordering": "matching_question",
}


def to_qti(quiz: Quiz) -> bytes:
    """Return a quiz as a zip file of QTI 1.2; the same bytes for the same quiz."""
    name = f"{quiz.id}/{quiz.id}.xml"
    manifest = ET.Element("manifest", identifier=f"{quiz.id}-package", xmlns=_PACKAGE)
    about = ET.SubElement(manifest, "metadata")
    ET.SubElement(about, "schema").text = "IMS Content"
    ET.SubElement(about, "schemaversion").text = "1.1.3"
    ET.SubElement(manifest, "organizations")
    resources = ET.SubElement(manifest, "resources")
    resource = ET.SubElement(resources, "resource", identifier=quiz.id, type=RESOURCE)
    ET.SubElement(resource, "file", href=name)

    root = ET.Element("questestinterop", xmlns=_QTI)
    assessment = ET.SubElement(root, "assessment", ident=quiz.id, title=quiz.title)
    section = ET.SubElement(assessment, "section", ident="root_section")
    for question in flat(quiz):
        _write(section, question)

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for member, node in (("imsmanifest.xml", manifest), (name, root)):
            data = b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(node, encoding="utf-8")
            package.writestr(zipfile.ZipInfo(member, _DATE), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _write(section: ET.Element, question: Question) -> None:
    item = ET.SubElement(section, "item", ident=question.id, title=question.id)
    fields = ET.SubElement(ET.SubElement(item, "itemmetadata"), "qtimetadata")
    for label, entry in (("question_type", TYPES[question.kind]), ("points_possible", "1")):
        field = ET.SubElement(fields, "qtimetadatafield")
        ET.SubElement(field, "fieldlabel").text = label
        ET.SubElement(field, "fieldentry").text = entry
    asked = ET.SubElement(item, "presentation")
    _material(asked, to_html(question.stem))
    scoring = ET.SubElement(item, "resprocessing")
    outcomes = ET.SubElement(scoring, "outcomes")
    ET.SubElement(outcomes, "decvar", maxvalue="100", minvalue="0", varname="SCORE", vartype="Decimal")
    ET.SubElement(_condition(scoring, "general_fb", "Yes"), "other")
    whys = {"general": feedback(question)}
    if question.options:
        whys |= _write_choice(asked, scoring, question)
    elif question.pairs or question.items:
        whys |= _write_matching(asked, scoring, question)
    else:
        whys |= _write_entry(asked, scoring, question)
    for ident, why in whys.items():
        if why:
            shown = ET.SubElement(item, "itemfeedback", ident=f"{ident}_fb")
            _material(ET.SubElement(shown, "flow_mat"), to_html(why))


def _write_choice(asked: ET.Element, scoring: ET.Element, question: Question) -> dict[str, str]:
    many = question.kind == "multiple"
    labels = {f"option{n}": to_html(option.text) for n, option in enumerate(question.options)}
    _choices(asked, "response1", labels, "Multiple" if many else "Single")
    for ident, option in zip(labels, question.options, strict=True):
        if option.why:
            _equal(_condition(scoring, f"{ident}_fb", "Yes"), ident)
    key = _condition(scoring, "", "No", 100)
    for n in sorted(question.key) if not many else ():
        _equal(key, f"option{n}")
    if many:  # every right option, and none of the wrong ones
        both = ET.SubElement(key, "and")
        for n, option in enumerate(question.options):
            _equal(both if option.correct else ET.SubElement(both, "not"), f"option{n}")
    return {f"option{n}": option.why for n, option in enumerate(question.options)}


def _write_matching(asked: ET.Element, scoring: ET.Element, question: Question) -> dict[str, str]:
    rows = [(pair.text, pair.choice, pair.why) for pair in question.pairs]
    rows += [(item.text, str(item.place), item.why) for item in question.items]
    choices = question.choices or sorted((choice for _, choice, _ in rows), key=int)
    labels = {f"choice{n}": choice for n, choice in enumerate(choices)}
    for n, (text, choice, why) in enumerate(rows):
        _choices(asked, f"response_row{n}", labels, "", text)
        key = f"choice{choices.index(choice)}"
        _equal(_condition(scoring, "", "", 100 / len(rows)), key, f"response_row{n}")
        if why:
            missed = ET.SubElement(_condition(scoring, f"row{n}_fb", ""), "not")
            _equal(missed, key, f"response_row{n}")
    return {f"row{n}": row[2] for n, row in enumerate(rows)}


def _write_entry(asked: ET.Element, scoring: ET.Element, question: Question) -> dict[str, str]:
    response = ET.SubElement(asked, "response_str", ident="response1", rcardinality="Single")
    field = ET.SubElement(response, "render_fib")
    ET.SubElement(field, "response_label", ident="answer1")
    number, code = question.number or Number(0, ""), question.code
    why = code.why if code else number.why
    key = _condition(scoring, "correct_fb" if why else "", "No", 100)
    if code:
        for spelled in spellings(code.code):
            _equal(key, spelled)
        return {"correct": why}
    field.set("fibtype", "Decimal")
    either = ET.SubElement(key, "or")
    _equal(either, number_text(number.value))
    within = ET.SubElement(either, "and")
    value, tolerance = Decimal(number_text(number.value)), Decimal(number_text(number.tolerance))
    for tag, bound in (("vargte", value - tolerance), ("varlte", value + tolerance)):
        ET.SubElement(within, tag, respident="response1").text = str(bound)
    return {"correct": why}


def _choices(asked: ET.Element, ident: str, labels: dict[str, str], many: str, text: str = "") -> None:
    response = ET.SubElement(
        asked, "response_lid", {"ident": ident, **({"rcardinality": many} if many else {})}
    )
    if text:
        _material(response, to_html(text))
    shown = ET.SubElement(response, "render_choice")
    for label, said in labels.items():
        _material(ET.SubElement(shown, "response_label", ident=label), said, "html" if many else "plain")


def _condition(scoring: ET.Element, shows: str, goes_on: str, points: float = 0) -> ET.Element:
    """Add a condition that shows a feedback, gives points or both; return where its test goes."""
    condition = ET.SubElement(scoring, "respcondition", {"continue": goes_on} if goes_on else {})
    test = ET.SubElement(condition, "conditionvar")
    if points:
        action = "Set" if points == 100 and goes_on else "Add"
        ET.SubElement(condition, "setvar", action=action, varname="SCORE").text = f"{points:.5g}"
    if shows:
        ET.SubElement(condition, "displayfeedback", feedbacktype="Response", linkrefid=shows)
    return test


def _equal(node: ET.Element, value: str, response: str = "response1") -> None:
    ET.SubElement(node, "varequal", respident=response).text = value


def _material(node: ET.Element, text: str, form: str = "html") -> None:
    ET.SubElement(ET.SubElement(node, "material"), "mattext", texttype=f"text/{form}").text = text
