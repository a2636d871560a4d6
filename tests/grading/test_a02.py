"""Assignment a02: its messages teach, and its keys stand on the notes of the book."""

import pytest


@pytest.fixture
def bench(benches):
    return benches("a02_find_the_diagnosis")


@pytest.mark.parametrize(
    ("graded", "answer", "told"),
    [
        ("trail", "trail(number): ...", "returned nothing"),
        ("trail", "trail(number): return ['Tripping']", "3 items are missing and 0 do not belong"),
        ("ready", "ready(printed): return printed in book", "is not right. It is True"),
        ("candidates", "candidates(printed): return ['R06.0']", "5 items are missing and 1 do not belong"),
        ("notes_that_hold", "notes_that_hold(code, kind): return {}", "should be a list, but is a dict"),
        ("unspecified", "unspecified(table): return table['length']", "not the right number"),
    ],
)
def test_a_failed_check_teaches(bench, graded, answer, told):
    assert bench.score(graded, f"def {answer}") == 0
    assert told in bench.message


def test_a_wrong_code_is_named_and_the_right_one_is_not_told(bench, capsys):
    wrong = {"A": "R04.0", "B": "J30.1", "C": "K21.9", "D": "M75.02", "E": "H61.2", "F": "T63.441"}
    assert bench.score("twelve_statements", lambda letter: {"X": "S93.401A", **wrong}[letter]) == 1
    told = capsys.readouterr().out
    assert "E H61.2 is a header" in told
    assert "right category, but other detail" in told
    assert "G None is not in the book" in told
    assert "M75.01" not in told


def test_the_keys_that_a_note_decides_stand_on_that_note(bench):
    book = bench.namespace["book"]

    def says(code, kind, words):
        return any(note.kind == kind and words in note.text for note in book.notes(code))

    assert says("T63.444A", "note", "When no intent is indicated code to accidental")
    assert says("M54.31", "excludes1", "sciatica with lumbago (M54.4-)")
    assert says("M75.01", "inclusion term", "Frozen shoulder")
    assert says("H61.23", "inclusion term", "Wax in ear")
    assert says("J30.1", "inclusion term", "Hay fever")
    assert says("J02.0", "inclusion term", "Streptococcal sore throat")
    assert says("J40", "inclusion term", "Bronchitis NOS")
    assert any(n.lead.startswith("urinary tract infection of specified site") for n in book.notes("N39.0"))
    for letter in "ABCDEFGHIJKL":
        namespace = dict(bench.namespace)
        exec(bench.solution("twelve_statements"), namespace)
        code = namespace["code_for"](letter)
        assert book[code].billable
        assert not [f for f in book.check([code], on="2026-06-15") if f.severity == "error"], code
