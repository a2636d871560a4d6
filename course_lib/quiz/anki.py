"""Quizzes as an Anki deck: ids that never change, and the same bytes for the same quiz."""

import hashlib
import html
import io
import tempfile
import zipfile
from pathlib import Path

from course_lib.quiz.engine import LETTERS
from course_lib.quiz.exchange import flat
from course_lib.quiz.kinds import number_text
from course_lib.quiz.markup import to_html
from course_lib.quiz.model import Question, Quiz

# Made once by hand; Anki knows our card layout by it.
_MODEL = 1_763_900_417
# The first day that a zip file can hold: the time of making must not change the bytes.
_EPOCH = (1980, 1, 1, 0, 0, 0)


def to_anki(quiz: Quiz) -> bytes:
    """Return a quiz as an ``.apkg`` file; importing it again updates its cards and doubles none."""
    import genanki

    model = genanki.Model(
        _MODEL,
        "Crosswalk question",
        fields=[{"name": "Question"}, {"name": "Answer"}],
        templates=[
            {
                "name": "Card",
                "qfmt": "{{Question}}",
                "afmt": "{{FrontSide}}<hr id=answer>{{Answer}}",
            }
        ],
    )
    deck = genanki.Deck(_number(quiz.id), f"Crosswalk: {quiz.title}")
    for question in flat(quiz):
        guid = genanki.guid_for("crosswalk", quiz.id, question.id)
        deck.add_note(genanki.Note(model=model, fields=[_front(question), _back(question)], guid=guid))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "deck.apkg"
        genanki.Package(deck).write_to_file(str(file), timestamp=0.0)
        return _steady(file.read_bytes())


def _steady(package: bytes) -> bytes:
    """Return the package with the date of every member fixed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w") as new:
        for name in sorted(old.namelist()):
            new.writestr(zipfile.ZipInfo(name, _EPOCH), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _number(name: str) -> int:
    """Return the deck's id: a number of Anki's size that depends on the quiz's id alone."""
    return int.from_bytes(hashlib.sha256(f"crosswalk:{name}".encode()).digest()[:4]) | 1 << 30


def _front(question: Question) -> str:
    texts = [option.text for option in question.options] + question.choices
    texts += [item.text for item in question.items]
    rows = "".join(f"<li>{to_html(pair.text)}</li>" for pair in question.pairs)
    lines = "".join(f"<div>{LETTERS[k]} {to_html(text)}</div>" for k, text in enumerate(texts))
    return f"<div>{to_html(question.stem)}</div>{f'<ol>{rows}</ol>' if rows else ''}{lines}"


def _back(question: Question) -> str:
    right = [(f"{LETTERS[k]} {to_html(question.options[k].text)}", question.options[k].why)
             for k in sorted(question.key)]  # fmt: skip
    if question.number:
        right.append((f"{number_text(question.number.value)} {question.number.unit}", question.number.why))
    if question.code:
        right.append((question.code.code, question.code.why))
    right += [(f"{to_html(pair.text)}: {html.escape(pair.choice)}", pair.why) for pair in question.pairs]
    ordered = sorted(question.items, key=lambda item: item.place)
    right += [(f"{item.place}. {to_html(item.text)}", item.why) for item in ordered]
    lines = "".join(f"<div><b>{label}</b> {to_html(why)}</div>" for label, why in right)
    return f"{lines}<div><small>Source: {html.escape(question.source.text)}</small></div>"
