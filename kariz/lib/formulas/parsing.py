"""A formula's text as a tree that holds nothing but what the language knows."""

import ast
import re
from collections.abc import Callable
from functools import lru_cache

from django.utils.translation import gettext as _

from kariz.lib.formulas.functions import FUNCTIONS
from kariz.lib.formulas.values import COMPARISONS, OPERATORS
from kariz.lib.numbers import localize_digits

LONGEST = 1000
DEEPEST = 30

# `if` is no name in Python, IF is; it is as long, so every place in the text stays where it was.
IF = "IF"
TODAY = "today"
_TEXT = re.compile(r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')""")
_ARGUMENTS = {IF: (3, 3), TODAY: (0, 0), **{name: (one.least, one.most) for name, one in FUNCTIONS.items()}}


class BadFormula(ValueError):
    """The formula is none; the message says what is wrong and where."""

    def __init__(self, text: str, **values: str | int) -> None:
        super().__init__(text % values)
        self.text, self.values = text, values

    def told(self, number: Callable[[int], str]) -> str:
        """The message with its numbers as `number` writes them."""
        return self.text % {
            name: number(value) if isinstance(value, int) else value for name, value in self.values.items()
        }


@lru_cache(maxsize=1000)
def parsed(source: str) -> tuple[ast.expr, frozenset[str]]:
    """The checked tree and the names of the fields that it reads."""
    text = source.strip()
    if not text:
        raise BadFormula(_("The formula is empty."))
    if len(text) > LONGEST:
        raise BadFormula(_("The formula is longer than %(most)s characters."), most=LONGEST)
    reading = _Reading(text)
    tree = reading.tree()
    reading.check(tree, depth=1)
    return tree, frozenset(reading.names)


def _as_python(text: str) -> str:
    parts = _TEXT.split(text)
    parts[::2] = [
        re.sub(r"\bif\b", IF, localize_digits(part, "latin").replace("\n", " ")) for part in parts[::2]
    ]
    return "".join(parts)


class _Reading:
    """One formula while it is read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.python = _as_python(text)
        self.names: set[str] = set()

    def tree(self) -> ast.expr:
        try:
            return ast.parse(self.python, mode="eval").body
        except SyntaxError as error:
            # Python gives no place for a formula that ends too early.
            position = min(error.offset or len(self.text), len(self.text))
            near = self.text[max(position - 6, 0) : position + 5].strip()
            raise BadFormula(
                _("The formula cannot be read at character %(position)s, near “%(near)s”."),
                position=position,
                near=near,
            ) from None
        except (RecursionError, MemoryError, ValueError):
            raise _too_deep() from None

    def check(self, node: ast.expr, depth: int) -> None:
        """Refuse all that the language does not know, and gather the names."""
        if depth > DEEPEST:
            raise _too_deep()
        if isinstance(node, ast.Name):
            self.names.add(node.id)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
            self._check_call(node.func.id, node)
        elif not _is_known(node):
            raise BadFormula(
                _("“%(part)s”, at character %(position)s, cannot be used in a formula."),
                part=ast.unparse(node)[:40],
                position=self._position(node),
            )
        for operand in node.args if isinstance(node, ast.Call) else ast.iter_child_nodes(node):
            if isinstance(operand, ast.expr):
                self.check(operand, depth + 1)

    def _check_call(self, name: str, node: ast.Call) -> None:
        where: dict[str, str | int] = {"name": name.lower(), "position": self._position(node)}
        if name not in _ARGUMENTS:
            raise BadFormula(_("There is no function “%(name)s”, at character %(position)s."), **where)
        least, most = _ARGUMENTS[name]
        if not least <= len(node.args) <= most:
            raise BadFormula(
                _(
                    "“%(name)s”, at character %(position)s, has too few or too many values in its parentheses."
                ),
                **where,
            )

    def _position(self, node: ast.expr) -> int:
        """Which character a part starts with; Python counts bytes."""
        return len(self.python.encode()[: node.col_offset].decode()) + 1


def _too_deep() -> BadFormula:
    return BadFormula(_("The formula is nested more than %(most)s levels deep."), most=DEEPEST)


def _is_known(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=value):
            return isinstance(value, (bool, int, float, str))
        case ast.BinOp(op=operation):
            return type(operation) in OPERATORS
        case ast.UnaryOp(op=sign):
            return isinstance(sign, (ast.USub, ast.UAdd, ast.Not))
        case ast.Compare(ops=comparisons):
            return all(type(comparison) in COMPARISONS for comparison in comparisons)
    return isinstance(node, ast.BoolOp)
