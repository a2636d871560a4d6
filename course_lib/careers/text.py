"""A role as text."""

from course_lib.careers.model import Role


def as_text(role: Role) -> str:
    """Return a role as plain text, each figure with its year and page."""
    lines = [role.name, role.short, "", "Duties", *(f"  {duty}" for duty in role.duties)]
    lines += [f"  Source: {role.duties_source}", "", "A day (an illustration, not measured)"]
    lines += [f"  {task.time}  {task.task} ({task.uses})" for task in role.day]
    lines += ["", f"Education: {role.education}", f"Credentials: {', '.join(role.credentials)}"]
    lines += ["", f"Pay and growth: BLS {role.occupation}", f"  {role.stands_for}", *pay_lines(role)]
    lines += [f"  {caveat}" for caveat in role.caveats]
    lines += ["", "Read on", *(f"  {link.title}: {link.url}" for link in role.links)]
    return "\n".join(lines)


def pay_lines(role: Role) -> list[str]:
    """Return the pay and growth figures, newest first."""
    lines = [f"  {p.year}: ${p.median:,} ({p.kind}). {p.note} {p.source}{_doubt(p.trust)}" for p in role.pay]
    for g in role.growth:
        openings = f", about {g.openings:,} openings a year" if g.openings else ""
        lines.append(f"  {g.period}: {g.percent:+g} % jobs{openings}. {g.source}{_doubt(g.trust)}")
    return lines


def _doubt(trust: str) -> str:
    return "" if trust == "official" else " (second-hand: confirm it at bls.gov)"
