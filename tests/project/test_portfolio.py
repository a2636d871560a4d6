"""The portfolio: codes with reasons, scores and the exam's day on one page that loads nothing."""

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from course_lib import encounters, portfolio, roadmap
from course_lib.errors import CourseError

REFILL = portfolio.Work(
    "pill-refill-and-lipids",
    {"I10": '"Essential hypertension, at goal"', "E78.2": "Mixed <type>, drug changed"},
    ["99214", "80053"],
)
SNIFFLES = portfolio.Work("four-days-of-sniffles", {"J06.9": "Acute upper respiratory infection"})


def made(**more):
    return portfolio.Portfolio("A. Learner & Co", date(2026, 11, 25), [SNIFFLES, REFILL], **more)


def test_scores_are_those_of_the_charts():
    frame = made().scores()
    assert frame["exact"].tolist() == [True, False]
    assert frame["recall"].tolist() == [1.0, pytest.approx(2 / 3)]
    assert frame["to_look_at"].tolist() == ["", "Codes that are missing: 1."]


def test_the_page_has_codes_reasons_scores_and_the_day_of_the_exam_and_loads_nothing():
    plan = roadmap.plan(roadmap.Profile(start="2027-01-11", target="CPC", hours=8, budget=2500))
    html = made(plan=plan, results=["Mock exam of the CPC's shape: 74 of 100 points."]).page()
    for text in (
        "A. Learner &amp; Co",
        "2026-11-25",
        "Every chart is synthetic",
        "Essential (primary) hypertension",
        "Mixed &lt;type&gt;, drug changed",
        "74 of 100",
        "99214, 80053",
        f"exam planned for {plan.exam_day}",
    ):
        assert text in html
    assert "Z87.891" not in html  # a code of the key that was not submitted

    loaded = []

    class Loads(HTMLParser):
        def handle_starttag(self, tag, attrs):
            loaded.extend(value for name, value in attrs if name in ("src", "href"))

    Loads().feed(html)
    assert loaded == []


def test_without_a_key_no_score_is_made_up(monkeypatch):
    load = encounters.load
    monkeypatch.setattr(encounters, "load", lambda name: replace(load(name), key=None))
    assert made().scores()["f1"].isna().all()
    assert "no key" in made().page()


def test_it_is_saved_whole(tmp_path):
    file = made().save(tmp_path / "portfolio.html")
    assert file.read_text(encoding="utf-8") == made().page()
    assert "2 charts, 1 without an error" in repr(made())
    assert 'download="portfolio.html"' in made()._repr_html_()


def test_a_code_without_a_reason_is_refused():
    with pytest.raises(CourseError, match="has no reason"):
        portfolio.Portfolio(
            "A", date(2026, 11, 25), [portfolio.Work("ankle-sprain-clinic", {"S93.401A": " "})]
        )
    with pytest.raises(CourseError, match="no chart"):
        portfolio.Portfolio("A", date(2026, 11, 25), [])
