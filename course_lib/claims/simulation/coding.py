"""What a coder makes of a visit: diagnosis codes in order, service lines, the level of the visit."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from course_lib.claims.simulation import draw, parameters
from course_lib.claims.simulation.model import EMERGENCY, YEAR, Model, day
from course_lib.claims.simulation.people import MEDICARE, People
from course_lib.claims.simulation.visits import Visits

if TYPE_CHECKING:
    from course_lib.claims.simulation.draw import Bools, Ints

    Texts = np.ndarray[tuple[int], np.dtype[np.object_]]

# The order in which known conditions are coded; the first four belong together.
UNITS = (
    "diabetes", "hypertension", "kidney", "drug", "lipids", "obesity", "copd", "asthma", "depression",
    "anxiety", "thyroid",
)  # fmt: skip
RENAL = UNITS[:4]
LETTERS = "ABCDEFGHIJKL"
ADULT = 18
NURSE_VISIT = "99211"


@dataclass(frozen=True)
class Coded:
    """The visits as coded: an entry a visit.

    Attributes
    ----------
    reason : array of int
        As in `Visits`, settled by age and by what is known of the person.
    diagnoses : array of str
        Codes parted by semicolons, first-listed first.
    side : array of str
        ``RT``, ``LT`` or ``""``.
    provider : array of int
        Position in ``model.providers``.
    """

    reason: "Ints"
    diagnoses: "Texts"
    side: "Texts"
    provider: "Ints"


@dataclass(frozen=True)
class Lines:
    """Service lines in the order of their claims; an entry a line.

    Attributes
    ----------
    claim : array of int
        Position of the claim.
    code : array of int
        Position in ``model.codes``.
    level : array of int
        What the visit really was, where it was billed higher; else the same as `code`.
    modifiers, pointers : array of str
    units : array of int
    visit : array of bool
        The line is the visit itself, not a procedure or a test.
    """

    claim: "Ints"
    code: "Ints"
    level: "Ints"
    modifiers: "Texts"
    pointers: "Texts"
    units: "Ints"
    visit: "Bools"

    def __len__(self) -> int:
        return len(self.claim)

    def with_(self, **changed: Any) -> "Lines":
        """Return the lines with some columns replaced."""
        return replace(self, **changed)


def code(rng: np.random.Generator, model: Model, people: People, visits: Visits) -> Coded:
    """Return diagnoses and provider of each visit."""
    reason = _settled(model, people, visits)
    reasons = list(model.reasons.values())
    specialties = [r.specialty for r in reasons]
    provider = np.empty(len(visits), dtype=np.int64)
    for specialty, home in people.providers.items():
        at = np.flatnonzero(np.array([s == specialty for s in specialties])[reason])
        if specialty == "emergency":  # whoever is on duty
            home = home[draw.pick(rng, len(at), [1.0] * len(home))]
            provider[at] = home
        else:
            provider[at] = home[visits.member[at]]
    first, side = _first_codes(rng, model, reason)
    flags = _mentioned(rng, model, people, visits, reason, provider)
    focus = _focus(rng, model, people, visits, reason)
    diagnoses = _written(rng, model, people, visits, first, focus, flags)
    return Coded(reason, diagnoses, side, provider)


def bill(rng: np.random.Generator, model: Model, people: People, visits: Visits, coded: Coded) -> Lines:
    """Return the service lines of each visit."""
    new = _new_patients(rng, model, visits, coded)
    level, billed = _levels(rng, model, visits, coded, new)
    small = {model.cents(c) for c in model.params.get_as("small_procedures", list[str])}
    parts: list[tuple[Any, ...]] = []
    for n, reason in enumerate(model.reasons.values()):
        at = np.flatnonzero(coded.reason == n)
        for order, service in enumerate(reason.services):
            parts += _service(rng, model, visits, coded, at, order, service, level, billed)
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    claim, position, number, true, modifiers, units, visit = columns
    sorted_ = np.lexsort((position, claim))
    lines = Lines(
        claim=claim[sorted_],
        code=number[sorted_],
        level=true[sorted_],
        modifiers=modifiers[sorted_],
        pointers=np.full(len(claim), "A", dtype=object),
        units=units[sorted_],
        visit=visit[sorted_],
    )
    counts = np.array([text.count(";") + 1 for text in coded.diagnoses])[lines.claim]
    letters = np.array([LETTERS[:k] for k in range(5)], dtype=object)[np.minimum(counts, 4)]
    beside = np.bincount(lines.claim[np.isin(lines.code, list(small))], minlength=len(visits))[lines.claim]
    return lines.with_(
        pointers=np.where(lines.visit, letters, lines.pointers),
        modifiers=np.where(lines.visit & (beside > 0), "25", lines.modifiers).astype(object),
    )


def _settled(model: Model, people: People, visits: Visits) -> "Ints":
    """Return the reasons by what is so on the day: whose check-up it is, and whether there is a condition."""
    names = list(model.reasons)
    reason = visits.reason
    child = (visits.day - people.born[visits.member]) / YEAR < ADULT
    check_up = np.isin(reason, [names.index("child_check"), names.index("adult_check")])
    right = np.where(child, names.index("child_check"), names.index("adult_check"))
    reason = np.where(check_up, right, reason)
    any_known = np.any(list(people.known.values()), axis=0)[visits.member]
    complaint = np.where(child, names.index("child_complaint"), names.index("complaint"))
    return np.where((reason == names.index("follow_up")) & ~any_known, complaint, reason)


def _first_codes(rng: np.random.Generator, model: Model, reason: "Ints") -> tuple["Texts", "Texts"]:
    first = np.full(len(reason), "", dtype=object)
    side = first.copy()
    for n, one in enumerate(model.reasons.values()):
        at = np.flatnonzero(reason == n)
        drawn = draw.pick(rng, len(at), [d.share for d in one.diagnoses])
        first[at] = np.array([d.codes for d in one.diagnoses], dtype=object)[drawn]
        side[at] = np.array([d.side for d in one.diagnoses], dtype=object)[drawn]
    first[first == "chronic"] = ""  # the focus below comes first
    return first, side


def _known(people: People, visits: Visits) -> "Bools":
    """Return visits by units: which conditions are known."""
    known = {**people.known, "drug": people.known["diabetes"]}
    return np.stack([known[unit] for unit in UNITS], axis=1)[visits.member]


def _mentioned(
    rng: np.random.Generator,
    model: Model,
    people: People,
    visits: Visits,
    reason: "Ints",
    provider: "Ints",
) -> "Bools":
    """Return visits by units: which known conditions are coded beside the reason."""
    mentions = np.array([r.mentions for r in model.reasons.values()])[reason]
    documents = np.array([p.documents for p in model.providers.values()])[provider]
    known = _known(people, visits)
    drawn = rng.random(known.shape) < np.minimum(mentions * documents, 1)[:, None]
    return _together(known & drawn, known)


def _together(flags: "Bools", known: "Bools") -> "Bools":
    """Return flags in which the codes that belong together stand together.

    Diabetes brings its drug. With kidney disease, diabetes and hypertension are coded as
    its cause, so all that are known of the three come together.
    """
    flags = flags.copy()
    kidney = known[:, 2]
    any_of_three = flags[:, :3].any(axis=1)
    flags[:, :3] |= (kidney & any_of_three)[:, None] & known[:, :3]
    flags[:, 3] = flags[:, 0]
    return flags


def _focus(rng: np.random.Generator, model: Model, people: People, visits: Visits, reason: "Ints") -> "Bools":
    """Return visits by units: what comes first at a follow-up, one of the known conditions."""
    known = _known(people, visits)
    known[:, 3] = False  # a drug is no reason to come
    mine = reason == list(model.reasons).index("follow_up")
    rank = np.where(known, rng.random(known.shape), -1.0).argmax(axis=1)
    flags = np.zeros_like(known)
    flags[np.arange(len(flags)), rank] = mine
    return _together(flags & known, _known(people, visits))


def _written(
    rng: np.random.Generator,
    model: Model,
    people: People,
    visits: Visits,
    first: "Texts",
    focus: "Bools",
    mentioned: "Bools",
) -> "Texts":
    """Return the codes of each visit as one text: the reason, then the focus, then what else is mentioned."""
    written = first.copy()
    obesity = _obesity(rng, model, people, visits)
    for flags in (focus, mentioned & ~focus):
        for n, unit in enumerate(UNITS):
            at = np.flatnonzero(flags[:, n])
            codes = obesity[at] if unit == "obesity" else people.codes[unit][visits.member[at]]
            written[at] = written[at] + ";" + codes
    return np.array([text.lstrip(";") for text in written], dtype=object)


def _obesity(rng: np.random.Generator, model: Model, people: People, visits: Visits) -> "Texts":
    """Return the codes of obesity that a visit would carry: by class from a day on, slowly."""
    classes = model.params.get_as("codes.obesity", list[parameters.ObesityClass])
    uptake = model.params.get_as("obesity_class_codes", dict[str, Any])
    since = (visits.day - day(uptake["day"])) / uptake["days"]
    share = np.where(since < 0, 0, uptake["from"] + (uptake["to"] - uptake["from"]) * np.clip(since, 0, 1))
    new = draw.chance(rng, share, len(visits))
    which = people.obesity[visits.member]
    texts = np.array([[f"{c.old};{c.bmi}", f"{c.new};{c.bmi}"] for c in classes], dtype=object)
    chosen: Texts = texts[which, new.astype(int)]
    return chosen


def _new_patients(rng: np.random.Generator, model: Model, visits: Visits, coded: Coded) -> "Bools":
    """Return which visits are of a new patient: some of the first ones to a specialty in the window."""
    specialties = list(people_specialties(model))
    specialty = np.array([specialties.index(r.specialty) for r in model.reasons.values()])[coded.reason]
    key = visits.member * len(specialties) + specialty
    first = np.zeros(len(visits), dtype=bool)
    first[np.unique(key, return_index=True)[1]] = True
    return first & draw.chance(rng, model.params.get_as("new_patient_share", float), len(visits))


def people_specialties(model: Model) -> dict[str, None]:
    """Return the specialties of the providers, in the order of the parameters."""
    return dict.fromkeys(p.specialty for p in model.providers.values())


def _levels(
    rng: np.random.Generator, model: Model, visits: Visits, coded: Coded, new: "Bools"
) -> tuple["Ints", "Ints"]:
    """Return the code of the visit as it was, and as it was billed."""
    emergency = np.array([r.place == EMERGENCY for r in model.reasons.values()])[coded.reason]
    level = np.empty(len(visits), dtype=np.int64)
    for kind, mine in (
        ("established", ~emergency & ~new),
        ("new", ~emergency & new),
        ("emergency", emergency),
    ):
        split = model.params.get_as(f"visit_levels.{kind}", dict[str, float])
        at = np.flatnonzero(mine)
        numbers = np.array([model.cents(c) for c in split])
        level[at] = numbers[draw.pick(rng, len(at), list(split.values()))]
    higher = {model.cents(low): model.cents(high) for low, high in (
        ("99212", "99213"), ("99213", "99214"), ("99214", "99215"),
        ("99202", "99203"), ("99203", "99204"), ("99204", "99205"),
    )}  # fmt: skip
    step = np.array([higher.get(n, n) for n in range(len(model.codes))])
    raises = np.array([p.raises for p in model.providers.values()])[coded.provider]
    return level, np.where(draw.chance(rng, raises, len(visits)), step[level], level)


def _service(
    rng: np.random.Generator,
    model: Model,
    visits: Visits,
    coded: Coded,
    at: "Ints",
    order: int,
    service: parameters.Service,
    level: "Ints",
    billed: "Ints",
) -> list[tuple[Any, ...]]:
    """Return the lines of one service: claim, order, billed and true code, modifiers, units, is a visit."""
    if service.payer:
        medicare = visits.payer[at] == MEDICARE
        at = at[medicare == (service.payer == "Medicare")]
    if service.needs:
        fits = (text.startswith(service.needs) for text in coded.diagnoses[at])
        at = at[np.fromiter(fits, dtype=bool, count=len(at))]
    if service.needs or service.labs:  # tests are not billed beside a nurse's visit: NCCI bundles them
        at = at[billed[at] != model.cents(NURSE_VISIT)]
    at = at[draw.chance(rng, service.labs or service.share, len(at))]
    if service.em:
        return [_rows(at, order, billed[at], level[at], "", 1, True)]
    if service.labs:
        tests = model.params.get_as("labs", dict[str, float])
        return [
            _rows(
                some := at[draw.chance(rng, share, len(at))],
                order + n / 10,
                number := np.full(len(some), model.cents(test)),
                number,
                "",
                1,
                False,
            )
            for n, (test, share) in enumerate(tests.items())
        ]
    number = np.full(len(at), model.cents(service.code))
    modifiers = coded.side[at] if service.modifiers == "side" else service.modifiers
    return [_rows(at, order, number, number, modifiers, service.units, False)]


def _rows(
    claim: "Ints", order: float, number: "Ints", true: "Ints", modifiers: Any, units: int, visit: bool
) -> tuple[Any, ...]:
    n = len(claim)
    text = modifiers if isinstance(modifiers, np.ndarray) else np.full(n, modifiers, dtype=object)
    return claim, np.full(n, float(order)), number, true, text, np.full(n, units), np.full(n, visit)
