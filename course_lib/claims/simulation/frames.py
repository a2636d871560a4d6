"""A chunk of claims as tables, and the tables as CSV."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from course_lib.claims.simulation import coding, draw, faults, payers, people, visits
from course_lib.claims.simulation.model import Model
from course_lib.claims.simulation.payers import HOWS, NEVER

if TYPE_CHECKING:
    import pandas as pd

    from course_lib.claims.simulation.draw import Ints

CHUNK = 20_000  # claims; part of what makes the bytes: another size gives other claims
MEMBERS = 2_700  # people drawn for a chunk: a fifth more than are needed
NAMES = ("members", "claims", "lines", "truth")
SURVEYED = ("hypertension", "diabetes", "obesity")


@dataclass(frozen=True)
class Tables:
    """Synthetic claims: four tables, pandas frames or Dask ones.

    Attributes
    ----------
    members : DataFrame
        ``member, birth_date, sex, payer`` (on the last day; ``uninsured`` has no claims) and, for
        ``hypertension``, ``diabetes`` and ``obesity``, ``diagnosed``, ``undiagnosed`` or ``""``.
    claims : DataFrame
        One row a claim: who, when, diagnoses (parted by semicolons), and the account in dollars.
        ``charge = contractual + paid + patient_due + denied`` once it is decided.
    lines : DataFrame
        One row a service line, with what was allowed and the reason code of a denial.
    truth : DataFrame
        One row a problem that was put in: ``claim, line, kind, true, filed``. Not for learners' eyes
        before they have looked themselves.
    """

    members: Any
    claims: Any
    lines: Any
    truth: Any

    def __repr__(self) -> str:
        return f"<synthetic claims: {', '.join(NAMES)}; no real person, practice or payer>"


def chunk(model: Model, seed: int, number: int, rows: int = CHUNK) -> Tables:
    """Return the first `rows` claims of one chunk as pandas frames.

    The chunk is made whole and then cut, so the same claim is the same whatever `rows` is.
    """
    rng = draw.generator(seed, number)
    who = people.sample(rng, model, MEMBERS)
    seen = visits.sample(rng, model, who)
    coded = coding.code(rng, model, who, seen)
    right = coding.bill(rng, model, who, seen, coded)
    filed = faults.file(rng, model, seen, coded, right, CHUNK)
    if len(filed) < CHUNK:
        raise AssertionError("a chunk came out short: MEMBERS is too small for these parameters")
    amounts, account = payers.adjudicate(rng, model, seen, filed)
    claims = _claims(model, number, who, seen, coded, filed, account).iloc[:rows]
    lines = _lines(model, number, filed, amounts, account)
    truth = _truth(model, number, coded, right, filed)
    last = int(seen.member[filed.visit[rows - 1]])
    ids = set(claims["claim"])
    return Tables(
        members=_members(model, number, who).iloc[: last + 1],
        claims=claims,
        lines=lines[lines["claim"].isin(ids)].reset_index(drop=True),
        truth=truth[truth["claim"].isin(ids)].reset_index(drop=True),
    )


def csv_text(frame: "pd.DataFrame") -> str:
    """Return a frame as CSV: dollars with two decimals, dates as year-month-day, nothing for missing."""
    text: str = frame.to_csv(index=False, float_format="%.2f", date_format="%Y-%m-%d", lineterminator="\n")
    return text


def _dates(days: "Ints") -> Any:
    import pandas as pd

    stamps = np.where(days == NEVER, np.datetime64("NaT"), days.astype("datetime64[D]"))
    return pd.Series(stamps.astype("datetime64[ms]"))


def _ids(letter: str, number: int, size: int, at: "Ints") -> list[str]:
    return [f"{letter}{n:08d}" for n in number * size + 1 + at]


def _names(names: list[str], at: "Ints") -> Any:
    return np.array(names, dtype=object)[at]


def _members(model: Model, number: int, who: people.People) -> "pd.DataFrame":
    import pandas as pd

    n = len(who)
    everyone = np.arange(n)
    payer = who.payer(everyone, np.full(n, model.calendar.last))
    states = {
        name: np.where(who.known[name], "diagnosed", np.where(who.has[name], "undiagnosed", ""))
        for name in SURVEYED
    }
    return pd.DataFrame(
        {
            "member": _ids("M", number, MEMBERS, everyone),
            "birth_date": _dates(who.born),
            "sex": np.where(who.female, "F", "M"),
            "payer": _names([*model.payers, "uninsured"], payer),
            **states,
        }
    ).astype(dict.fromkeys(("member", "sex", "payer", *SURVEYED), "str"))


def _claims(
    model: Model,
    number: int,
    who: people.People,
    seen: visits.Visits,
    coded: coding.Coded,
    filed: faults.Filed,
    account: payers.Account,
) -> "pd.DataFrame":
    import pandas as pd

    member = seen.member[filed.visit]
    service = seen.day[filed.visit]
    age = np.floor((service - who.born[member]) / 365.25).astype(np.int64)
    female = who.female[member] ^ filed.wrong_sex
    problems = list(model.problems.values())
    denied = (account.denied > 0) & (filed.problem != faults.NONE)
    why = np.where(denied, filed.problem, len(problems))
    places = [reason.place for reason in model.reasons.values()]

    def of_problem(values: list[str]) -> Any:
        return _names([*values, ""], why)

    def money(cents: "Ints") -> Any:
        return cents / 100

    frame = pd.DataFrame(
        {
            "claim": _ids("C", number, CHUNK, np.arange(len(filed))),
            "member": _ids("M", number, MEMBERS, member),
            "age": age,
            "sex": np.where(female, "F", "M"),
            "payer": _names(list(model.payers), seen.payer[filed.visit]),
            "provider": _names(list(model.providers), coded.provider[filed.visit]),
            "place": _names(places, coded.reason[filed.visit]),
            "service_date": _dates(service),
            "filed_date": _dates(filed.filed),
            "diagnoses": filed.diagnoses,
            "charge": money(account.charge),
            "decided_date": _dates(account.decided),
            "contractual": money(account.contractual),
            "paid": money(account.paid),
            "patient_due": money(account.patient_due),
            "denied": money(account.denied),
            "denial_group": of_problem([p.group for p in problems]),
            "denial_carc": of_problem([p.carc for p in problems]),
            "denial_rarc": of_problem([p.rarc for p in problems]),
            "patient_paid_date": _dates(account.patient_paid_day),
            "patient_paid": money(account.patient_paid),
            "rework": _names([*HOWS, ""], account.how),
            "rework_date": _dates(account.rework_day),
            "rework_decided_date": _dates(account.rework_decided),
            "rework_paid": money(account.rework_paid),
            "rework_contractual": money(account.rework_contractual),
            "written_off_date": _dates(account.written_off_day),
            "written_off": money(account.written_off),
        }
    )
    texts = [
        "claim", "member", "sex", "payer", "provider", "place", "diagnoses",
        "denial_group", "denial_carc", "denial_rarc", "rework",
    ]  # fmt: skip
    return frame.astype(dict.fromkeys(texts, "str"))


def _line_numbers(lines: coding.Lines) -> "Ints":
    first = np.concatenate([[True], lines.claim[1:] != lines.claim[:-1]])
    starts = np.maximum.accumulate(np.where(first, np.arange(len(lines)), 0))
    numbers: Ints = np.arange(len(lines)) - starts + 1
    return numbers


def _lines(
    model: Model, number: int, filed: faults.Filed, amounts: payers.LineAmounts, account: payers.Account
) -> "pd.DataFrame":
    import pandas as pd

    lines, problems = filed.lines, list(model.problems.values())
    why = np.where(amounts.denied, filed.problem[lines.claim], len(problems))
    frame = pd.DataFrame(
        {
            "claim": _ids("C", number, CHUNK, lines.claim),
            "line": _line_numbers(lines),
            "code": _names(model.codes, lines.code),
            "modifiers": lines.modifiers,
            "units": lines.units,
            "pointers": lines.pointers,
            "charge": amounts.charge / 100,
            "allowed": amounts.allowed / 100,
            "patient_due": amounts.patient / 100,
            "patient_carc": amounts.patient_carc,
            "denial_carc": _names([*(p.carc for p in problems), ""], why),
        }
    )
    texts = ["claim", "code", "modifiers", "pointers", "patient_carc", "denial_carc"]
    return frame.astype(dict.fromkeys(texts, "str"))


def _truth(
    model: Model, number: int, coded: coding.Coded, right: coding.Lines, filed: faults.Filed
) -> "pd.DataFrame":
    """Return one row a problem: what should be there, and what was filed."""
    import pandas as pd

    names, lines, source = list(model.problems), filed.lines, filed.source
    claim = _ids("C", number, CHUNK, np.arange(len(filed)))
    numbers = _line_numbers(lines)
    rows: list[tuple[str, int, str, str, str]] = []
    true = coded.diagnoses[filed.visit]
    line_of: dict[str, tuple[Any, Any]] = {
        "missing_modifier_25": (right.modifiers[source], lines.modifiers),
        "excess_units": (right.units[source], lines.units),
        "wrong_pointer": (right.pointers[source], lines.pointers),
    }
    for n, name in enumerate(names):
        for at in np.flatnonzero(filed.problem == n):
            if name not in line_of:
                rows.append((claim[at], 0, name, *_claim_truth(name, int(at), claim, true, filed)))
        if name in line_of:
            should, was = line_of[name]
            for at in np.flatnonzero((filed.problem[lines.claim] == n) & (should != was)):
                rows.append((claim[lines.claim[at]], int(numbers[at]), name, str(should[at]), str(was[at])))
    raised = (lines.code != lines.level) & lines.visit & ~filed.copy[lines.claim]
    for at in np.flatnonzero(raised):
        level, billed = model.codes[lines.level[at]], model.codes[lines.code[at]]
        rows.append((claim[lines.claim[at]], int(numbers[at]), "raised_visit", level, billed))
    frame = pd.DataFrame(sorted(rows), columns=["claim", "line", "kind", "true", "filed"])
    return frame.astype({"claim": "str", "kind": "str", "true": "str", "filed": "str", "line": "int64"})


def _claim_truth(name: str, at: int, claim: list[str], true: Any, filed: faults.Filed) -> tuple[str, str]:
    if name in ("truncated_diagnosis", "conflicting_diagnoses"):
        return true[at], filed.diagnoses[at]
    if name == "duplicate":
        return claim[at - 1], claim[at]
    return "", ""
