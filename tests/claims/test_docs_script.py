"""The script of the documents, from a chart to the money, runs and says what it should."""

import runpy
from pathlib import Path

import pytest

from course_lib import claims, coding, encounters

SCRIPT = Path(__file__).parents[2] / "docs" / "from_chart_to_payment.py"


def test_from_chart_to_payment(tmp_path, capsys, judge):
    script = runpy.run_path(str(SCRIPT))
    script["main"](tmp_path)
    said = capsys.readouterr().out

    titles = [line for line in said.splitlines() if line[:2] in {f"{n}." for n in range(1, 10)}]
    assert len(titles) == 9
    before, after = said.split("5. Corrected")
    assert "error: 99213 on line 1 and 20610 on line 2" in before
    assert "error:" not in after
    assert "Read back, it is the same claim: True" in after
    assert "Yes: charge less adjustments is what was paid." in after
    assert "claims whose first decision denied no line" in said
    assert "CO   16" in said.split("9. Denials")[1]

    assert judge((tmp_path / "claim.837").read_text()) == []
    assert judge((tmp_path / "answer.835").read_text()) == []
    assert (tmp_path / "denials.png").read_bytes().startswith(b"\x89PNG")

    # The claim that the script ends with is that of the chart's key.
    [sent] = claims.read_837p(tmp_path / "claim.837")
    chart = encounters.load(script["CHART"])
    assert chart.key is not None
    assert list(sent.diagnoses) == [one.code for one in chart.key.diagnoses]
    assert [(one.code, list(one.modifiers), one.units, list(one.pointers)) for one in sent.lines] == [
        (one.code, one.modifiers, one.units, one.pointers) for one in chart.key.procedures
    ]

    # What the edit saved: the draft loses its visit, the corrected claim does not.
    corrected, draft = claims.read_835(tmp_path / "answer.835").claims
    assert draft.lines[0].adjustments[0].reason == "97" and draft.lines[0].paid == 0
    assert corrected.paid - draft.paid == corrected.lines[0].paid > 0


def test_without_a_folder_nothing_is_written(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(SCRIPT))["main"]()
    assert "9. Denials" in capsys.readouterr().out and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("modifiers", [[], ["25"]])
def test_the_made_up_payer_adds_up(modifiers):
    script = runpy.run_path(str(SCRIPT))
    mine = coding.Submission(["M17.11"], [coding.Line("99213", modifiers, pointers=["A"])])
    claim = claims.build(encounters.load(script["CHART"]), mine)
    assert script["decide"]([claim]).problems() == []
