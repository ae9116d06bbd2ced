"""PyTorch's answer to a case: the float64 oracle, and how far PyTorch's own float32 is from it."""

from pinned_torch import torch  # first, see there

import numpy as np
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence

from modules import new_module, run_module

TORCH_DTYPES = {"float32": torch.float32, "float64": torch.float64}


def evaluate(case, tensors):
    """`(expected, torch_error)`: arrays and index lists by name, and the errors or None."""
    with torch.no_grad():
        return in_both_precisions(case, tensors, _run)


def in_both_precisions(case, tensors, run):
    """`(expected, torch_error)` of `run(case, values, dtype)`: arrays by name, perhaps also lists."""

    def answer(dtype):
        values = {name: torch.from_numpy(value).to(TORCH_DTYPES[dtype]) for name, value in tensors.items()}
        return run(case, values, TORCH_DTYPES[dtype])

    oracle = answer("float64")
    if case.dtype == "float64":
        return oracle, None
    measured = answer("float32")
    arrays = [name for name, value in oracle.items() if isinstance(value, np.ndarray)]
    return oracle, {name: _error(case, name, measured[name], oracle[name]) for name in arrays}


def _run(case, values, dtype):
    module = new_module(case, values, dtype)
    initial = [values[name] for name in case.initial_shapes()] if case.initial else None
    results = run_module(case, module, pack(case, values["input"]), initial)
    output = results.get("output")
    arrays = {name: rows(result).numpy() for name, result in results.items()}
    if not isinstance(output, PackedSequence):
        return arrays
    return {
        **arrays,
        "batchSizes": output.batch_sizes.tolist(),
        "sortedIndices": _list_or_none(output.sorted_indices),
        "unsortedIndices": _list_or_none(output.unsorted_indices),
    }


def pack(case, padded):
    """A sequence as the module takes it."""
    if case.layout != "packed":
        return padded
    return pack_padded_sequence(padded, torch.tensor(case.lengths), case.batch_first, case.enforce_sorted)


def rows(sequence):
    """The tensor of a result, packed or not."""
    return sequence.data if isinstance(sequence, PackedSequence) else sequence


def _list_or_none(indices):
    return None if indices is None else indices.tolist()


def _error(case, name, measured, oracle):
    """Largest difference over the finite entries; where they are not finite, both must agree."""
    measured = measured.astype(np.float64)
    finite = np.isfinite(oracle)
    if (
        not np.array_equal(measured[~finite], oracle[~finite], equal_nan=True)
        or not np.isfinite(measured[finite]).all()
    ):
        raise SystemExit(f"{case.name}: float32 and float64 disagree where {name} is NaN or infinite")
    return float(np.abs(measured[finite] - oracle[finite]).max(initial=0.0))
