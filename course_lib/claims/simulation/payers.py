"""What the payer decides, and what is posted to the account afterwards. Money is in whole cents."""

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from course_lib.claims.simulation import draw
from course_lib.claims.simulation.faults import NONE, Filed
from course_lib.claims.simulation.model import Model
from course_lib.claims.simulation.visits import Visits

if TYPE_CHECKING:
    from course_lib.claims.simulation.draw import Bools, Ints

NEVER = np.iinfo(np.int64).max // 2
PREVENTIVE = ("Z00", "Z12", "Z23")  # nothing is owed by the patient
COINSURANCE, COPAY, DEDUCTIBLE = "2", "3", "1"  # reason codes of group PR
HOWS = ("corrected", "appeal", "patient")


@dataclass(frozen=True)
class LineAmounts:
    """Cents of each line: what was asked, allowed, owed by the patient; whether it was denied."""

    charge: "Ints"
    allowed: "Ints"
    patient: "Ints"
    patient_carc: "np.ndarray[tuple[int], np.dtype[np.object_]]"
    denied: "Bools"


@dataclass(frozen=True)
class Account:
    """What was decided and posted for each claim. Cents; days since 1970-01-01, `NEVER` for not (yet).

    At the decision, ``charge = contractual + paid + patient_due + denied``. A denial that is
    worked gives ``rework_paid`` and ``rework_contractual``; what is left is written off.
    ``how`` is the position in `HOWS`, -1 for none.
    """

    charge: "Ints"
    decided: "Ints"
    contractual: "Ints"
    paid: "Ints"
    patient_due: "Ints"
    denied: "Ints"
    patient_paid_day: "Ints"
    patient_paid: "Ints"
    how: "Ints"
    rework_day: "Ints"
    rework_decided: "Ints"
    rework_paid: "Ints"
    rework_contractual: "Ints"
    written_off_day: "Ints"
    written_off: "Ints"


def adjudicate(
    rng: np.random.Generator, model: Model, visits: Visits, filed: Filed
) -> tuple[LineAmounts, Account]:
    """Return the amounts of each line and the account of each claim, as posted by the day of the extract."""
    payer = visits.payer[filed.visit]
    amounts, full_allowed = _decide(rng, model, filed, payer)
    account = _post(rng, model, filed, payer, amounts, full_allowed)
    return _known_by(model.calendar.last, filed, amounts, account)


def _decide(
    rng: np.random.Generator, model: Model, filed: Filed, payer: "Ints"
) -> tuple[LineAmounts, "Ints"]:
    """Return the amounts of the lines, and what each line is worth if it is accepted."""
    lines = filed.lines
    charge = model.charges[lines.code] * lines.units
    full = model.allowed[payer[lines.claim], lines.code] * lines.units
    denied = _denied_lines(rng, model, filed, payer)
    allowed = np.where(denied, 0, full)
    patient, carc = _patient_share(rng, model, filed, payer, allowed)
    return LineAmounts(charge, allowed, patient, carc, denied), full


def _denied_lines(rng: np.random.Generator, model: Model, filed: Filed, payer: "Ints") -> "Bools":
    problems, lines = list(model.problems.values()), filed.lines
    strict = np.array([p.strict for p in model.payers.values()])[payer]
    base = np.array([*(p.denied for p in problems), 0.0])[filed.problem]  # NONE is the last: 0
    denied = draw.chance(rng, np.minimum(base * strict, 1), len(filed))
    scope = np.array([*(p.what for p in problems), ""], dtype=object)[filed.problem][lines.claim]
    too_many = np.zeros(len(lines), dtype=bool)
    for code, units in model.params.get_as("excess_units", dict[str, int]).items():
        too_many |= (lines.code == model.cents(code)) & (lines.units == units)
    last = np.zeros(len(lines), dtype=bool)  # the last line that is no visit
    at = np.flatnonzero(~lines.visit)[::-1]
    last[at[np.unique(lines.claim[at], return_index=True)[1]]] = True
    hit = (
        (scope == "claim")
        | ((scope == "visit") & lines.visit)
        | ((scope == "procedure") & last)
        | ((scope == "units") & too_many)
    )
    result: Bools = hit & denied[lines.claim]
    return result


def _patient_share(
    rng: np.random.Generator, model: Model, filed: Filed, payer: "Ints", allowed: "Ints"
) -> tuple["Ints", "np.ndarray[tuple[int], np.dtype[np.object_]]"]:
    """Return what the patient owes of each line, and the reason code: deductible, coinsurance or copay."""
    lines, plans = filed.lines, list(model.payers.values())
    free = np.array([text.startswith(PREVENTIVE) for text in filed.diagnoses])[lines.claim]
    deductible = np.array([p.deductible for p in plans])[payer]
    all_of_it = draw.chance(rng, deductible, len(filed))[lines.claim] & ~free
    rate = np.array([p.coinsurance for p in plans])[payer][lines.claim] * ~free
    copay = np.round(np.array([p.copay for p in plans])[payer] * 100).astype(np.int64)[lines.claim]
    copay = np.where(lines.visit & ~free, np.minimum(copay, allowed), 0)
    part = np.floor(rate * allowed + 0.5).astype(np.int64)
    owed = np.where(all_of_it, allowed, np.where(copay > 0, copay, part))
    carc = np.where(all_of_it, DEDUCTIBLE, np.where(copay > 0, COPAY, COINSURANCE)).astype(object)
    carc[owed == 0] = ""
    return owed, carc


def _post(
    rng: np.random.Generator,
    model: Model,
    filed: Filed,
    payer: "Ints",
    amounts: LineAmounts,
    full_allowed: "Ints",
) -> Account:
    n, days = len(filed), model.days

    def total(of_line: "Ints") -> "Ints":
        return np.bincount(filed.lines.claim, weights=of_line, minlength=n).astype(np.int64)

    charge, patient = total(amounts.charge), total(amounts.patient)
    denied = total(np.where(amounts.denied, amounts.charge, 0))
    worth = total(np.where(amounts.denied, full_allowed, 0))
    paid = total(amounts.allowed) - patient
    decided = _decision_days(rng, model, filed, payer)
    pays = draw.chance(rng, model.params.get_as("patient_pays_share", float), n)
    pays_on = decided + draw.lag(rng, days.patient_pays, n)
    how, start, end, won = _rework(rng, model, filed, denied > 0, decided, pays, pays_on)
    rework_paid = np.where(won, np.where(how == HOWS.index("patient"), denied, worth), 0)
    rework_contractual = np.where(won, denied - rework_paid, 0)
    bad_debt = np.where(pays, 0, patient)
    lost = denied - rework_paid - rework_contractual
    off_after = decided + days.written_off
    given_up = np.where((how == NONE) | (how == HOWS.index("patient")), off_after, end)
    off_day = np.maximum(np.where(bad_debt > 0, off_after, -1), np.where(lost > 0, given_up, -1))
    return Account(
        charge=charge,
        decided=decided,
        contractual=charge - paid - patient - denied,
        paid=paid,
        patient_due=patient,
        denied=denied,
        patient_paid_day=np.where(pays & (patient > 0), pays_on, NEVER),
        patient_paid=np.where(pays, patient, 0),
        how=how,
        rework_day=start,
        rework_decided=end,
        rework_paid=rework_paid,
        rework_contractual=rework_contractual,
        written_off_day=np.where(off_day < 0, NEVER, off_day),
        written_off=bad_debt + lost,
    )


def _decision_days(rng: np.random.Generator, model: Model, filed: Filed, payer: "Ints") -> "Ints":
    decided = np.empty(len(filed), dtype=np.int64)
    for which, plan in enumerate(model.payers.values()):
        at = np.flatnonzero(payer == which)
        decided[at] = filed.filed[at] + draw.lag(rng, plan.decides, len(at))
    return decided


def _rework(
    rng: np.random.Generator,
    model: Model,
    filed: Filed,
    denied: "Bools",
    decided: "Ints",
    pays: "Bools",
    pays_on: "Ints",
) -> tuple["Ints", "Ints", "Ints", "Bools"]:
    """Return how each denial is worked, from when to when, and whether it is won."""
    problems, n = list(model.problems.values()), len(filed)
    how = np.array([*(HOWS.index(p.how) for p in problems), NONE])[filed.problem]
    worked = draw.chance(rng, np.array([*(p.worked for p in problems), 0.0])[filed.problem], n)
    won = draw.chance(rng, np.array([*(p.won for p in problems), 0.0])[filed.problem], n)
    billed = how == HOWS.index("patient")
    how = np.where(denied & (worked | billed), how, NONE)
    start = decided + np.where(billed, 0, draw.lag(rng, model.days.to_rework, n))
    end = np.where(billed, pays_on, start + draw.lag(rng, model.days.rework_decided, n))
    won = np.where(billed, pays, won) & (how != NONE)
    never_paid = billed & ~pays
    return (
        how,
        np.where(how == NONE, NEVER, start),
        np.where((how == NONE) | never_paid, NEVER, end),
        won,
    )


def _known_by(
    extract: int, filed: Filed, amounts: LineAmounts, account: Account
) -> tuple[LineAmounts, Account]:
    """Return lines and accounts without what happens after the extract."""
    groups = {
        "decided": ("contractual", "paid", "patient_due", "denied"),
        "patient_paid_day": ("patient_paid",),
        "rework_day": (),
        "rework_decided": ("rework_paid", "rework_contractual"),
        "written_off_day": ("written_off",),
    }
    columns = {f.name: getattr(account, f.name) for f in fields(account)}
    for name, posted in groups.items():
        later = columns[name] > extract
        columns[name] = np.where(later, NEVER, columns[name])
        for column in posted:
            columns[column] = np.where(later, 0, columns[column])
    columns["how"] = np.where(columns["rework_day"] == NEVER, NONE, columns["how"])
    open_ = (columns["decided"] == NEVER)[filed.lines.claim]
    carc = amounts.patient_carc.copy()
    carc[open_] = ""
    lines = LineAmounts(
        charge=amounts.charge,
        allowed=np.where(open_, 0, amounts.allowed),
        patient=np.where(open_, 0, amounts.patient),
        patient_carc=carc,
        denied=amounts.denied & ~open_,
    )
    return lines, Account(**columns)
