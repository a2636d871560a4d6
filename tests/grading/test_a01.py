"""Assignment a01: its messages teach, and its case is in the book. `test_assignments` has the rest."""

import pytest


@pytest.fixture
def bench(benches):
    return benches("a01_code_shapes")


@pytest.mark.parametrize(
    ("graded", "answer", "told"),
    [
        ("normalise_dots", "tidy(text): ...", "returned nothing"),
        ("normalise_dots", "tidy(text): return text.upper()", "not written as the book prints them"),
        ("placeholder_x", "extend(stem, s): return stem", "right category, but a 7th character is missing"),
        ("placeholder_x", "extend(stem, s): return stem + '.' + s", "not stand in seventh place"),
        ("family_of_a_header", "family(code): return ['J44.0']", "4 items are missing and 0 do not belong"),
        ("billable_or_header", "status(text): return 1", "should be text (str), but is of type int"),
        ("billable_or_header", "status(text): return book[text].kind", "is 'category'"),
        ("codes_by_length", "lengths(table): return table['length']", "not the right number"),
        ("card", "card(code): return {'answers': 'why' if code in book else 'what'}", "HCPCS Level II"),
        ("undefended", "undefended(record, claim): return []", "1 items are missing and 0 do not belong"),
        ("chapter_block_category", "address(code): return book[code].chapter", "should be a dict"),
    ],
)  # fmt: skip
def test_a_failed_check_teaches(bench, graded, answer, told):
    assert bench.score(graded, f"def {answer}") == 0
    assert told in bench.message


def test_a_hidden_check_does_not_print_its_key(bench):
    # Right on all shown cases, wrong on a hidden one.
    shown = {"I10": "billable", "S52.501": "header", "R07.4": "unknown", "e1122": "billable"}
    assert bench.score("billable_or_header", lambda text: shown.get(text, "somewhere")) == 0
    assert "somewhere" in bench.message
    assert not any(word in bench.message for word in ("billable'", "header'", "unknown'"))


def test_the_case_of_question_thirteen_is_in_the_book(bench):
    book = bench.namespace["book"]
    assert not book["S52.501"].billable
    assert book["S52.501"].title == "Unspecified fracture of the lower end of right radius"
    assert book["S52.501A"].seventh["A"] == "initial encounter for closed fracture"
    assert book["S52.501D"].seventh["D"] == "subsequent encounter for closed fracture with routine healing"
    notes = " ".join(note.text for note in book.notes("S52"))
    assert "The appropriate 7th character is to be added to all codes from category S52" in notes
    assert "A fracture not indicated as open or closed should be coded to closed" in notes
    start, end = book.effective
    assert start.isoformat() == "2026-04-01"
    assert end.isoformat() == "2026-09-30"
