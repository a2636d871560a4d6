"""The SQLite file of an edition: what is in it, and that it is never half or wrong."""

import os
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from course_lib import icd10cm
from course_lib.codes import editions, listing, tabular, tree
from course_lib.errors import CourseError

LOOK_UP = "from course_lib import icd10cm; print(icd10cm.load()['E11.22'].title)"
TITLE = "Type 2 diabetes mellitus with diabetic chronic kidney disease"


def source_list(name: str) -> list[str]:
    [folder] = {e.tabular.parent for e in editions.packaged()}
    return (folder / name).read_text(encoding="utf-8").split()


def test_it_has_every_node_of_the_source_and_the_official_number_of_billable_codes(book):
    # CMS: 74,719 codes in the April 2026 release.
    nodes = [book[code] for code in book]
    assert len(book) == len(nodes) == 98_505
    assert sum(n.billable for n in nodes) == len(list(book.billable())) == 74_719
    kinds = Counter(n.kind for n in nodes)
    assert (kinds["chapter"], kinds["block"], kinds["category"]) == (22, 297, 1_918)
    lengths = Counter(len(n.code.replace(".", "")) for n in nodes if n.billable)
    assert lengths == {3: 214, 4: 5_398, 5: 7_143, 6: 10_479, 7: 51_485}


def test_names_are_those_of_the_source_with_39_blocks_told_from_their_category(book):
    theirs = source_list("code-list-April-2026.txt")
    assert len(theirs) == 98_505 and len(set(theirs)) == 98_466
    ours = [code.replace(".", "") for code in book]
    assert len(set(ours)) == len(ours)
    twice = [code for code in ours if code[:3] == code[4:] and "-" in code]
    assert len(twice) == 39
    assert Counter(theirs) == Counter(code[:3] if code in twice else code for code in ours)


def test_umbrella_blocks_are_not_billable(book):
    umbrellas = [b.code for b in book.blocks() if not b.children]
    assert len(umbrellas) == 12 and "C00-C96" in umbrellas
    assert not any(book[code].billable for code in umbrellas)


def test_notes_alone_give_the_same_codes_as_the_list_of_codes():
    # S06 is why: "7th characters D and S do not apply ... with 6th character 7 ... or 8".
    [edition] = editions.packaged()
    entries = tabular.read(edition.tabular).entries
    alone = [n.code for n in tree.grow(entries, None)]
    assert alone == [n.code for n in tree.grow(entries, listing.read(edition.codes))]
    assert "S06.1X7D" not in alone and "S06.1X6D" in alone


def test_a_list_of_another_release_is_refused(book):
    [edition] = editions.packaged()
    entries = tabular.read(edition.tabular).entries
    listed = [c for c in listing.read(edition.codes) if c.plain != "A000"]
    with pytest.raises(CourseError, match="disagree about 1 codes, first A000"):
        tree.grow(entries, listed)


def test_no_title_or_note_has_a_tab_or_a_line_end(book):
    texts = [t for (t,) in book.connection.execute("SELECT title FROM node UNION ALL SELECT text FROM note")]
    assert not [t for t in texts if t != " ".join(t.split()) or "/\t" in t]
    assert book["S52.501B"].title.endswith("initial encounter for open fracture type I or II")


def test_a_look_up_imports_neither_the_source_package_nor_pandas_rich_or_a_parser(own_cache):
    # In a cache of its own: another checkout's book has other times, so it is proved by its hash.
    icd10cm.load()
    heavy = ["simple_icd_10_cm", "pandas", "rich", "xml.etree.ElementTree", "pyexpat", "hashlib"]
    probe = f"{LOOK_UP}; import sys; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [TITLE, "[]"]


def test_two_processes_that_build_at_once_both_get_the_book(own_cache, small_source, tmp_path):
    # Each tells that it builds, and goes on only when the other one builds too.
    script = """
import pathlib, sys, time
from course_lib import icd10cm
mine, other = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
def meet(*step):
    mine.touch()
    for _ in range(6000):
        if other.exists():
            return
        time.sleep(0.01)
    sys.exit("the other one never came")
print(icd10cm.load(progress=meet)["E11.22"].title)
"""
    env = os.environ | {"PYTHONPATH": str(small_source.parents[2])}
    names = [str(tmp_path / "first"), str(tmp_path / "second")]
    started = [
        subprocess.Popen([sys.executable, "-c", script, *pair], stdout=subprocess.PIPE, text=True, env=env)
        for pair in (names, names[::-1])
    ]
    assert [p.communicate()[0].strip() for p in started] == ["with chronic kidney disease"] * 2
    assert [f.name for f in own_cache.parent.iterdir()] == [own_cache.name]
    assert icd10cm.load()["E11.22"].title == "with chronic kidney disease"


def test_a_killed_build_leaves_no_book_and_the_next_one_works(own_cache, small_source):
    script = "from course_lib import icd10cm; import os; icd10cm.load(progress=lambda *a: os._exit(9))"
    env = os.environ | {"PYTHONPATH": str(small_source.parents[2])}
    assert subprocess.run([sys.executable, "-c", script], env=env).returncode == 9
    assert not own_cache.exists()
    assert icd10cm.load()["E11.22"].billable


@pytest.mark.parametrize("damage", ["cut short", "not a database", "empty", "another version", "no tables"])
def test_a_damaged_file_is_built_anew(own_cache, small_source, damage):
    before = list(icd10cm.load())
    whole = own_cache.read_bytes()
    if damage == "cut short":
        own_cache.write_bytes(whole[: len(whole) // 2])
    elif damage == "not a database":
        own_cache.write_bytes(b"x" * len(whole))
    elif damage == "empty":
        own_cache.write_bytes(b"")
    elif damage == "another version":
        own_cache.write_bytes(whole[:60] + (editions.SCHEMA + 1).to_bytes(4, "big") + whole[64:])
    else:
        own_cache.unlink()
        conn = sqlite3.connect(own_cache)
        conn.execute(f"PRAGMA user_version = {editions.SCHEMA}")
        conn.close()
    assert list(icd10cm.load()) == before
    assert own_cache.stat().st_size == len(whole)


def test_damage_found_by_a_query_is_mended_in_the_open_book(own_cache, small_source):
    icd10cm.load()
    whole = own_cache.read_bytes()
    own_cache.write_bytes(whole[:8192] + b"\xff" * (len(whole) - 8192))
    book = icd10cm.load()
    assert book["E11.22"].title == "with chronic kidney disease"
    assert [n.text for n in book.notes("E11.22")] == ["type 1 diabetes mellitus (E10.-)"]


def test_a_changed_source_is_built_anew_and_an_unchanged_one_is_not(own_cache, small_source):
    icd10cm.load()
    built = own_cache.stat().st_ino
    os.utime(small_source, ns=(1, 1))  # another time, the same content
    icd10cm.load()
    assert own_cache.stat().st_ino == built
    small_source.write_text(small_source.read_text().replace("without complications", "uncomplicated"))
    assert icd10cm.load()["E11.9"].title == "uncomplicated"


def test_a_newer_course_builds_anew(own_cache, small_source, tmp_path, monkeypatch):
    makers = tmp_path / "makers"
    makers.mkdir()
    for name in editions._MAKERS:
        (makers / name).write_text("# one version\n")
    monkeypatch.setattr(editions, "__file__", str(makers / "editions.py"))
    icd10cm.load()
    built = own_cache.stat().st_ino
    assert icd10cm.load() and own_cache.stat().st_ino == built
    (makers / "search.py").write_text("# another version\n")
    assert icd10cm.load() and own_cache.stat().st_ino != built


def test_a_source_cut_short_names_its_line_and_keeps_the_old_book(own_cache, small_source):
    icd10cm.load()
    old = own_cache.read_bytes()
    text = small_source.read_text()
    cut = text[: text.index("<name>E11.9")]
    small_source.write_text(cut)
    with pytest.raises(CourseError, match="damaged or cut short") as why:
        icd10cm.load()
    assert why.value.path == small_source and why.value.line == len(cut.splitlines()) + cut.endswith("\n")
    assert "reinstall" in why.value.remedy
    assert own_cache.read_bytes() == old


def test_a_missing_source_says_how_to_get_it(own_cache, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    with pytest.raises(CourseError, match="pip install simple-icd-10-cm"):
        icd10cm.load()


def test_a_cache_folder_that_cannot_be_written_says_so(small_source, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path / "file"))
    with pytest.raises(CourseError, match=r"cannot be kept here.*COURSE_CACHE_DIR") as why:
        icd10cm.load()
    assert why.value.path == tmp_path / "file" / "codes"


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_file_that_declares_entities_is_refused(tmp_path, tabular_xml, encoding):
    text = tabular_xml().replace("utf-8", encoding).replace("<ICD10CM.tabular>", BOMB + "<ICD10CM.tabular>")
    (tmp_path / "bomb.xml").write_text(text, encoding=encoding)
    with pytest.raises(CourseError, match="declares a document type"):
        tabular.read(tmp_path / "bomb.xml")


@pytest.mark.parametrize(
    ("swap", "message"),
    [
        (("ICD10CM.tabular", "ICD10CM.index"), "not an ICD-10-CM Tabular List"),
        (("<name>E11.9</name>", "<name></name>"), "has no name"),
        (("<desc>Open wound of scalp</desc>", ""), "has no title"),
        (("<name>E11.9</name>", "<name>../../x</name>"), "has not the shape"),
    ],
)
def test_a_file_of_another_kind_or_with_a_gap_is_refused_with_its_line(tmp_path, tabular_xml, swap, message):
    (tmp_path / "wrong.xml").write_text(tabular_xml().replace(*swap))
    with pytest.raises(CourseError, match=message) as why:
        tabular.read(tmp_path / "wrong.xml")
    assert why.value.line


def test_progress_is_told_from_nothing_to_all(own_cache, small_source):
    told: list[tuple[str, int, int]] = []
    icd10cm.load(progress=lambda *step: told.append(step))
    assert all(0 <= done <= total for _, done, total in told)
    assert told[-1][1] == told[-1][2]
    told.clear()
    icd10cm.load(progress=lambda *step: told.append(step))
    assert told == []


def test_the_file_is_opened_for_reading_only(book):
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        book.connection.execute("DELETE FROM node")
    assert Path(book.path).stat().st_mode & 0o777 == 0o644
