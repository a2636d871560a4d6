"""The checks behind `CodeBook.check`: small modules, each a family of rules.

Every check is a function from a `model.Record` to findings, and none of them raises.
"""
