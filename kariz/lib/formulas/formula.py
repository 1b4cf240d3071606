"""A formula that has been checked once and can be worked out for any number of records."""

import ast
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.utils import timezone
from django.utils.translation import gettext as _

from kariz.lib.formulas.functions import FUNCTIONS
from kariz.lib.formulas.parsing import IF, TODAY, BadFormula, parsed
from kariz.lib.formulas.values import Value, calculated, compared, value_of


@dataclass(frozen=True)
class Formula:
    """`names` are the fields that it reads."""

    source: str
    names: frozenset[str]
    tree: ast.expr

    def evaluate(self, values: Mapping[str, object], today: date | None = None) -> Value:
        """The result for these values, None where it cannot be worked out. A name without a value is empty."""
        return _Evaluation(values, today or timezone.localdate()).value(self.tree)


def compile(source: str, names: AbstractSet[str]) -> Formula:  # noqa: A001  as `re.compile`
    """The formula of `source`, which may read the fields called `names`; BadFormula where it is none."""
    tree, read = parsed(source)
    unknown = sorted(read - names)
    if unknown:
        raise BadFormula(_("There is no field “%(name)s”."), name=unknown[0])
    return Formula(source, read, tree)


@dataclass(frozen=True)
class _Evaluation:
    """One record's values on their way through the tree."""

    given: Mapping[str, object]
    today: date

    def value(self, node: ast.expr) -> Value:
        return _STEPS[type(node)](self, node)

    def constant(self, node: ast.Constant) -> Value:
        return value_of(node.value)

    def name(self, node: ast.Name) -> Value:
        return value_of(self.given.get(node.id))

    def binary(self, node: ast.BinOp) -> Value:
        return calculated(type(node.op), self.value(node.left), self.value(node.right))

    def unary(self, node: ast.UnaryOp) -> Value:
        operand = self.value(node.operand)
        if isinstance(node.op, ast.Not):
            return not operand
        return calculated(ast.Sub if isinstance(node.op, ast.USub) else ast.Add, value_of(0), operand)

    def logical(self, node: ast.BoolOp) -> bool:
        """What is empty is not true."""
        whole = all if isinstance(node.op, ast.And) else any
        return whole(self.value(operand) for operand in node.values)

    def comparison(self, node: ast.Compare) -> bool | None:
        sides = pairwise([self.value(side) for side in (node.left, *node.comparators)])
        results = [compared(type(op), *pair) for op, pair in zip(node.ops, sides, strict=True)]
        return None if None in results else all(results)

    def call(self, node: ast.Call) -> Value:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name == IF:
            condition, then, otherwise = node.args
            return self.value(then if self.value(condition) else otherwise)
        if name == TODAY:
            return self.today
        return FUNCTIONS[name].apply(*map(self.value, node.args))


_STEPS: dict[type[ast.expr], Callable[..., Value]] = {
    ast.Constant: _Evaluation.constant,
    ast.Name: _Evaluation.name,
    ast.BinOp: _Evaluation.binary,
    ast.UnaryOp: _Evaluation.unary,
    ast.BoolOp: _Evaluation.logical,
    ast.Compare: _Evaluation.comparison,
    ast.Call: _Evaluation.call,
}
