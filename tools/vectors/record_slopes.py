"""Records gradients of functions where slopes jump or end: python3 tools/vectors/record_slopes.py

Every function of the notation at zeros, infinities and NaN, those of two operands at all pairs of these, times gradients
of the result that are finite, infinite and NaN, by torch.autograd in float64.
"""

from pinned_torch import torch  # first, see there

import itertools
import json
from math import inf, nan
from pathlib import Path

from write import number

DESTINATION = Path(__file__).parents[2] / "packages" / "codegen" / "test" / "vectors" / "slopes.json"
SPECIAL = [0.0, -0.0, inf, -inf, nan]
ORDINARY = [1.0, -1.0]
FROM_ABOVE = [1.0, -0.5, inf, nan]

# of ordinary operands, only those whose values and slopes are exact
FUNCTIONS = {
    **{name: (getattr(torch, name), [SPECIAL]) for name in ("sigmoid", "tanh", "exp", "log", "sqrt")},
    "softplus": (torch.nn.functional.softplus, [SPECIAL]),
    **{name: (getattr(torch, name), [SPECIAL + ORDINARY]) for name in ("relu", "abs")},
    "max": (torch.maximum, [SPECIAL + ORDINARY] * 2),
    "min": (torch.minimum, [SPECIAL + ORDINARY] * 2),
}


def slopes(apply, candidates):
    *columns, above = (list(column) for column in zip(*itertools.product(*candidates, FROM_ABOVE)))
    operands = [torch.tensor(column, dtype=torch.float64, requires_grad=True) for column in columns]
    apply(*operands).backward(torch.tensor(above, dtype=torch.float64))
    return {
        "operands": [numbers(column) for column in columns],
        "gradient": numbers(above),
        "expected": [numbers(operand.grad.tolist()) for operand in operands],
    }


def numbers(values):
    return [number(value) for value in values]


def main():
    header = {"torch": torch.__version__, "command": "python3 tools/vectors/record_slopes.py"}
    recorded = {name: slopes(apply, candidates) for name, (apply, candidates) in FUNCTIONS.items()}
    head = [f"  {json.dumps(key)}: {json.dumps(value)},\n" for key, value in header.items()]
    rows = [f"    {json.dumps(name)}: {json.dumps(value)}" for name, value in recorded.items()]
    DESTINATION.write_text("".join(["{\n", *head, '  "functions": {\n', ",\n".join(rows), "\n  }\n}\n"]))
    print(f"{DESTINATION.name}: {sum(len(each['gradient']) for each in recorded.values())} gradients")


if __name__ == "__main__":
    main()
