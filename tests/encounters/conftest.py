"""A copy of the course's charts that a test may spoil."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from course_lib import datasets


@pytest.fixture
def charts(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A datasets folder with two charts and their keys; returns its ``encounters`` folder."""
    copy = tmp_path / "datasets"
    shutil.copytree(root / "datasets" / "codes", copy / "codes")
    (copy / "datapackage.json").write_text("{}")
    for part in ("charts", "keys"):
        (copy / "encounters" / part).mkdir(parents=True)
        for name in ("ankle-sprain-clinic", "chest-pain-emergency"):
            shutil.copy(root / f"datasets/encounters/{part}/{name}.yaml", copy / "encounters" / part)
    monkeypatch.setenv("COURSE_DATASETS", str(copy))
    datasets.root.cache_clear()
    yield copy / "encounters"
    datasets.root.cache_clear()
