"""Adding an edition from official files, and what it says has changed."""

import shutil
import zipfile
from datetime import date

import pytest

from course_lib import icd10cm
from course_lib.codes import update
from course_lib.codes.editions import release_of
from course_lib.errors import CourseError
from course_lib.files import cache_dir, data_dir

NEW_DIABETES = [
    ("E10", "Type 1 diabetes mellitus", "", [("E10.9", "without any complication", "", [])]),
    ("E11", "Type 2 diabetes mellitus", "", [
        ("E11.2", "with kidney complications", "", [("E11.22", "with chronic kidney disease", "", [])]),
        ("E11.9", "without complications", "", [
            ("E11.90", "unspecified", "", []), ("E11.91", "in remission", "", []),
        ]),
    ]),
]  # fmt: skip
CHANGES = [
    ("added", "E11.90", "unspecified", ""),
    ("added", "E11.91", "in remission", ""),
    ("deleted", "E11.9", "without complications", "now divided into 2 codes"),
    ("retitled", "E10.9", "without any complication", "was: without complications"),
]


@pytest.fixture
def new_xml(tmp_path, tabular_xml):
    path = tmp_path / "icd10cm-tabular-2027.xml"
    path.write_text(tabular_xml(diabetes=NEW_DIABETES, version="2027"), encoding="utf-8")
    return path


@pytest.fixture
def new_order(tmp_path, new_xml, small_source, order_file):
    """The order file of the new release; the release itself is taken away again."""
    icd10cm.update(new_xml)
    path = tmp_path / "icd10cm-order-2027.txt"
    path.write_text(order_file(icd10cm.load("2026-10-01")))
    shutil.rmtree(data_dir())
    shutil.rmtree(cache_dir())
    return path


def pack(path, **members):
    with zipfile.ZipFile(path, "w") as out:
        for name, text in members.items():
            out.writestr(name, text)
    return path


def told(done):
    return [(c.kind, c.code, c.title, c.note) for c in done.changes]


def test_a_tabular_xml_adds_an_edition_and_says_what_changed(small_source, new_xml):
    done = icd10cm.update(new_xml)
    assert (done.edition.id, done.edition.release) == ("2026-10-01", "FY2027, October 2026 release")
    assert done.before.id == "2026-04-01"
    assert told(done) == CHANGES
    book = icd10cm.load()
    assert book.edition == "2026-10-01" and book["E11.91"].billable and not book["E11.9"].billable
    assert book.effective == (date(2026, 10, 1), date(2027, 9, 30))
    assert icd10cm.load("2026-04-01")["E11.9"].billable


def test_it_survives_the_loss_of_the_file_and_of_the_cache(small_source, new_xml):
    icd10cm.update(new_xml)
    new_xml.unlink()
    shutil.rmtree(cache_dir())
    assert icd10cm.load()["E11.91"].title == "in remission"


def test_a_zip_with_both_files_uses_the_order_file_for_validity(tmp_path, new_order, new_xml):
    text = new_xml.read_text()
    done = icd10cm.update(
        pack(tmp_path / "release.zip", **{
            "2027/icd10cm-tabular-2027.xml": text,
            "2027/icd10cm-order-2027.txt": new_order.read_text(),
            "2027/icd10cm-order-addenda-2027.txt": "not for us",
            "2027/icd10cm-index-2027.xml": "<ICD10CM.index/>",
        })
    )  # fmt: skip
    assert told(done) == CHANGES
    assert icd10cm.load().has_notes


def test_an_order_file_alone_gives_codes_and_says_that_it_has_no_notes(new_order):
    done = icd10cm.update(new_order)
    assert told(done) == CHANGES
    assert icd10cm.load().edition == "2026-04-01", "an edition without notes is not taken unasked"
    book = icd10cm.load("2026-10-01")
    assert not book.has_notes and "no notes" in repr(book) and book.every_note() == []
    assert book["E11.91"].ancestors == ("E11.9", "E11", "E08-E13", "4")
    assert book["S01.0XXA"].parent == "S01.0" and book["S01.0XXA"].billable


def test_an_order_file_that_contradicts_its_tabular_xml_is_refused(tmp_path, new_order, new_xml):
    lines = new_order.read_text().splitlines(keepends=True)
    path = pack(tmp_path / "release.zip", **{
        "icd10cm-tabular-2027.xml": new_xml.read_text(),
        "icd10cm-order-2027.txt": "".join(line for line in lines if "E1191" not in line),
    })  # fmt: skip
    with pytest.raises(CourseError, match="disagree about 1 codes, first E1191"):
        icd10cm.update(path)
    assert [e.id for e in icd10cm.editions()] == ["2026-04-01"]


def test_a_later_release_ends_the_one_before(small_source, tmp_path, tabular_xml):
    october = tmp_path / "icd10cm-tabular-2026.xml"
    october.write_text(tabular_xml())
    done = icd10cm.update(october)
    assert done.before is None and done.changes == []
    ends = {e.id: e.end for e in icd10cm.editions()}
    assert ends == {"2025-10-01": date(2026, 3, 31), "2026-04-01": date(2026, 9, 30)}
    assert icd10cm.load("2025-10-01").effective[1] == date(2026, 3, 31)


def test_adding_it_twice_replaces_it(small_source, new_xml, tabular_xml):
    icd10cm.update(new_xml)
    new_xml.write_text(tabular_xml(version="2027"))
    assert told(icd10cm.update(new_xml)) == []
    assert icd10cm.load()["E11.9"].billable


def test_accents_and_punctuation_of_an_ascii_file_are_no_new_title(small_source, tmp_path, tabular_xml):
    small_source.write_text(tabular_xml(diabetes=[("E10", "Ménière's (disease)", "", [])]), encoding="utf-8")
    new = tmp_path / "icd10cm-tabular-2027.xml"
    new.write_text(tabular_xml(diabetes=[("E10", "Menieres disease", "", [])], version="2027"))
    assert icd10cm.update(new).changes == []


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("icd10c-tabular-April-1-2026.xml", date(2026, 4, 1), date(2026, 9, 30)),
        ("icd10cm_tabular_2027.xml", date(2026, 10, 1), date(2027, 9, 30)),
        ("icd10cm-order-April-2025.txt", date(2025, 4, 1), date(2025, 9, 30)),
        ("icd10cm-order-2026.txt", date(2025, 10, 1), date(2026, 9, 30)),
        ("october_2026_release.zip", date(2026, 10, 1), date(2027, 9, 30)),
    ],
)
def test_the_name_of_a_file_tells_the_release(name, first, last):
    assert release_of(name)[:2] == (first, last)


def test_a_name_without_a_year_asks_for_the_first_day(small_source, new_xml):
    path = new_xml.rename(new_xml.with_name("tabular.xml"))
    with pytest.raises(CourseError, match="--from"):
        icd10cm.update(path)
    assert icd10cm.update(path, start=date(2026, 10, 1)).edition.id == "2026-10-01"


def test_a_version_that_contradicts_the_name_is_refused(small_source, tmp_path, tabular_xml):
    path = tmp_path / "icd10cm-tabular-2028.xml"
    path.write_text(tabular_xml(version="2027"))
    with pytest.raises(CourseError, match="says that it is of 2027"):
        icd10cm.update(path)


def broken_zip(tmp_path):
    path = pack(tmp_path / "a-2027.zip", **{"icd10cm-tabular-2027.xml": "x" * 5000})
    raw = bytearray(path.read_bytes())
    raw[60:200] = b"\0" * 140
    path.write_bytes(raw)
    return path


def cut_zip(tmp_path):
    return pack(tmp_path / "f-2027.zip", **{"x/icd10cm-tabular-2027.xml": "<ICD10CM.tabular>\n<chapter>"})


def huge_zip(tmp_path):
    path = tmp_path / "b-2027.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out, out.open("tabular-2027.xml", "w") as member:
        for _ in range(3):
            member.write(b" " * (update.LIMIT // 2))
    return path


def wrong_line(tmp_path):
    path = tmp_path / "icd10cm-order-2027.txt"
    path.write_text(f"00001 E10     0 {'Diabetes':<60} Diabetes\nE11 is a header\n")
    return path


def cut_xml(tmp_path):
    path = tmp_path / "icd10cm-tabular-2027.xml"
    path.write_text("<ICD10CM.tabular>\n<version>2027</version>\n<chapter>\n")
    return path


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda d: d / "none.zip", "there is no such file"),
        (lambda d: pack(d / "c-2027.zip", **{"readme.txt": "hello"}), "no Tabular List and no order file"),
        (lambda d: pack(d / "d-2027.zip", **{"a/tabular-a.xml": "", "b/tabular-b.xml": ""}), "several files"),
        (broken_zip, "the zip cannot be read"),
        (huge_zip, "holds more than 100 MB"),
        (cut_zip, r"f-2027.zip/icd10cm-tabular-2027.xml:2: .*cut short"),
        (wrong_line, "icd10cm-order-2027.txt:2: this is no line"),
        (cut_xml, r"icd10cm-tabular-2027.xml:4: .*cut short"),
    ],
)
def test_what_is_no_release_is_refused_and_leaves_nothing(small_source, tmp_path, make, message):
    with pytest.raises(CourseError, match=message):
        icd10cm.update(make(tmp_path))
    assert [e.id for e in icd10cm.editions()] == ["2026-04-01"]
    assert not list(data_dir().rglob("*.*"))


def test_a_member_cannot_write_outside(small_source, tmp_path, new_xml):
    path = pack(tmp_path / "e-2027.zip", **{"../../../tabular-2027.xml": new_xml.read_text()})
    before = {*tmp_path.rglob("*"), *tmp_path.parent.glob("*")}
    icd10cm.update(path)
    homes = {cache_dir(), data_dir()}
    for file in {*tmp_path.rglob("*"), *tmp_path.parent.glob("*")} - before:
        assert file in homes or homes & set(file.parents)


def test_a_data_folder_that_cannot_be_written_says_so(small_source, new_xml, tmp_path):
    data_dir().write_text("in the way")
    with pytest.raises(CourseError, match="COURSE_DATA_DIR"):
        icd10cm.update(new_xml)


def test_a_cache_folder_that_cannot_be_written_is_not_blamed_on_the_release(small_source, new_xml):
    cache_dir().write_text("in the way")
    with pytest.raises(CourseError, match="COURSE_CACHE_DIR") as why:
        icd10cm.update(new_xml)
    assert why.value.path == cache_dir() / "codes"


def test_a_damaged_record_names_the_folder_to_delete(small_source, new_xml):
    icd10cm.update(new_xml)
    record = data_dir() / "icd10cm" / "2026-10-01" / "edition.json"
    record.write_text("{")
    with pytest.raises(CourseError, match="Delete the folder"):
        icd10cm.load()


def test_the_real_edition_against_itself_from_its_own_order_file(book, order_file, own_cache, tmp_path):
    """98,186 lines: every code, header and 7th character finds its place again."""
    own_cache.parent.mkdir(parents=True)
    shutil.copy(book.path, own_cache)  # one build of the whole book is enough
    path = tmp_path / "icd10cm-order-2027.txt"
    path.write_text(order_file(book), encoding="utf-8")
    done = icd10cm.update(path)
    assert done.changes == []
    ours, theirs = icd10cm.load(done.edition.id), book
    assert set(ours) == set(theirs)
    assert {c: ours[c].parent for c in ours} == {c: theirs[c].parent for c in theirs}
