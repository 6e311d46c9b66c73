"""The results of a calculator's formulas, so that a preview that does not calculate shows them."""

import ast
import operator
import re
from collections.abc import Callable, Mapping

OPERATIONS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
SUM = re.compile(r"SUM\(B(\d+):B(\d+)\)")


def results(cells: Mapping[int, str | float]) -> dict[int, float]:
    """Compute the formulas of column B, given by row, from top to bottom."""
    known: dict[int, float] = {}
    for row, value in sorted(cells.items()):
        if isinstance(value, float):
            known[row] = value
        elif value.startswith("="):
            known[row] = _compute(ast.parse(_spelt_out(value[1:]), mode="eval").body, known)
    return {row: known[row] for row, value in cells.items() if str(value).startswith("=")}


def _spelt_out(formula: str) -> str:
    def added(match: re.Match[str]) -> str:
        first, last = int(match[1]), int(match[2])
        return "(" + "+".join(f"B{row}" for row in range(first, last + 1)) + ")"

    return SUM.sub(added, formula)


def _compute(node: ast.expr, known: Mapping[int, float]) -> float:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name):
            return known[int(name.removeprefix("B"))]
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in OPERATIONS:
            return OPERATIONS[type(sign)](_compute(left, known), _compute(right, known))
    raise ValueError(f"a calculator knows no {ast.unparse(node)}")
