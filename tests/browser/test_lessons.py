"""Every lesson in a real JupyterLab: it runs, it is accessible, it is offline, its quiz is kept."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

REPO = Path(__file__).resolve().parents[2]
LESSONS = sorted(f.relative_to(REPO).as_posix() for f in (REPO / "notebooks/lessons").glob("*.ipynb"))
# A learner's whole way: the page everybody begins with, and the first two lessons.
FIRST = ["notebooks/00_start_here.ipynb", *LESSONS[:2]]


@pytest.mark.parametrize("name", LESSONS[2:])
def test_a_lesson_runs_reads_well_and_asks_no_other_server(lab, name: str) -> None:
    with lab.open(name) as lesson:
        lesson.run_all()
        assert lesson.axe(".jp-OutputArea-output") == []
        assert lesson.outside == []
        lesson.page.screenshot(path=str(lab.shots / f"{Path(name).stem}.png"))


@pytest.mark.parametrize("name", FIRST)
def test_a_lesson_runs_reads_well_and_keeps_an_answer_given_by_keyboard(lab, name: str) -> None:
    lab.progress.unlink(missing_ok=True)
    with lab.open(name) as lesson:
        page = lesson.page
        assert lesson.axe(".jp-OutputArea-output") == [], "as committed, before anything is run"
        lesson.run_all()
        cells = lesson.cell_count()
        card = page.locator(".cw-card").first
        expect(card).to_be_visible()
        assert lesson.axe(".jp-OutputArea-output") == []

        lesson.walk_to_cell(card)
        lesson.tab_to(card.locator("input").first)
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        feedback = card.get_by_role("status")
        expect(feedback).to_contain_text("A ")
        said = feedback.inner_text()
        assert lesson.cell_count() == cells
        page.screenshot(path=str(lab.shots / f"{Path(name).stem}.png"))

        lesson.reload_and_run()
        expect(feedback).to_have_text(said, use_inner_text=True)
        expect(card.locator("input").first).to_be_checked()
        assert lesson.outside == []
    kept = json.loads(lab.progress.read_text())["quizzes"]
    assert [item["answer"] for answers in kept.values() for item in answers.values()] == [[0]]
