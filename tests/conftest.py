"""What all tests share: the checkout, and a home of their own for progress and config."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(autouse=True)
def own_progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the progress of the person who runs it, or speaks that person's language."""
    monkeypatch.delenv("COURSE_LANGUAGE", raising=False)
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.json"))
