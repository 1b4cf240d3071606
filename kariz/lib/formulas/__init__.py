"""A small safe language for computed fields, with Python's grammar and nothing of its powers.

A formula knows field names, numbers, texts, + - * / %, comparisons, and, or, not, if(condition, a, b), and the
functions of `functions.FUNCTIONS`. What cannot be worked out, because a field is empty or of another kind, is empty.
"""

from kariz.lib.formulas.formula import Formula, compile  # noqa: A004  the verb of the language, as in `re`
from kariz.lib.formulas.parsing import BadFormula
from kariz.lib.formulas.values import Value

__all__ = ["BadFormula", "Formula", "Value", "compile"]
