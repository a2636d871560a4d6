"""What the explorer sends and prints: true to the book, small, and plain data."""

import json
from pathlib import Path
from typing import Any

import pytest

from course_lib import explorer, icd10cm
from course_lib.codes.book import CodeBook, UnknownCodeError, plain
from course_lib.widgets.explorer import CodeExplorer

LIMIT = 100_000  # bytes of one message


@pytest.fixture(scope="module")
def book() -> CodeBook:
    return icd10cm.load()


def size(payload: Any) -> int:
    return len(json.dumps(payload).encode())


def test_the_tree_has_every_entry_of_the_book_once(book: CodeBook) -> None:
    """Walking down from the chapters, level by level, as a reader does; chapter 2 stands for all."""
    below, seen = ["2"], []
    while below:
        code = below.pop()
        seen.append(code)
        below += [row["code"] for row in explorer.children(book, code)["rows"] if not row["leaf"]]
        seen += [row["code"] for row in explorer.children(book, code)["rows"] if row["leaf"]]
    assert sorted(seen) == sorted(["2", *(c.code for c in book.descendants("2"))])
    assert [row["name"] for row in explorer.children(book)["rows"]][:2] == ["Chapter 1", "Chapter 2"]


def test_every_message_of_the_largest_entries_is_under_100_kb(book: CodeBook) -> None:
    """A card grows with its neighbours, children and notes; each of the three at its largest."""
    rows = "SELECT code FROM node {} LIMIT 25"
    crowded = rows.format(
        "WHERE row IN (SELECT parent FROM node GROUP BY parent ORDER BY count(*) DESC LIMIT 25)"
    )
    noted = rows.format("ORDER BY (SELECT sum(length(text)) FROM note WHERE note.row = node.row) DESC")
    titled = rows.format("ORDER BY length(title) DESC")
    for query in (crowded, noted, titled):
        for (code,) in book.connection.execute(query):
            below = book.children(code)
            for name in (code, *(c.code for c in below[:1])):
                card = {"card": explorer.card(book, name), "levels": explorer.unfold(book, name)}
                assert size(card) < LIMIT, name
            assert size(explorer.children(book, code)) < LIMIT, code
    for words in ("fracture", "initial encounter", "diabetes", "S", "neoplasm"):
        assert size(explorer.search(book, words)) < LIMIT, words


def test_a_search_goes_on_where_the_page_ended(book: CodeBook) -> None:
    first = explorer.search(book, "fracture")
    second = explorer.search(book, "fracture", start=len(first["rows"]))
    hits = book.search("fracture", limit=2 * explorer.PAGE)
    assert [row["code"] for row in first["rows"] + second["rows"]] == [hit.code for hit in hits]
    assert first["more"] and [row["why"] for row in first["rows"]] == [h.why for h in hits[: explorer.PAGE]]


def test_nothing_found_says_what_to_do(book: CodeBook) -> None:
    assert explorer.search(book, "&&&")["summary"] == (
        "Nothing found for '&&&'. Try other words, or a code such as E11."
    )
    assert explorer.search(book, "  ")["rows"] == []


def test_a_card_has_path_state_and_notes_with_their_origin(book: CodeBook) -> None:
    card = explorer.card(book, "e1122")
    assert [row["code"] for row in card["path"]] == ["4", "E08-E13", "E11", "E11.2"]
    assert card["state"] == "Billable: this code may stand on a claim."
    assert [row["code"] for row in card["neighbours"]] == ["E11.21", "E11.22", "E11.29"]
    told = [
        (group["heading"], place["code"], "".join(span[1] for span in item["spans"]))
        for group in card["notes"]
        for place in group["places"]
        for item in place["items"]
    ]
    notes = [n for n in book.notes("E11.22") if n.kind != "7th character"]
    assert sorted(told) == sorted((explorer.HEADINGS[n.kind], n.origin, n.text) for n in notes)
    assert ("Excludes1 (not coded here)", "E11", "gestational diabetes (O24.4-)") in told


def test_each_code_in_a_note_can_be_opened(book: CodeBook) -> None:
    """For all notes of the book: every reference is a span, and leads to an entry inside of it."""
    spans = {"missing": 0, "seen": 0}
    for note in book.every_note():
        links = [span for span in explorer._spans(book, note) if span[0] == "ref"]
        spans["seen"] += len(links)
        spans["missing"] += len(note.refs) - len(links)
        for link, ref in zip(links, note.refs, strict=True):
            assert ref.span[0] <= book[link[2]].last and book[link[2]].row <= ref.span[1], note
    assert spans["missing"] == 0 and spans["seen"] > 10_000


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("4", "Not billable: this is a chapter, not a code."),
        ("E08-E13", "Not billable: this is a block, not a code."),
        ("E11", "Not billable: this is a category. Choose a code below it."),
        ("E11.2", "Not billable: this is a subcategory. Choose a code below it."),
        ("S52.501", "Not billable: it needs a 7th character."),
    ],
)
def test_the_state_is_said_in_words(book: CodeBook, code: str, state: str) -> None:
    assert explorer.card(book, code)["state"] == state


def test_7th_characters_lead_to_the_codes_they_make(book: CodeBook) -> None:
    for code in ("S52.501", "T16.1", "O36.0110", "S06.1X7"):
        node = book.get(code)
        if node is None:
            continue
        for row in explorer.card(book, code)["seventh"]:
            made = book[row["code"]]
            assert plain(made.code)[6] == row["char"] and book[made.code].billable
    assert [row["code"] for row in explorer.card(book, "T16.1")["seventh"]] == [
        "T16.1XXA",
        "T16.1XXD",
        "T16.1XXS",
    ]
    assert all(row["code"] is None for row in explorer.card(book, "S52")["seventh"])
    assert explorer.card(book, "E11.22")["seventh"] == []


@pytest.mark.parametrize("code", ["4", "E08-E13", "E11", "E11.22", "S52.501", "B20", "B20-B20"])
def test_the_pandas_lines_select_the_entry_and_what_is_below_it(book: CodeBook, code: str) -> None:
    *lines, last = explorer.card(book, code)["snippet"].splitlines()
    names: dict[str, Any] = {}
    exec("\n".join(lines), names)
    found = eval(last, names)
    assert list(found["code"]) == [code, *(c.code for c in book.descendants(code))]


def test_the_text_twins_say_what_the_widget_shows(capsys: pytest.CaptureFixture[str], book: CodeBook) -> None:
    explorer.look("E11.22")
    said = capsys.readouterr().out
    assert "Use additional code, at E11:" in said and "    insulin (Z79.4)" in said and book.label in said
    explorer.find("heart atack")
    said = capsys.readouterr().out
    assert "I21.9" in said and "spelled 'atack' as attack" in said
    with pytest.raises(UnknownCodeError, match="E11"):
        explorer.look("E11.2222")


def test_a_request_is_answered_by_its_id_and_a_wrong_one_with_a_problem(book: CodeBook) -> None:
    widget = CodeExplorer(book)
    answer = widget.answer({"id": "a-1", "ask": "children", "value": "E11"})
    assert answer == {"id": "a-1", "found": explorer.children(book, "E11")}
    opened = widget.answer({"id": "a-2", "ask": "open", "value": "E11.22"})["found"]
    assert [level["code"] for level in opened["levels"]] == ["", "4", "E08-E13", "E11", "E11.2"]
    assert "is not in" in widget.answer({"id": "a-3", "ask": "open", "value": "E1X"})["problem"]
    assert "cannot" in widget.answer({"id": "a-4", "ask": "nothing"})["problem"]


def test_the_first_message_is_small_and_the_static_page_stands_alone(book: CodeBook) -> None:
    widget = CodeExplorer(book, code="E11.22", query="fracture")
    assert size(widget.start) < LIMIT
    data, _ = CodeExplorer(book, code="E11.22")._repr_mimebundle_()
    again, _ = CodeExplorer(book, code="E11.22")._repr_mimebundle_()
    assert data["text/html"] == again["text/html"]
    assert data["text/html"].count('<th scope="row">') == len(book.chapters())
    assert 'explorer.look("E11.22")' in data["text/plain"] and "gestational diabetes" in data["text/html"]


def test_the_browser_asks_nobody_else() -> None:
    folder = Path(explorer.__file__).parent / "widgets"
    for name in ("explorer.js", "explorer.css"):
        assert "http" not in (folder / name).read_text(encoding="utf-8")
