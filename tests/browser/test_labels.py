"""The widgets in Spanish in a real JupyterLab: read by the right voice, answered by keyboard."""

import pytest
from conftest import SAMPLE, write_notebook
from playwright.sync_api import Locator, expect


@pytest.fixture
def spanish(lab):
    lab.progress.unlink(missing_ok=True)
    write_notebook(
        lab.root / "spanish.ipynb",
        f"import os\nos.environ |= {{'COURSE_DATASETS': {str(SAMPLE)!r}, 'COURSE_LANGUAGE': 'es'}}\n"
        "from course_lib import quiz",
        "quiz.show('sample')",
        "quiz.show('sample', seed=1, tries=2)",
        "del os.environ['COURSE_DATASETS']\nfrom course_lib import explorer, roadmap\nroadmap.planner()",
        "explorer.show('E11.22')",
    )
    with lab.open("spanish.ipynb") as notebook:
        notebook.run_all()
        yield notebook


def languages(text: Locator) -> str:
    """Return the language that a screen reader takes for an element."""
    return text.evaluate("node => node.closest('[lang]').lang")


def test_the_spanish_widgets_by_keyboard_and_by_screen_reader(spanish, lab) -> None:
    page, box = spanish.page, spanish.page.locator(".cw-quiz").first
    card = box.locator("form").first
    expect(box).to_have_accessible_name("Cuestionario: A sample quiz")
    expect(box).to_have_attribute("lang", "es")
    spanish.walk_to_cell(box)
    spanish.tab_to(card.get_by_role("radio", name="A E11", exact=True))
    page.keyboard.press("ArrowDown")
    spanish.tab_to(card.get_by_role("button", name="Comprobar"), limit=3)
    page.keyboard.press("Enter")
    expect(card.get_by_role("status")).to_have_text(
        "✓Correcto.B Correcto: Nothing stands below it, so it is billable."
    )
    expect(box.get_by_role("progressbar")).to_have_accessible_name("1 de 3 respondidas")
    assert languages(card.get_by_text("Correcto.", exact=True)) == "es"
    for content in ("Which of these can stand on a claim?", "Nothing stands below it"):
        assert languages(card.get_by_text(content).first) == "en"

    sitting, planner, explorer = (page.locator(f".cw-{name}") for name in ("session", "form", "explorer"))
    expect(sitting.get_by_role("button", name="Terminar")).to_be_visible()
    expect(planner.get_by_role("button", name="Hacer el plan")).to_be_visible()
    expect(explorer.get_by_text("Facturable: este código puede figurar")).to_be_visible()
    for root in (sitting, planner, explorer):
        expect(root).to_have_attribute("lang", "es")
    planner.get_by_label("Horas por semana").press("Enter")
    expect(planner.get_by_role("status")).to_contain_text("CPC exam on")
    assert languages(planner.get_by_text("CPC exam on").first) == "en"
    for selector in (".cw-quiz", ".cw-form", ".cw-explorer"):
        assert spanish.axe(selector) == []
    assert spanish.errors() == []
    box.screenshot(path=str(lab.shots / "quiz-spanish.png"))
    explorer.screenshot(path=str(lab.shots / "explorer-spanish.png"))


def test_english_widgets_carry_no_language_of_their_own(sample) -> None:
    """The control: the page is English already."""
    box = sample.page.locator(".cw-quiz").first
    expect(box).to_be_visible()
    assert box.get_attribute("lang") is None and box.locator("[lang]").count() == 0
