"""Recorded cases as JSON: one case to a line, so that a diff shows which cases changed."""

import base64
import json
import math

import numpy as np


def case_json(case, seed, expected, torch_error):
    return {**operands_json(case, seed), "expected": expected_json(case, expected), "torchError": torch_error}


def gradient_json(case, seed, expected, torch_error):
    operands = operands_json(case, seed)
    operands["config"] |= {"dropout": case.dropout, "seed": case.module_seed}
    return {
        **operands,
        "cotangents": list(case.cotangents),
        "expected": {name: array_json(gradient) for name, gradient in expected.items()},
        "torchError": torch_error,
    }


def operands_json(case, seed):
    """What is run, and on what."""
    return {
        "name": case.name,
        "module": case.module,
        "dtype": case.dtype,
        "config": {
            "inputSize": case.input_size,
            "hiddenSize": case.hidden_size,
            "numLayers": case.num_layers,
            "bias": case.bias,
            "batchFirst": case.batch_first,
            "bidirectional": case.bidirectional,
            **case.options(),
        },
        "layout": case.layout,
        "steps": case.steps,
        "batch": 1 if case.layout == "unbatched" else case.batch,
        "lengths": None if case.lengths is None else list(case.lengths),
        "enforceSorted": case.enforce_sorted,
        "initial": case.initial,
        "seed": seed,
        "scales": case.scales,
        "set": [{"tensor": t, "index": i, "value": number(v)} for t, i, v in case.set_flat()],
    }


def expected_json(case, expected):
    result = {name: array_json(expected[name]) for name in case.results}
    for name in ("batchSizes", "sortedIndices", "unsortedIndices"):
        if name in expected:
            result["output"][name] = expected[name]
    return result


def array_json(array):
    # one NaN for all, because its sign and payload are the machine's and not the module's
    values = np.where(np.isnan(array), np.nan, array).astype("<f8")
    return {"shape": list(array.shape), "data": base64.b64encode(values.tobytes()).decode()}


def number(value):
    """JSON has no NaN, no infinity, and readers differ about -0."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0 and math.copysign(1, value) < 0:
        return "-0"
    return value


def write(path, header, cases):
    lines = [f"  {json.dumps(key)}: {json.dumps(value)}," for key, value in header.items()]
    rows = ",\n".join("    " + json.dumps(case, separators=(",", ":"), allow_nan=False) for case in cases)
    path.write_text("\n".join(["{", *lines, '  "cases": [', rows, "  ]", "}"]) + "\n")
