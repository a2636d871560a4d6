"""The price of a claim under the Medicare Physician Fee Schedule.

::

    allowed = (work RVU x work GPCI + PE RVU x PE GPCI + MP RVU x MP GPCI) x conversion factor

RVU are relative value units, PE is practice expense, MP is malpractice. The place of service
picks the practice expense: facility or non-facility. 26 and TC pick a row of their own.
"""

from course_lib.claims.pricing.engine import price
from course_lib.claims.pricing.model import Price, PriceLine, Step

__all__ = ["Price", "PriceLine", "Step", "price"]
