"""QTI 1.2: the package that Canvas reads, our own back, and a hostile one refused."""

import io
import xml.etree.ElementTree as ET
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib import quiz
from course_lib.errors import CourseError
from course_lib.quiz.engine import mark
from course_lib.quiz.exchange import flat
from course_lib.quiz.model import Number, Option, Pair, Question, Quiz, Source
from course_lib.quiz.qti import to_qti
from course_lib.quiz.qti_reader import from_qti

GALLERY = quiz.load("gallery")
NS = {
    "q": "http://www.imsglobal.org/xsd/ims_qtiasiv1p2",
    "p": "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1",
}

texts = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")) | st.sampled_from("<>&\"'`*\n]"),
    min_size=1,
    max_size=30,
)


def back(question: Question) -> Question:
    (read,) = from_qti(to_qti(Quiz("x", "x", "", "", [question]))).questions
    return read


def files(package: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(package)) as unzipped:
        return {name: unzipped.read(name).decode() for name in unzipped.namelist()}


def zipped(members: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in members.items():
            package.writestr(name, text)
    return out.getvalue()


def changed(old: str, new: str, file: str = "gallery/gallery.xml") -> bytes:
    members = files(to_qti(GALLERY))
    assert old in members[file]
    return zipped({**members, file: members[file].replace(old, new)})


@given(st.lists(texts, min_size=7, max_size=7), st.booleans(), st.integers(1, 2))
def test_any_choice_comes_back_as_it_went(said: list[str], many: bool, right: int) -> None:
    options = [Option(said[n], n == right or (many and n == 0), said[n + 3]) for n in range(3)]
    read = back(Question("q", "multiple" if many else "single", "", 1, said[6], options, Source("s")))
    assert (read.kind, read.stem, read.options) == ("multiple" if many else "single", said[6], options)


@given(st.floats(-1e9, 1e9), st.floats(0, 1e3).map(lambda n: round(n, 6)))
def test_any_number_comes_back_with_its_tolerance(value: float, tolerance: float) -> None:
    number = Number(round(value, 6), "so", tolerance)
    assert back(Question("q", "numeric", "", 1, "?", source=Source("s"), number=number)).number == number


def test_every_kind_of_the_gallery_comes_back_with_its_key() -> None:
    read = from_qti(to_qti(GALLERY))
    assert [q.id for q in read.questions] == [q.id for q in flat(GALLERY)]
    for before, after in zip(flat(GALLERY), read.questions, strict=True):
        assert (after.stem, after.explanation) == (before.stem, before.explanation)
        assert after.source.text == before.source.text
        assert after.options == before.options
        rows = list(before.pairs) + [Pair(i.text, str(i.place), i.why) for i in before.items]
        assert after.pairs == rows
        assert not before.choices or after.choices == before.choices
        if before.code and after.code:
            assert (after.code.code, after.code.why) == (before.code.code, before.code.why)
    assert mark(read["enter-the-code"], "S93.401A").points == 1
    assert mark(read["count-the-codes"], 3).points == 1


def test_the_package_has_what_canvas_looks_for() -> None:
    members = files(to_qti(GALLERY))
    manifest = ET.fromstring(members["imsmanifest.xml"])
    (resource,) = manifest.findall(".//p:resource", NS)
    assert resource.get("type") == "imsqti_xmlv1p2"
    href = resource.find("p:file", NS)
    assert href is not None
    root = ET.fromstring(members[href.get("href", "")])
    items = root.findall("q:assessment/q:section/q:item", NS)
    kinds = [item.findtext(".//q:fieldentry", namespaces=NS) for item in items]
    assert kinds == [
        "short_answer_question",
        "numerical_question",
        "matching_question",
        "matching_question",
        "short_answer_question",
        "multiple_answers_question",
        "multiple_choice_question",
    ]
    for item in items:  # every feedback that is shown is there
        shown = {node.get("linkrefid") for node in item.iter(f"{{{NS['q']}}}displayfeedback")}
        assert shown == {node.get("ident") for node in item.iter(f"{{{NS['q']}}}itemfeedback")}


def test_no_wrong_code_or_number_can_be_scored() -> None:
    assert "S93.402A" not in files(to_qti(GALLERY))["gallery/gallery.xml"]
    assert ">16<" not in files(to_qti(GALLERY))["gallery/gallery.xml"]


def test_the_same_quiz_gives_the_same_bytes() -> None:
    assert to_qti(GALLERY) == to_qti(quiz.load("gallery"))


MANIFEST = files(to_qti(GALLERY))["imsmanifest.xml"]
DOCTYPE = '<!DOCTYPE a [<!ENTITY b "bbbb">]>'


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"not a zip", "no readable zip"),
        (to_qti(GALLERY)[:-40], "no readable zip"),
        (zipped({"a.xml": "<a/>"}), "no file 'imsmanifest.xml'"),
        (zipped({"imsmanifest.xml": "<manifest/>"}), "no QTI 1.2 quiz"),
        (zipped({"imsmanifest.xml": MANIFEST}), "no file 'gallery/gallery.xml'"),
        (zipped({"imsmanifest.xml": f"{DOCTYPE}<manifest/>"}), "document type"),
        (zipped({"imsmanifest.xml": MANIFEST, "gallery/gallery.xml": f"\n{DOCTYPE}<a/>"}), "document type"),
        (zipped({"imsmanifest.xml": MANIFEST, "../../etc/x": "x"}), "outside itself"),
        (zipped({"imsmanifest.xml": MANIFEST, "/etc/x": "x"}), "outside itself"),
        (zipped({"imsmanifest.xml": MANIFEST, "a\\..\\..\\x": "x"}), "outside itself"),
        (changed("gallery/gallery.xml", "../gallery.xml", "imsmanifest.xml"), "outside itself"),
        (zipped({"imsmanifest.xml": MANIFEST, "gallery/gallery.xml": " " * 5_000_001}), "5000001 bytes"),
        (changed("numerical_question", "essay_question"), "kind 'essay_question'"),
        (changed(">100<", ">0<"), "0 conditions"),
        (changed(">option1</varequal><", ">option9</varequal><"), "names no option"),
        (changed(">S93401A<", ">S93402A<"), "2 right answers"),
    ],
)
def test_a_package_that_cannot_be_trusted_or_read_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(CourseError, match=said):
        from_qti(data)


def test_a_fault_in_the_xml_names_its_file_and_line() -> None:
    with pytest.raises(CourseError, match=r"gallery/gallery\.xml") as caught:
        from_qti(zipped({"imsmanifest.xml": MANIFEST, "gallery/gallery.xml": "<a>\n<b></a>"}))
    assert caught.value.line == 2


def test_a_changed_key_is_seen() -> None:
    (question,) = [q for q in GALLERY.questions if q.id == "one-right"]
    package = files(to_qti(Quiz("x", "x", "", "", [question])))
    key = '<respcondition continue="No"><conditionvar><varequal respident="response1">option'
    assert f"{key}1" in package["x/x.xml"]
    package["x/x.xml"] = package["x/x.xml"].replace(f"{key}1", f"{key}0")
    assert from_qti(zipped(package)).questions[0].options != question.options
