"""MS-DRG: the sample of weights, and stays that a grouper sorts as the table says."""

import pytest
from drgpy.msdrg import DRGEngine

from course_lib import datasets
from course_lib.codes import icd10cm, icd10pcs, msdrg

STAYS = datasets.read_csv("codes/msdrg_stays.csv").fillna("")


@pytest.fixture(scope="module")
def grouper():
    engine = DRGEngine()
    assert engine.version == "v43.1"  # CMS, April 2026
    return engine


def group(grouper, principal, secondary="", procedures=""):
    diagnoses = [code.replace(".", "") for code in [principal, *secondary.split()]]
    return str(grouper.get_drg(diagnoses, procedures.split()))


@pytest.mark.parametrize(
    ("code", "weight"), [("470", 1.9289), ("871", 1.9425), ("195", 0.6285), ("193", 1.3144)]
)
def test_weights_of_table_5(code, weight):
    assert msdrg.load()[code].weight == weight


def test_more_severe_weighs_more_and_stays_longer():
    order = ["without CC/MCC", "without MCC", "with CC", "with MCC"]
    frame = msdrg.load().to_frame()
    for _, family in frame.groupby("family"):
        ranked = family.sort_values("severity", key=lambda s: s.map(order.index))
        assert ranked.weight.is_monotonic_increasing
        assert ranked.gmlos.is_monotonic_increasing


@pytest.mark.parametrize("stay", list(STAYS.itertuples()), ids=lambda s: s.stay)
def test_the_grouper_sorts_a_stay_as_the_table_says(grouper, stay):
    assert stay.ms_drg == group(grouper, stay.principal, stay.secondary, stay.procedures)
    assert stay.ms_drg in msdrg.load()


@pytest.mark.parametrize("stay", list(STAYS.itertuples()), ids=lambda s: s.stay)
def test_the_codes_of_a_stay_hold(stay):
    book = icd10cm.load("2026-04-01")
    diagnoses = [stay.principal, *stay.secondary.split()]
    assert all(book[code].billable for code in diagnoses)
    found = book.check(diagnoses, on="2026-05-12", setting="inpatient")
    assert not [f for f in found if f.severity != "info"]
    assert all(code in icd10pcs.codes("0DT") for code in stay.procedures.split() if code.startswith("0DT"))


def test_the_order_of_two_diagnoses_changes_the_group(grouper):
    assert group(grouper, "A41.9", "J18.9") == "871"
    assert group(grouper, "J18.9", "A41.9") == "193"
