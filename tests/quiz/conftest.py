"""The sample quiz, in a datasets folder and a course folder of its own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from course_lib import datasets, quiz

SAMPLE = Path(__file__).parent / "sample"


@pytest.fixture
def bank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the sample bank that a test may spoil; returns the quiz file."""
    shutil.copytree(SAMPLE, tmp_path / "datasets")
    lesson = tmp_path / "notebooks" / "lessons" / "sample.ipynb"
    lesson.parent.mkdir(parents=True)
    lesson.write_text("{}")
    monkeypatch.setenv("COURSE_ROOT", str(tmp_path))
    monkeypatch.setenv("COURSE_DATASETS", str(tmp_path / "datasets"))
    monkeypatch.delenv("COURSE_PROGRESS", raising=False)
    datasets.root.cache_clear()
    yield tmp_path / "datasets" / "quizzes" / "sample.yaml"
    datasets.root.cache_clear()


@pytest.fixture
def sample(bank: Path) -> quiz.Quiz:
    return quiz.load("sample")
