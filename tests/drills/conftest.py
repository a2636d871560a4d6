"""One deck for all drill tests: reading its lists takes a second."""

from collections.abc import Iterator

import pytest

from course_lib import drills


@pytest.fixture(scope="session")
def cards(tmp_path_factory: pytest.TempPathFactory) -> Iterator[drills.Deck]:
    """The April 2026 edition, whatever the person who runs the tests has added."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_DATA_DIR", str(tmp_path_factory.mktemp("data")))
        yield drills.deck("2026-04-01")
