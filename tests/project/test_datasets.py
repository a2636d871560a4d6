"""Reading data files: codes stay text, and a slip in a YAML names its file and line."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from course_lib import datasets
from course_lib.errors import CourseError
from course_lib.files import atomic_write


@dataclass
class Part:
    code: str
    minutes: int = 0


@dataclass
class Visit:
    id: str
    parts: list[Part] = field(default_factory=list)
    note: Part | None = None
    seen: str = ""


def load(tmp_path: Path, text: str) -> Visit:
    file = tmp_path / "visit.yaml"
    file.write_text(text)
    return datasets.load_yaml(file, Visit)


def test_a_good_file_becomes_dataclasses(tmp_path: Path) -> None:
    visit = load(tmp_path, "id: v1\nparts:\n  - {code: E11.9, minutes: 20}\nseen: 2026-03-02\n")
    assert visit == Visit("v1", [Part("E11.9", 20)], None, "2026-03-02")


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("id: v1\nparts:\n  - code: E11.9\n    minuts: 3\n", 4, "minuts"),
        ("id: v1\nnote:\n  code: E11.9\n  why: x\n", 4, "why"),
        ("id: v1\nparts:\n  - code: E11.9\n    minutes: many\n", 4, "int"),
        ("id: v1\nparts:\n  - code: I10\n  - minutes: 3\n", 4, "code"),
        ("parts: []\n", 1, "id"),
        ("id: v1\nparts: [\n", 3, "YAML"),
    ],
)
def test_a_slip_names_file_line_and_key(tmp_path: Path, text: str, line: int, word: str) -> None:
    with pytest.raises(CourseError) as error:
        load(tmp_path, text)
    assert f"visit.yaml:{line}: " in str(error.value)
    assert word in str(error.value)
    assert error.value.remedy


def test_yaml_cannot_run_code(tmp_path: Path) -> None:
    with pytest.raises(CourseError):
        load(tmp_path, "id: !!python/object/apply:os.getcwd []\n")


def test_a_missing_file_lists_its_neighbours() -> None:
    with pytest.raises(CourseError, match="modifiers"):
        datasets.path("codes/modifier.csv")


def test_an_interrupted_write_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "f.txt"
    file.write_text("old")
    with pytest.raises(KeyboardInterrupt), atomic_write(file) as out:
        out.write("half")
        raise KeyboardInterrupt
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(CourseError, match="cannot write here"), atomic_write(blocked / "x.json"):
        pass
