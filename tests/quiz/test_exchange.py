"""Export and import: what goes out comes back, and a hostile file is refused."""

import io
import json
import sqlite3
import zipfile
from pathlib import Path
from typing import get_args

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from course_lib import quiz
from course_lib.cli import app
from course_lib.errors import CourseError
from course_lib.quiz.anki import to_anki
from course_lib.quiz.engine import mark
from course_lib.quiz.exchange import flat
from course_lib.quiz.formats import FORMATS, Format, export, lost, read
from course_lib.quiz.jupyterquiz import from_jupyterquiz, to_jupyterquiz
from course_lib.quiz.model import Kind, Number, Option, Question, Source
from course_lib.quiz.moodle import from_moodle, to_moodle

GALLERY = quiz.load("gallery")

# Everything that a YAML file can hold, markup and XML's own signs included.
texts = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")) | st.sampled_from("<>&\"'`*~={}#:\\]\n"),
    min_size=1,
    max_size=40,
)


@st.composite
def choices(draw: st.DrawFn) -> Question:
    count = draw(st.integers(3, 6))
    many = draw(st.booleans())
    key = draw(st.sets(st.integers(0, count - 1), min_size=1, max_size=count - 1 if many else 1))
    options = [Option(draw(texts), n in key, draw(texts)) for n in range(count)]
    return Question("q", "multiple" if many else "single", "", 1, draw(texts), options, Source(draw(texts)))


@given(choices())
def test_any_choice_comes_back_from_moodle_as_it_went(question: Question) -> None:
    (back,) = from_moodle(to_moodle(quiz.Quiz("x", "x", "", "", [question])).encode()).questions
    assert (back.kind, back.stem, back.options) == (question.kind, question.stem, question.options)


def test_every_kind_comes_back_from_moodle_with_its_key() -> None:
    back = from_moodle(to_moodle(GALLERY).encode())
    assert [q.id for q in back.questions] == [q.id for q in flat(GALLERY)]
    for before, after in zip(flat(GALLERY), back.questions, strict=True):
        assert (after.stem, after.hint) == (before.stem, before.hint)
        assert after.source.text == before.source.text
        assert after.code == before.code
        if before.number and after.number:
            assert (after.number.value, after.number.wrong) == (before.number.value, before.number.wrong)
        if before.pairs:
            assert [(p.text, p.choice) for p in after.pairs] == [(p.text, p.choice) for p in before.pairs]
        if before.items:
            assert [(p.text, p.choice) for p in after.pairs] == [(i.text, str(i.place)) for i in before.items]
    assert mark(back["count-the-codes"], 3).points == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'<!DOCTYPE quiz [<!ENTITY a "aaaa">]><quiz>&a;</quiz>', "document type"),
        (b'<!DOCTYPE quiz SYSTEM "file:///etc/passwd"><quiz/>', "document type"),
        ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE quiz><quiz/>'.encode("utf-16"), "document type"),
        (b"<quiz>", "no readable XML"),
        (b"<html/>", "not <quiz>"),
        (b'<quiz><question type="essay"><name><text>e</text></name></question></quiz>', "kind 'essay'"),
    ],
)
def test_a_file_that_cannot_be_trusted_or_read_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(CourseError, match=said):
        from_moodle(data)


def cards(package: bytes, folder: Path) -> list[tuple[str, str]]:
    with zipfile.ZipFile(io.BytesIO(package)) as unzipped:
        file = folder / "collection.anki2"
        file.write_bytes(unzipped.read("collection.anki2"))
    with sqlite3.connect(file) as collection:
        return collection.execute("SELECT guid, flds FROM notes ORDER BY id").fetchall()


def test_an_anki_deck_has_a_card_a_question_and_the_same_bytes_twice(tmp_path: Path) -> None:
    package = to_anki(GALLERY)
    assert package == to_anki(GALLERY)
    found = cards(package, tmp_path)
    assert len(found) == len(list(flat(GALLERY)))
    assert "S93.401A" in found[0][1].split("\x1f")[1]
    assert "S93.401A" not in found[0][1].split("\x1f")[0]


def test_a_card_keeps_its_id_when_its_question_changes(tmp_path: Path, bank: Path) -> None:
    before = cards(to_anki(quiz.load("sample")), tmp_path)
    bank.write_text(bank.read_text().replace("Where does the dot", "Just where does the dot"))
    after = cards(to_anki(quiz.load("sample")), tmp_path)
    assert [guid for guid, _ in before] == [guid for guid, _ in after]
    assert before != after


def test_the_command_exports_and_imports(tmp_path: Path) -> None:
    run = CliRunner().invoke
    out = tmp_path / "gallery.xml"
    done = run(app, ["quiz", "export", "gallery", "--to", "moodle", "--out", str(out)])
    assert done.exit_code == 0, done.output
    back = run(app, ["quiz", "import", str(out)])
    assert back.exit_code == 0, back.output
    assert "kind: code" in back.output
    assert (
        run(app, ["quiz", "export", "gallery", "--to", "anki", "--out", str(tmp_path / "g.apkg")]).exit_code
        == 0
    )
    assert zipfile.is_zipfile(tmp_path / "g.apkg")


@given(choices())
def test_any_choice_comes_back_from_jupyterquiz_as_it_went(question: Question) -> None:
    (back,) = from_jupyterquiz(to_jupyterquiz(quiz.Quiz("x", "x", "", "", [question])).encode()).questions
    assert (back.kind, back.stem, back.options) == (question.kind, question.stem, question.options)


@pytest.mark.parametrize("tolerance", [0, 0.5])
def test_a_number_comes_back_from_jupyterquiz_with_its_tolerance(tolerance: float) -> None:
    question = Question("n", "numeric", "", 1, "How many?", number=Number(3, "so", tolerance))
    (back,) = from_jupyterquiz(to_jupyterquiz(quiz.Quiz("x", "x", "", "", [question])).encode()).questions
    assert back.number == question.number


def test_a_code_comes_back_from_jupyterquiz_with_its_wrong_codes() -> None:
    code = GALLERY["enter-the-code"]
    text = to_jupyterquiz(quiz.Quiz("x", "x", "", "", [code]))
    (back,) = from_jupyterquiz(text.encode()).questions
    assert (back.kind, back.stem, back.code) == ("code", code.stem, code.code)
    asked = json.loads(text)[0]
    assert asked["type"] == "string"
    assert [a["answer"] for a in asked["answers"] if a["correct"]] == ["S93.401A", "S93401A"]


def test_what_a_format_cannot_carry_is_named() -> None:
    said = {to: "\n".join(lost(GALLERY, to)) for to in FORMATS}
    assert "left out, the format has no such kind: match-the-level, order-the-codes." in said["jupyterquiz"]
    assert all("left out" not in said[to] for to in FORMATS if to != "jupyterquiz")
    assert "wrong numbers or codes: enter-the-code, count-the-codes, a-visit-diabetes." in said["qti"]
    assert "wrong numbers" not in said["gift"]
    assert [to for to in FORMATS if "no hint: enter-the-code, order-the-codes." not in said[to]] == ["moodle"]
    bare = quiz.Quiz("x", "x", "", "", [GALLERY["one-right"]])
    assert len(lost(bare, "gift")) == 1


@pytest.mark.parametrize("to", FORMATS)
def test_a_format_gives_the_same_bytes_twice(to: Format) -> None:
    data = export(GALLERY, to)
    assert data == export(GALLERY, to)


@pytest.mark.parametrize("name", quiz.ids())
@pytest.mark.parametrize(
    ("to", "ending"), [("moodle", "xml"), ("gift", "gift"), ("qti", "zip"), ("jupyterquiz", "json")]
)
def test_every_quiz_of_the_bank_comes_back(tmp_path: Path, name: str, to: Format, ending: str) -> None:
    bank, file = quiz.load(name), tmp_path / f"{name}.{ending}"
    file.write_bytes(export(bank, to))
    carried = ("single", "multiple", "numeric", "code") if to == "jupyterquiz" else get_args(Kind)
    asked = [question for question in flat(bank) if question.kind in carried]
    back = read(file).questions
    assert [(q.stem, q.options) for q in back] == [(q.stem, q.options) for q in asked]
    assert [q.code and q.code.code for q in back] == [q.code and q.code.code for q in asked]
    assert [q.number and q.number.value for q in back] == [q.number and q.number.value for q in asked]


def test_what_jupyterquiz_shows_for_any_other_answer_is_kept() -> None:
    asked = json.loads(to_jupyterquiz(quiz.Quiz("x", "x", "", "", [GALLERY["count-the-codes"]])))
    asked[0]["answers"].append({"type": "default", "feedback": "Count again."})
    (back,) = from_jupyterquiz(json.dumps(asked).encode()).questions
    assert back.explanation == "Count again."


@pytest.mark.parametrize(("to", "ending"), [("gift", "gift"), ("qti", "zip"), ("jupyterquiz", "json")])
def test_the_command_goes_both_ways_and_says_what_is_lost(tmp_path: Path, to: str, ending: str) -> None:
    run, out = CliRunner().invoke, tmp_path / f"gallery.{ending}"
    done = run(app, ["quiz", "export", "gallery", "--to", to, "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "no credit for the shared characters of a code: enter-the-code" in done.stderr
    back = run(app, ["quiz", "import", str(out)])
    assert back.exit_code == 0, back.output
    codes = [q["code"]["code"] for q in yaml.safe_load(back.stdout)["questions"] if q["kind"] == "code"]
    assert codes == ["S93.401A", "E11.22"]


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("a.gift", "One?{=E11}\n\nTwo?{}", "a.gift:3: "),
        ("a.xml", "<quiz>\n<b></quiz>", "a.xml:2: "),
        ("a.json", "[\n{,}]", "a.json:2: "),
        ("a.zip", "none", "a.zip: "),
        ("a.apkg", "none", "a.apkg: "),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_its_line(
    tmp_path: Path, name: str, text: str, place: str
) -> None:
    file = tmp_path / name
    file.write_text(text)
    with pytest.raises(CourseError) as caught:
        read(file)
    assert place in str(caught.value)


@pytest.mark.parametrize(
    "data",
    [
        b"not json",
        b"[1]",
        b'{"question": 1}',
        b'[{"question": "?", "type": "string", "answers": []}]',
        b'[{"question": "?", "type": "numeric", "answers": []}]',
        b'[{"question": "?", "type": "slider", "answers": []}]',
        b'[{"question": "?", "type": "string", "answers": [{"answer": "E11", "correct": false}]}]',
    ],
)
def test_a_file_that_is_no_jupyterquiz_is_refused(data: bytes) -> None:
    with pytest.raises(CourseError):
        from_jupyterquiz(data)
