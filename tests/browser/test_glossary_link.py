"""A word that a lesson links leads to its place in the glossary, in a real JupyterLab."""

from playwright.sync_api import expect


def test_a_linked_word_opens_the_glossary_at_that_word(lab) -> None:
    with lab.open("notebooks/lessons/01_what_medical_coding_is.ipynb") as lesson:
        page = lesson.page
        page.get_by_role("link", name="ICD-10-CM", exact=True).first.click()
        heading = page.locator(".jp-MarkdownViewer h3", has_text="ICD-10-CM").first
        expect(heading).to_be_in_viewport()
        assert lesson.outside == []
