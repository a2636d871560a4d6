"""Which chunks make so many claims, and with which seed."""

from collections.abc import Iterator

from course_lib.claims.simulation import parameters
from course_lib.claims.simulation.frames import CHUNK
from course_lib.errors import CourseError


def seed(given: int | None) -> int:
    """Return a seed: the one that is given, or that of the parameter file."""
    return parameters.load().get_as("seed", int) if given is None else given


def chunks(n: int) -> Iterator[tuple[int, int]]:
    """Yield (number of the chunk, claims of it) for `n` claims.

    Raises
    ------
    CourseError
        When `n` is below 1.
    """
    if n < 1:
        raise CourseError(f"{n} claims cannot be simulated.", remedy="Ask for one or more.")
    for number in range(-(-n // CHUNK)):
        yield number, min(CHUNK, n - number * CHUNK)
