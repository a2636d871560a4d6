"""Random draws that give the same numbers with every version of numpy.

numpy may change its methods for a distribution; the plain uniform numbers of a
bit generator stay. So everything here is an inverse of uniform numbers.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]


def generator(seed: int, chunk: int) -> np.random.Generator:
    """Return the generator of one chunk; chunks of one seed do not depend on each other."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, chunk])))


def pick(rng: np.random.Generator, n: int, weights: "Sequence[float] | Floats") -> "Ints":
    """Return `n` indices into `weights`, each as likely as its weight."""
    edges = np.cumsum(np.asarray(weights, dtype=float))
    found = np.searchsorted(edges, rng.random(n) * edges[-1], side="right")
    picked: Ints = np.minimum(found, len(edges) - 1).astype(np.int64)
    return picked


def chance(rng: np.random.Generator, share: "float | Floats", n: int) -> "Bools":
    """Return `n` booleans, true with probability `share` (one, or one each)."""
    return rng.random(n) < share


def poisson(rng: np.random.Generator, mean: "Floats") -> "Ints":
    """Return a Poisson count for each mean, by inversion; meant for means below 50."""
    u = rng.random(len(mean))
    term = np.exp(-mean)
    total, counts, k = term.copy(), np.zeros(len(mean), dtype=np.int64), 0
    while (more := u > total).any() and k < 200:
        counts += more
        k += 1
        term = term * mean / k
        total = total + term
    return counts


def lag(rng: np.random.Generator, span: Sequence[int], n: int) -> "Ints":
    """Return `n` whole days between the two ends, early ones likelier (a uniform number, squared)."""
    low, high = span
    return low + np.floor((high - low + 1) * rng.random(n) ** 2).astype(np.int64)
