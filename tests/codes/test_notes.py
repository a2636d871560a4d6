"""Notes accumulate with their origin, and the codes named in them are read or reported."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.codes.notes import condition_pattern, read_refs


@pytest.fixture(scope="module")
def notes(book):
    return book.every_note()


def test_a_code_has_the_notes_of_all_its_ancestors_nearest_first(book):
    notes = book.notes("E11.22")
    assert [n.origin for n in notes] == sorted((n.origin for n in notes), key=["E11.22", "E11", "4"].index)
    assert (notes[0].kind, notes[0].text) == (
        "use additional code", "code to identify stage of chronic kidney disease (N18.1-N18.6)"
    )  # fmt: skip
    # The source gives E11.22 no Excludes1 of its own; E11 has eight, chapter 4 one.
    assert Counter(n.origin for n in notes if n.kind == "excludes1") == {"E11": 8, "4": 1}


def test_seventh_character_codes_have_the_notes_of_the_printed_code(book):
    assert book.notes("S06.0X0A") == book.notes("S06.0X0")
    assert {n.origin for n in book.notes("S06.0X0A")} >= {"S06.0", "S06", "S00-S09", "19"}


def test_an_item_of_a_list_keeps_the_line_that_leads_it(book):
    insulin = next(n for n in book.notes("E11") if "Z79.4" in n.text)
    assert (insulin.lead, insulin.text) == ("code to identify control using:", "insulin (Z79.4)")


def test_the_table_of_visual_impairment_is_kept(book):
    rows = [n.text for n in book.notes("H54.8") if n.lead == "Visual impairment:"]
    assert "1 | 6/18 | 6/60 | 3/10(0.3) | 1/10(0.1) | 20/70 | 20/200" in rows


def test_how_many_excludes_notes_are_fully_read(notes):
    for kind, all_of_them, share in (("excludes1", 5_407, 0.96), ("excludes2", 2_520, 0.97)):
        found = [n for n in notes if n.kind == kind]
        assert len(found) == all_of_them
        assert sum(bool(n.refs) for n in found) >= share * all_of_them
        # What is not read names no code, or says why it is not.
        assert all(n.refs or n.unread or not _names_a_dotted_code(n.text) for n in found)


def _names_a_dotted_code(text: str) -> bool:
    return any(w.strip("(),")[3:4] == "." and w.strip("(),")[1:3].isdigit() for w in text.split())


def test_unread_notes_are_listed_with_their_reason(book, notes):
    unread = {(n.origin, n.kind): n.unread for n in book.unread_notes()}
    assert [n for n in notes if n.unread] == book.unread_notes()
    excludes = {place: why for (place, kind), why in unread.items() if kind.startswith("excludes")}
    assert excludes == {
        "E87.2": "the condition 'with ketoacidosis' is not understood",
        "F06.7": "(I69.01-I69.11-, I69.21-I69.31-, I69.81- I69.91-) is not a plain list of codes",
        "R10.85": "R10.4 is not a code of this edition",
        "S51": "the condition 'with open fracture 7th character' is not understood",
    }
    assert unread["F02", "code first"] == "G31.90 is not a code of this edition"
    assert unread["G31", "use additional code"].endswith("stands after words that change its meaning")
    assert not any(n.refs for n in book.unread_notes())


def test_every_reference_covers_a_code(book, notes):
    refs = {r for n in notes for r in n.refs}
    assert len(refs) > 4_000
    for ref in refs:
        if ref.pattern is None:
            assert ref.covers(book[ref.first]) and ref.covers(book[ref.last]), ref
        else:
            low, high = book[ref.first], book[ref.last]
            below = [low, *book.descendants(low.code), high, *book.descendants(high.code)]
            assert any(ref.covers(code) for code in below), ref


@pytest.mark.parametrize(
    ("text", "covered", "spared"),
    [
        # As printed, at E11, I50, E08, C77, I31, J17, D64, F07.81, Z91.1, I79.8 and elsewhere.
        ("drug or chemical induced diabetes mellitus (E09.-)", "E09 E09.9 E09.3211", "E08 E10.9 4"),
        ("malignant neoplasm (C00-C96)", "C00.0 C4A.9 C7A.00 C96.9", "D00.00 B99.9"),
        ("malignant neoplasm (C76-C80)", "C76.0 C80.1", "C7A.00 C7B.00 C75.9 C81.00"),
        ("pancreatitis (K85-K86.-)", "K85.00 K86.9", "K87"),
        ("injury of tendon (I70.2--I70.7-)", "I70.201 I70.799", "I70.0 I70.8"),
        ("rheumatic fever with heart involvement (I01.0 -I01.9)", "I01.0 I01.9", "I00 I02.0"),
        ("hypertensive disease (O10-O11, O13-O16)", "O10.011 O11.9 O16.9", "O12.00"),
        ("code from categories E08, E09 and E13 to identify any manifestation", "E08.9 E13.9", "E10.9 E11.9"),
        ("metabolic disorders classifiable to E70-E88", "E70.0 E88.9", "E89.0"),
        ("jaw pain R68.84", "R68.84", "R68.89"),
        ("diabetes mellitus (E08-E13 with .42)", "E08.42 E13.42", "E11.4 E11.40 E11.9"),
        ("diabetic angiopathy (E08-E13 with .51-.52)", "E11.51 E11.52", "E11.59"),
        ("skin disorders in diabetes (E08-E13 with .62-)", "E11.620 E11.628", "E11.618"),
        ("dementia (F10-F19, with .17, .27, .97)", "F10.27 F19.97", "F10.26 F18.90"),
        ("mononucleosis with meningitis (B27.- with fifth character 2)", "B27.02 B27.92", "B27.01 B27.9"),
        ("sled collision (V01-V09 with 5th character 9)", "V01.09XA", "V01.00XA V01.9XXA"),
        ("adverse effect (T36-T50 with fifth or sixth character 5)", "T36.0X5A T45.515S", "T45.511A"),
        ("poisoning (T36-T65 with fifth or sixth character 1-4)", "T58.01XA T63.451A", "T36.0X5A T45.515A"),
        ("underdosing (T36-T50 with final character 6)", "T36.0X6A T38.3X6S", "T36.0X5A T46.1X1A"),
        ("current concussion (S06.0X- with seventh character A)", "S06.0X0A", "S06.0X0D S06.1X0A"),
        ("open fracture (S42.- with 7th character B or C)", "S42.201B", "S42.201A S42.201G"),
        ("aphasia (I69. with final characters -20)", "I69.020 I69.920", "I69.20 I69.320A I69.021"),
        ("hallucinations (F11-F19 with fifth to sixth characters 51)", "F11.151 F19.951", "F11.150 F10.151"),
        ("acquired absence of knee joint (Z89.52-", "Z89.521", "Z89.511"),
        ("vitamin B12 deficiency anemia (D51.-)", "D51.0", "B10.01"),
    ],
)  # fmt: skip
def test_a_reference_covers_what_it_means_and_nothing_else(book, text, covered, spared):
    reading = read_refs(text, _find(book))
    assert not reading.unread and reading.refs
    for code in covered.split():
        assert any(r.covers(book[code]) for r in reading.refs), code
    for code in spared.split():
        if code in book:
            assert not any(r.covers(book[code]) for r in reading.refs), code


@pytest.mark.parametrize(
    "text",
    [
        "tinea, any type except those in B36.-",
        "code, if applicable, for codes G31.0-G31.83, to identify:",
        "fracture (S52.- with open fracture 7th character)",
        "poisoning (T51-T65 with fifth or sixth character to indicate intent)",
        "deficits (I69.81- I69.91-)",
        "abdominal pain (R10.1-R10.4-)",
        "backwards (E13-E08)",
        "diabetes (E11.-, but never E11.9)",
        "diabetes (E11 with renal disease)",
    ],
)
def test_what_is_no_plain_list_is_unread_and_not_guessed(book, text):
    reading = read_refs(text, _find(book))
    assert reading.unread and not reading.refs


@pytest.mark.parametrize(
    "text", ["GM2 gangliosidosis", "vitamin B12 deficiency", "diabetes NOS", "see (HIV)", ""]
)
def test_words_that_name_no_code_are_neither_read_nor_unread(book, text):
    reading = read_refs(text, _find(book))
    assert not reading.unread and not reading.refs


@pytest.mark.parametrize("text", ["with", "with care", "with .4x", "with .5-.12", "without .42"])
def test_an_unknown_condition_has_no_pattern(text):
    assert condition_pattern(text) is None


PIECES = [
    "E11",
    "E11.-",
    "E08-E13",
    "B12",
    "R10.4",
    "-",
    ", ",
    " and ",
    " with ",
    ".42",
    "(",
    ")",
    "diabetes ",
]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=40))
def test_any_text_is_read_or_unread_and_never_both(book, text):
    reading = read_refs(text, _find(book))
    assert not (reading.refs and reading.unread)
    for ref in reading.refs:
        assert book[ref.first].row <= book[ref.last].row


def _find(book):
    return lambda code: (found := book.get(code)) and (found.row, found.last)
