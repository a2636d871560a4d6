"""The widgets in Spanish in a real JupyterLab: read by the right voice, answered by keyboard."""

from playwright.sync_api import Locator, expect


def language(text: Locator) -> str:
    """Return the language that a screen reader takes for an element."""
    return text.evaluate("node => node.closest('[lang]').lang")


def test_the_spanish_widgets_by_keyboard_and_by_screen_reader(spanish, lab) -> None:
    page, box = spanish.page, spanish.page.locator(".cw-quiz").first
    card = box.locator("form").first
    expect(box).to_have_accessible_name("Cuestionario: The shape of an ICD-10-CM code")
    expect(box).to_have_attribute("lang", "es")
    spanish.walk_to_cell(box)
    spanish.tab_to(card.get_by_role("radio", name="A E11.22", exact=True))
    page.keyboard.press("Space")
    spanish.tab_to(card.get_by_role("button", name="Comprobar"), limit=3)
    page.keyboard.press("Enter")
    expect(card.get_by_role("status")).to_have_text(
        "✓Correcto.A Correcto: Nothing stands below it, so it has all its characters."
    )
    assert language(card.locator(".cw-verdict")) == "es"
    for content in ("Which of these can stand on a claim?", "Nothing stands below it"):
        assert language(card.get_by_text(content).first) == "en"

    sitting, planner, explorer = (page.locator(f".cw-{name}") for name in ("session", "form", "explorer"))
    expect(sitting.get_by_role("button", name="Terminar")).to_be_visible()
    expect(planner.get_by_role("button", name="Hacer el plan")).to_be_visible()
    expect(explorer.get_by_text("Facturable: este código puede figurar")).to_be_visible()
    for root in (sitting, planner, explorer):
        expect(root).to_have_attribute("lang", "es")
    planner.get_by_label("Horas por semana").press("Enter")
    expect(planner.get_by_role("status")).to_contain_text("CPC exam on")
    assert language(planner.get_by_text("CPC exam on").first) == "en"
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
