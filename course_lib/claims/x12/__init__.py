"""X12 files, the teaching subset: the claim (837P, 005010X222A1) and the remittance (835, 005010X221A1).

What is written is meant to be whole and right; the tests let `pyx12` judge it. What is read
may hold more than the course uses: other segments are passed over.
"""
