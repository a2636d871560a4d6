"""Looking up, walking and reading the code book."""

import pickle
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from multiprocessing import get_context

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib import icd10cm
from course_lib.codes.book import UnknownCodeError
from course_lib.errors import CourseError


@pytest.fixture(scope="module")
def all_codes(book):
    return list(book)


def test_a_code_knows_its_place(book):
    code = book["E11.22"]
    assert code.title == "Type 2 diabetes mellitus with diabetic chronic kidney disease"
    assert (code.kind, code.billable, code.level) == ("code", True, 4)
    assert (code.chapter, code.block, code.category, code.parent) == ("4", "E08-E13", "E11", "E11.2")
    assert code.ancestors == ("E11.2", "E11", "E08-E13", "4")
    assert code.children == ()
    assert book["E11.2"].children == ("E11.21", "E11.22", "E11.29")


@given(st.data())
@settings(max_examples=60)
def test_a_code_is_found_without_its_dot_in_any_case_and_with_spaces_round_it(book, all_codes, data):
    code = data.draw(st.sampled_from(all_codes))
    spelled = data.draw(st.sampled_from([str, str.lower, lambda c: c.replace(".", ""), lambda c: f" {c}\n"]))
    assert spelled(code) in book
    assert book[spelled(code)] == book.get(spelled(code)) == book[code]
    assert book[code].code == code


@given(st.data())
@settings(max_examples=60)
def test_the_tree_holds_together(book, all_codes, data):
    code = book[data.draw(st.sampled_from(all_codes))]
    below = book.descendants(code.code)
    children = book.children(code.code)
    assert sum(1 + len(book.descendants(c.code)) for c in children) == len(below)
    assert all(c.parent == code.code and c.level == code.level + 1 for c in children)
    assert all(code.code in c.ancestors for c in below[:20])
    assert [b.code for b in [code, *below] if b.billable] == [c.code for c in book.leaves(code.code)]
    assert code.billable == (not below and code.level > 1)
    assert code.ancestors[-1:] == ((code.chapter,) if code.level else ())


def test_letters_stand_in_position_2_and_3(book):
    assert book["QA0"].kind == "category" and book["qa00101"].category == "QA0"
    assert book["C7A"].category == "C7A"
    assert book["Z3A.20"].billable


def test_a_name_that_a_block_and_a_category_share_is_the_category(book):
    for name in ("B20", "Z66", "C50"):
        category = book[name]
        assert category.kind == "category"
        assert category.parent == category.block == f"{name}-{name}"
        assert book[f"{name}-{name}"].kind == "block"
        assert book[f"{name}-{name}"].children == (name,)


def test_kinds_follow_the_guidelines(book):
    # Guideline I.A.2: a code that takes a 7th character is still a code, and invalid without it.
    assert (book["S52.501"].kind, book["S52.501"].billable) == ("code", False)
    assert (book["S52.501A"].kind, book["S52.501A"].billable) == ("code", True)
    assert (book["I10"].kind, book["I10"].billable) == ("category", True)
    assert (book["S52.5"].kind, book["S52.5"].billable) == ("subcategory", False)
    assert (book["4"].kind, book["E08-E13"].kind) == ("chapter", "block")


def test_seventh_characters_are_inherited_and_only_those_that_exist(book):
    initial = {"A": "initial encounter", "D": "subsequent encounter", "S": "sequela"}
    assert book["S06"].seventh == book["S06.1X6"].seventh == book["S06.1X6A"].seventh == initial
    assert book["S06.1X7"].seventh == {"A": "initial encounter"}
    assert book["O33.3XX2"].seventh["2"] == "fetus 2"
    assert book["E11.22"].seventh == {} == book["S00-S09"].seventh
    assert book["T07"].children == ("T07.XXXA", "T07.XXXD", "T07.XXXS")
    assert book["T07.XXXA"].title == "Unspecified multiple injuries, initial encounter"


@pytest.mark.parametrize(
    ("wrong", "near"),
    [
        ("E1l.9", "E11.9"),  # a small L for a one
        ("I1O", "I10"),  # the letter O for a zero
        ("T782A", "T78.2XXA"),  # the placeholder left out
        ("E11.225", "E11.22"),  # one character too many
        ("M54.5X", "M54.5"),  # deleted as a code in October 2021
        ("E1.122", "E11.22"),  # the dot in the wrong place
        ("A0O9", "A00.9"),
    ],
)
def test_a_wrong_code_names_what_was_meant(book, wrong, near):
    assert wrong not in book and book.get(wrong) is None
    with pytest.raises(UnknownCodeError) as why:
        book[wrong]
    assert isinstance(why.value, KeyError) and isinstance(why.value, CourseError)
    assert near in why.value.remedy.removeprefix("Did you mean ").removesuffix("?").split(", ")
    assert "FY2026, April 2026 release" in str(why.value)


def test_a_code_of_the_next_edition_says_when_it_begins(book):
    with pytest.raises(UnknownCodeError, match="It is new on 2026-10-01, after this edition"):
        book["M67.A01"]


@pytest.mark.parametrize("nothing", ["", " ", ".", "XYZ", "E", "💉", "'; DROP TABLE node; --", "E11.22" * 50])
def test_nonsense_is_not_found(book, nothing):
    assert nothing not in book and book.get(nothing) is None
    with pytest.raises(KeyError):
        book[nothing]
    assert "E11.22" in book


def test_what_is_no_text_is_not_in_the_book(book):
    assert 4 not in book and None not in book and float("nan") not in book
    assert book.get(None) is None


def test_chapters_and_blocks(book):
    assert [c.code for c in book.chapters()] == [str(n) for n in range(1, 23)]
    assert [b.code for b in book.blocks("4")][:2] == ["E00-E07", "E08-E13"]
    assert sum(len(book.blocks(c.code)) for c in book.chapters()) == len(book.blocks()) == 297


def test_the_frame_has_a_row_a_node(book):
    frame = book.to_frame()
    assert len(frame) == len(book) and frame["code"].is_unique
    assert frame["billable"].dtype == bool and frame["billable"].sum() == 74_719
    assert frame.attrs["edition"] == "2026-04-01"
    row = frame.set_index("code").loc["T07.XXXA"]
    assert (row.kind, row.chapter, row.block, row.category, row.parent) == (
        "code",
        "19",
        "T07-T07",
        "T07",
        "T07",
    )
    assert (row.level, row.length) == (3, 7)


def test_a_changed_frame_changes_no_other(book):
    frame = book.to_frame()
    frame.loc[0, "code"] = "changed"
    frame["billable"] = False
    frame.attrs["edition"] = "mine"
    again = book.to_frame()
    assert again.loc[0, "code"] != "changed"
    assert again["billable"].any()
    assert again.attrs["edition"] == book.edition
    assert set(frame.loc[frame["level"] < 2, "length"]) == {0}


def test_everything_shown_names_the_edition(book):
    assert "2026-04-01 to 2026-09-30" in repr(book) and "April 2026" in repr(book)
    assert "edition='2026-04-01'" in repr(book["E11.22"])
    assert book.effective == (date(2026, 4, 1), date(2026, 9, 30))


def test_stale_on_asks_for_the_date_of_service(book):
    assert not book.stale_on("2026-04-01") and not book.stale_on(date(2026, 9, 30))
    assert book.stale_on("2026-10-01") and book.stale_on("2026-03-31")


def test_an_edition_that_is_not_here_lists_those_that_are():
    with pytest.raises(CourseError, match=r"no edition '2030-10-01'.*2026-04-01"):
        icd10cm.load("2030-10-01")


def test_it_serves_threads_and_other_processes(book):
    start = threading.Barrier(8)

    def look_up(n: int) -> list[str]:
        start.wait()
        return [book.notes(code)[0].origin for code in ["E11.22", "J44.1", "S06.0X0A"] * 20]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(look_up, range(8)))
    assert all(a == answers[0] for a in answers)
    with get_context("fork").Pool(2) as pool:
        assert pool.map(book.get, ["E11.22", "I10"]) == [book["E11.22"], book["I10"]]


def test_a_wrong_query_does_not_rebuild_the_book(book):
    built = book.path.stat().st_ino
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        book._rows("SELECT * FROM nowhere")
    assert book.path.stat().st_ino == built


def test_it_can_be_pickled(book):
    assert pickle.loads(pickle.dumps(book))["I10"] == book["I10"]
