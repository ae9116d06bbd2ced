"""Records the numbers the compiler's tests compare with: python3 tools/vectors/record_cells.py

Three cells that are not the GRU, each over one sequence without a batch, in float64, everything in full as
plain numbers: an LSTM by torch.nn.LSTMCell, the reset-before GRU and an element-wise recurrence by NumPy.
"""

from pinned_torch import torch  # first, see there

import json
from pathlib import Path

import numpy as np

from fill import fill, tensor_seed

DESTINATION = Path(__file__).parents[2] / "packages" / "codegen" / "test" / "vectors"
INPUT_SIZE, HIDDEN_SIZE = 3, 4
HEADER = {
    "torch": torch.__version__,
    "numpy": np.__version__,
    "command": "python3 tools/vectors/record_cells.py",
}


class Filled:
    """Tensors of one cell, numbered in the order they are asked for."""

    def __init__(self, seed):
        self.seed, self.ordinal = seed, 0

    def __call__(self, *shape):
        values = fill(tensor_seed(self.seed, self.ordinal), int(np.prod(shape)), 1.0, "float64")
        self.ordinal += 1
        return values.reshape(shape)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def torch_layout(parameters, gates):
    """The named parameters stacked as torch stacks them, and which names each stack holds."""
    stacks = {
        "weight_ih": [f"W_i{g}" for g in gates],
        "weight_hh": [f"W_h{g}" for g in gates],
        "bias_ih": [f"b_i{g}" for g in gates],
        "bias_hh": [f"b_h{g}" for g in gates],
    }
    return stacks, {stack: np.concatenate([parameters[n] for n in names]) for stack, names in stacks.items()}


def gated_parameters(filled, gates):
    i, h = INPUT_SIZE, HIDDEN_SIZE
    shapes = {"W_i": (h, i), "W_h": (h, h), "b_i": (h,), "b_h": (h,)}
    return {kind + gate: filled(*shape) for kind, shape in shapes.items() for gate in gates}


def lstm(seed=20, steps=5):
    filled = Filled(seed)
    parameters = gated_parameters(filled, "ifgo")
    layout, stacked = torch_layout(parameters, "ifgo")
    cell = torch.nn.LSTMCell(INPUT_SIZE, HIDDEN_SIZE, dtype=torch.float64)
    cell.load_state_dict({name: torch.from_numpy(values) for name, values in stacked.items()})
    x, h0, c0 = filled(steps, INPUT_SIZE), filled(HIDDEN_SIZE), filled(HIDDEN_SIZE)
    h, c = torch.from_numpy(h0), torch.from_numpy(c0)
    states = []
    with torch.no_grad():
        for row in torch.from_numpy(x):
            h, c = cell(row, (h, c))
            states.append((h.numpy(), c.numpy()))
    expected = {"h": np.array([h for h, _ in states]), "c": np.array([c for _, c in states])}
    return document("lstm", seed, parameters, {"x": x}, {"h": h0, "c": c0}, expected, layout, stacked)


def gru_reset_before(seed=30, steps=5):
    filled = Filled(seed)
    p = gated_parameters(filled, "rzn")
    layout, stacked = torch_layout(p, "rzn")
    x, h0 = filled(steps, INPUT_SIZE), filled(HIDDEN_SIZE)
    h, states = h0, []
    for row in x:
        r = sigmoid(p["W_ir"] @ row + p["b_ir"] + p["W_hr"] @ h + p["b_hr"])
        z = sigmoid(p["W_iz"] @ row + p["b_iz"] + p["W_hz"] @ h + p["b_hz"])
        n = np.tanh(p["W_in"] @ row + p["b_in"] + p["W_hn"] @ (r * h) + p["b_hn"])
        h = (1 - z) * n + z * h
        states.append(h)
    return document(
        "gru_reset_before", seed, p, {"x": x}, {"h": h0}, {"h": np.array(states)}, layout, stacked
    )


def elementwise(seed=40, steps=6, hidden_size=5):
    filled = Filled(seed)
    d, x, h0 = filled(hidden_size), filled(steps, hidden_size), filled(hidden_size)
    a = sigmoid(d)
    h, states = h0, []
    for row in x:
        h = a * h + (1 - a) * np.tanh(row)
        states.append(h)
    return document("elementwise", seed, {"d": d}, {"x": x}, {"h": h0}, {"h": np.array(states)})


def document(cell, seed, parameters, inputs, initial, expected, layout=None, stacked=None):
    """`initial` are the states before the first step, `expected` the states after each step, [steps, ...]."""
    parts = {"parameters": parameters, "inputs": inputs, "initial": initial, "expected": expected}
    if layout is not None:
        parts["torchLayout"], parts["torchParameters"] = layout, stacked
    return {**HEADER, "seeds": f"tools/vectors/fill.py, case seed {seed}, scale 1", "cell": cell, **parts}


def text(document):
    """One tensor to a line."""
    lines = []
    for key, value in document.items():
        if isinstance(value, dict):
            rows = [
                f"    {json.dumps(name)}: {json.dumps(tensor_json(tensor))}" for name, tensor in value.items()
            ]
            lines.append(f"  {json.dumps(key)}: {{\n" + ",\n".join(rows) + "\n  }")
        else:
            lines.append(f"  {json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def tensor_json(tensor):
    if isinstance(tensor, list):  # the names in a layout
        return tensor
    return {"shape": list(tensor.shape), "data": tensor.ravel().tolist()}


def main():
    DESTINATION.mkdir(parents=True, exist_ok=True)
    for cell in (lstm(), gru_reset_before(), elementwise()):
        path = DESTINATION / f"{cell['cell']}.json"
        path.write_text(text(cell))
        print(f"{path.name:24}{path.stat().st_size:7} bytes")


if __name__ == "__main__":
    main()
