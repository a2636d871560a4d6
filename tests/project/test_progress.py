"""The progress file: nothing is lost, nothing is overwritten that is not ours."""

import errno
import json
import os
import subprocess
import sys
import warnings
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib import progress
from course_lib.errors import CourseError
from course_lib.notebooks.model import load
from course_lib.progress import Item, _merge

ROOT = Path(__file__).parents[2]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "progress.json"


def test_an_answer_is_there_for_the_next_reader(file: Path) -> None:
    progress.open(file).record("icd", "q1", [1], True)
    progress.open(file).record("icd", "q1", [0, 2], False)
    item = progress.open(file).get("icd", "q1")
    assert item is not None
    assert (item.answer, item.correct, item.tries) == ([0, 2], False, 2)
    assert progress.open(file).get("icd", "q2") is None
    assert progress.open(file).get("cpt", "q1") is None


def test_the_file_says_what_it_is_and_nothing_of_the_person(file: Path) -> None:
    progress.open(file).record("icd", "q1", [1], True)
    data = json.loads(file.read_text())
    assert (data["format"], data["version"]) == ("crosswalk-progress", 1)
    assert set(data) == {"format", "version", "quizzes"}
    assert set(data["quizzes"]["icd"]["q1"]) == {"answer", "correct", "at", "tries"}


def test_the_place_is_the_course_folder_or_the_one_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COURSE_PROGRESS", raising=False)
    monkeypatch.setenv("COURSE_ROOT", str(tmp_path))
    assert progress.default_path() == tmp_path / "progress.json"
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "other.json"))
    assert progress.open().path == tmp_path / "other.json"


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe\x00",
        b'{"format": "other", "version": 1, "quizzes": {}}',
        b'{"format": "crosswalk-progress", "version": 1, "quizzes": {"a": {"q": {"answer": [0]}}}}',
        b'{"format": "crosswalk-progress", "version": 1, "quizzes":'
        b' {"a": {"q": {"answer": [0], "correct": true, "at": "2026-01-01T00:00:00"}}}}',
    ],
)
def test_a_damaged_file_is_kept_aside_and_told_once(file: Path, damage: bytes) -> None:
    file.write_bytes(damage)
    told: list[str] = []
    opened = progress.open(file, tell=told.append)
    opened.record("icd", "q1", [1], True)
    (aside,) = file.parent.glob("progress.json.damaged-*")
    assert aside.read_bytes() == damage
    assert told == [f"progress.json was damaged: it is kept as {aside.name}, and a new one is begun."]
    assert progress.open(file, tell=told.append).get("icd", "q1") is not None
    assert len(told) == 1


def test_two_damaged_files_of_one_second_are_both_kept(file: Path) -> None:
    for n in range(3):
        file.write_text(f"damage {n}")
        progress.open(file, tell=lambda message: None)
    kept = sorted(aside.read_text() for aside in file.parent.glob("progress.json.damaged-*"))
    assert kept == ["damage 0", "damage 1", "damage 2"]


def test_without_a_teller_it_is_a_warning(file: Path) -> None:
    file.write_text("{")
    with pytest.warns(UserWarning, match="was damaged"):
        progress.open(file)


def test_a_newer_file_is_left_alone(file: Path) -> None:
    newer = '{"format": "crosswalk-progress", "version": 2, "reviews": []}'
    file.write_text(newer)
    told: list[str] = []
    opened = progress.open(file, tell=told.append)
    opened.record("icd", "q1", [1], True)
    assert file.read_text() == newer
    assert opened.get("icd", "q1") is not None, "the answer counts until the kernel ends"
    assert len(told) == 1
    assert "Update the course." in told[0]


def test_where_nothing_can_be_written_answers_work_and_it_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("a file in the way of the folder, which stops root as well")
    told: list[str] = []
    opened = progress.open(tmp_path / "folder" / "progress.json", tell=told.append)
    opened.record("icd", "q1", [1], True)
    opened.record("icd", "q2", [0], False)
    assert opened.get("icd", "q1") is not None
    assert opened.get("icd", "q2") is not None
    assert len(told) == 1
    assert "not saved" in told[0]


def test_a_file_that_cannot_be_read_is_not_replaced(file: Path) -> None:
    file.mkdir()
    told: list[str] = []
    progress.open(file, tell=told.append).record("icd", "q1", [1], True)
    assert file.is_dir()
    assert "cannot be read" in told[0]


WRITER = """
import sys
from course_lib import progress
opened = progress.open(sys.argv[1])
for n in range(25):
    opened.record(sys.argv[2], f"q{n}", [n], True)
    opened.record("both", f"{sys.argv[2]}-{n}", [n], True)
"""


def test_two_notebooks_at_once_lose_no_answer(file: Path) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(file), name]) for name in ("one", "two")]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        opened = progress.open(file)
    for name in ("one", "two"):
        for n in range(25):
            assert opened.get(name, f"q{n}") is not None
            assert opened.get("both", f"{name}-{n}") is not None


def test_a_file_held_too_long_is_told_and_the_answer_counts(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "LOCK_SECONDS", 0.1)
    told: list[str] = []
    opened = progress.open(file, tell=told.append)
    with progress.lock(file):
        opened.record("icd", "q1", [1], True)
    assert "another notebook has held the file" in told[0]
    opened.record("icd", "q2", [1], True)
    assert progress.open(file).get("icd", "q1") is not None, "saved with the next answer"


@pytest.mark.skipif(sys.platform == "win32", reason="flock is POSIX")
def test_a_file_system_without_locks_still_saves(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    def no_locks(*args: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", no_locks)
    progress.open(file).record("icd", "q1", [1], True)
    assert progress.open(file).get("icd", "q1") is not None


def test_export_and_import_carry_answers_and_the_newest_wins(file: Path, tmp_path: Path) -> None:
    here, there = progress.open(file), progress.open(tmp_path / "binder.json")
    here.record("icd", "old", [0], False)
    there.record("icd", "old", [1], True)
    there.record("icd", "only-there", [2], True)
    here.record("icd", "newest-here", [1], True)
    there_file = there.export_to(tmp_path / "carried.json")
    assert progress.open(file).import_from(there_file) == 2
    merged = progress.open(file)
    assert {name: merged.get("icd", name).answer for name in ("old", "only-there", "newest-here")} == {  # type: ignore[union-attr]
        "old": [1],
        "only-there": [2],
        "newest-here": [1],
    }
    assert progress.open(file).import_from(there_file) == 0


@pytest.mark.parametrize("content", [None, "no JSON", '{"format": "crosswalk-progress", "version": 9}'])
def test_a_file_that_cannot_be_imported_changes_nothing(
    file: Path, tmp_path: Path, content: str | None
) -> None:
    progress.open(file).record("icd", "q1", [1], True)
    before = file.read_text()
    source = tmp_path / "other.json"
    if content is not None:
        source.write_text(content)
    with pytest.raises(CourseError, match=r"other\.json"):
        progress.open(file).import_from(source)
    assert file.read_text() == before
    assert content is None or source.read_text() == content


def test_answers_are_carried_to_another_machine_and_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    binder, home = tmp_path / "binder" / "progress.json", tmp_path / "home" / "progress.json"
    binder.parent.mkdir(), home.parent.mkdir()
    progress.open(binder).record("icd", "there", [1], True)
    progress.open(home).record("icd", "here", [2], True)

    monkeypatch.setenv("COURSE_PROGRESS", str(binder))
    assert progress.carry() == "Answers taken from my_progress.json: 0. Answers written to it: 1."
    downloaded = binder.with_name("my_progress.json").read_bytes()

    monkeypatch.setenv("COURSE_PROGRESS", str(home))
    home.with_name("my_progress.json").write_bytes(downloaded)
    # A page that is run twice must not write over what was uploaded.
    assert progress.carry() == "Answers taken from my_progress.json: 1. Answers written to it: 2."
    assert progress.carry() == "Answers taken from my_progress.json: 0. Answers written to it: 2."
    assert progress.open().get("icd", "there") and progress.open().get("icd", "here")


def test_a_damaged_upload_is_told_and_left_alone(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_PROGRESS", str(file))
    upload = file.with_name("my_progress.json")
    upload.write_text("half of a fi")
    with pytest.raises(CourseError, match=r"my_progress\.json"):
        progress.carry()
    assert upload.read_text() == "half of a fi"


def test_the_reminder_shows_on_binder_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in os.environ if name.startswith("BINDER_")]:
        monkeypatch.delenv(name)
    progress.remind()
    assert capsys.readouterr().out == ""
    monkeypatch.setenv("BINDER_LAUNCH_HOST", "https://binder.example/")
    progress.remind()
    assert "save your answers" in capsys.readouterr().out


def test_the_start_page_carries_answers_and_reminds_as_the_guide_says() -> None:
    page = load(ROOT / "notebooks" / "00_start_here.ipynb")
    code = "\n".join(cell.source for cell in page.code)
    assert "progress.carry()" in code and "progress.remind()" in code
    assert "Take your answers along" in "\n".join(cell.source for cell in page.prose)


def test_a_clock_set_back_does_not_undo_a_new_answer(file: Path) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    opened = progress.open(file)
    opened.record("icd", "q1", [0], False)
    data = json.loads(file.read_text())
    data["quizzes"]["icd"]["q1"]["at"] = tomorrow.isoformat()
    file.write_text(json.dumps(data))
    progress.open(file).record("icd", "q1", [1], True)
    opened.record("icd", "q2", [1], True)
    item = progress.open(file).get("icd", "q1")
    assert item is not None
    assert item.correct
    assert item.at > tomorrow


items = st.builds(
    Item,
    answer=st.lists(st.integers(0, 3), max_size=2),
    correct=st.booleans(),
    at=st.datetimes(timezones=st.just(UTC), min_value=datetime(2026, 1, 1), max_value=datetime(2026, 1, 2)),
    tries=st.integers(1, 3),
)
stores = st.dictionaries(st.sampled_from("ab"), st.dictionaries(st.sampled_from("xyz"), items))


def copied(store: dict[str, dict[str, Item]]) -> dict[str, dict[str, Item]]:
    return {quiz: dict(answers) for quiz, answers in store.items()}


@given(stores, stores)
def test_merging_is_the_same_from_both_sides(
    one: dict[str, dict[str, Item]], two: dict[str, dict[str, Item]]
) -> None:
    mine, theirs = copied(one), copied(two)
    _merge(mine, two)
    _merge(theirs, one)
    assert {k: v for k, v in mine.items() if v} == {k: v for k, v in theirs.items() if v}
    assert _merge(mine, two) == 0, "a second import takes nothing"


def test_summary_has_a_row_a_quiz(file: Path) -> None:
    opened = progress.open(file)
    assert opened.summary().empty
    opened.record("icd", "q1", [0], False)
    opened.record("icd", "q1", [1], True)
    opened.record("icd", "q2", [1], False)
    opened.record("cpt", "q1", [1], True)
    table = opened.summary()
    assert list(table["quiz"]) == ["cpt", "icd"]
    assert list(table["answered"]) == [1, 2]
    assert list(table["right"]) == [1, 1]
    assert list(table["tries"]) == [1, 3]
