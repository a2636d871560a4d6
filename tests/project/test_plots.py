"""Figures and tables: readable without sight, equal bytes for equal numbers, light."""

import io
import subprocess
import sys
from html.parser import HTMLParser

import matplotlib as mpl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from PIL import Image

from course_lib import plots
from course_lib.errors import CourseError

SIZES = pd.Series({"Injury": 41142, "Eye": 2677, "Special": 3}).rename_axis("chapter")


def draw(**changed):
    words = {"title": "Billable codes by chapter", "unit": "billable codes", "alt": "Injury has 41,142."}
    return plots.bar(SIZES, **{**words, **changed})


class Reader(HTMLParser):
    """Reads what a screen reader would: tags with their attributes, and the text in each cell."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.cells, self.open = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_endtag(self, tag):
        self.open.remove(tag)

    def handle_data(self, data):
        if self.open and self.open[-1] in ("td", "th"):
            self.cells[-1] += data

    def all(self, name):
        return [attrs for tag, attrs in self.tags if tag == name]


def test_a_figure_says_in_words_and_in_a_table_what_it_draws():
    page = Reader(draw(caption="ICD-10-CM, April 2026.")._repr_html_())
    assert [img["alt"] for img in page.all("img")] == ["Injury has 41,142."]
    assert len(page.all("figcaption")) == len(page.all("caption")) == 1
    assert page.cells == ["chapter", "billable codes", "Injury", "41,142", "Eye", "2,677", "Special", "3"]
    assert [th["scope"] for th in page.all("th")] == ["col", "col", "row", "row", "row"]


def test_the_words_of_a_figure_can_be_made_from_its_numbers():
    told = plots.in_words(SIZES)
    assert told == "Injury: 41,142; Eye: 2,677; Special: 3."
    assert told in draw(alt=f"Three bars. {told}")._repr_html_()


def test_a_terminal_gets_the_words():
    assert repr(draw()) == "Figure: Billable codes by chapter. Injury has 41,142."
    assert "41,142" in repr(plots.table(SIZES.rename("codes"), caption="Codes"))


@pytest.mark.parametrize("missing", ["alt", "title"])
def test_a_figure_without_its_words_is_refused(missing):
    with pytest.raises(CourseError, match=missing):
        draw(**{missing: "  "})


def test_a_figure_without_a_unit_is_refused():
    fig = Figure()
    fig.add_subplot().plot([1, 2])
    with pytest.raises(CourseError, match="label"):
        plots.figure(fig, alt="A line.", title="A line", table=SIZES)
    with pytest.raises(CourseError, match="label"):
        draw(unit="")


def test_nothing_to_draw_is_said():
    with pytest.raises(CourseError, match="nothing to draw"):
        plots.bar(SIZES[:0], title="t", unit="u", alt="a")


def test_a_table_needs_a_caption_and_a_column():
    with pytest.raises(CourseError, match="caption"):
        plots.table(SIZES, caption="")
    with pytest.raises(CourseError, match="column"):
        plots.table(pd.DataFrame(index=[1]), caption="Empty")


def test_the_same_numbers_give_the_same_bytes_whatever_the_learner_has_set():
    before = draw().png
    with mpl.rc_context({"font.size": 30, "savefig.facecolor": "black", "lines.linewidth": 9}):
        assert draw().png == before
    assert mpl.rcParams["font.size"] != 11, "the drawing must not leave its own settings behind"
    other = SIZES.replace(3, 9000)
    assert plots.bar(other, title="Billable codes by chapter", unit="billable codes", alt="a").png != before


def test_a_picture_is_light_plain_and_white():
    many = pd.Series({f"chapter {n}": n * 997 for n in range(1, 23)})
    png = plots.bar(many, title="All", unit="codes", alt="a", highlight=["chapter 3"]).png
    assert len(png) < 60_000
    picture = Image.open(io.BytesIO(png))
    assert picture.info.keys() <= {"transparency"}, "no date, no version"
    assert picture.convert("RGB").getpixel((2, 2)) == (255, 255, 255)


def test_highlight_does_not_rest_on_colour_alone():
    grey = [Image.open(io.BytesIO(draw(highlight=mark).png)).convert("L") for mark in ([], ["Eye"])]
    assert grey[0].tobytes() != grey[1].tobytes()


def test_a_logarithmic_axis_says_so():
    assert draw(log=True).png != draw().png
    assert "logarithmic" not in draw().table.frame.columns[1]


def test_a_figure_made_with_pyplot_is_not_shown_twice():
    import matplotlib.pyplot as plt

    plt.switch_backend("agg")
    fig, ax = plt.subplots()
    ax.set_xlabel("codes")
    plots.figure(fig, alt="a", title="t", table=SIZES)
    assert not plt.get_fignums()


def test_text_is_escaped_everywhere():
    evil = "<script>alert(1)</script>"
    frame = pd.DataFrame({evil: [evil], "n": [1]})
    html = plots.bar(SIZES, title=evil, unit="u", alt=f'"{evil}', caption=evil)._repr_html_()
    assert evil not in html + plots.table(frame, caption=evil)._repr_html_()


@pytest.mark.parametrize(
    ("value", "text"),
    [(74719, "74,719"), (68.94, "68.9"), (True, "yes"), (False, "no"), (None, ""), ("E11.22", "E11.22")],
)
def test_cells_are_written_as_people_write_them(value, text):
    frame = pd.DataFrame({"what": ["row"], "value": pd.Series([value], dtype=object)})
    assert Reader(plots.table(frame, caption="c")._repr_html_()).cells[-1] == text


@given(st.lists(st.tuples(st.text(), st.integers()), min_size=1, max_size=5))
def test_every_cell_of_a_frame_is_in_the_table(rows):
    page = Reader(plots.table(pd.DataFrame(rows, columns=["name", "n"]), caption="c")._repr_html_())
    assert len(page.all("td")) == len(rows)
    assert len(page.all("tr")) == len(rows) + 1
    assert not [cell for cell in page.cells[:2] if not cell], "no empty heading"


def test_plots_costs_nothing_until_it_draws():
    code = "import course_lib.plots, sys; print([m for m in ('matplotlib', 'pandas') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
