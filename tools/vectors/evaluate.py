"""PyTorch's answer to a case: the float64 truth, and how far PyTorch's own float32 is from it."""

from pinned_torch import torch  # first, see there

import numpy as np
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence

TORCH_DTYPES = {"float32": torch.float32, "float64": torch.float64}


def evaluate(case, tensors):
    """`(expected, torch_error)`: arrays and index lists by name, and the errors or None."""
    truth = _run(case, tensors, "float64")
    if case.dtype == "float64":
        return truth, None
    measured = _run(case, tensors, "float32")
    return truth, {
        name: _error(case, name, measured[name], truth[name]) for name in ("output", "hn") if name in truth
    }


def _run(case, tensors, dtype):
    values = {name: torch.from_numpy(value).to(TORCH_DTYPES[dtype]) for name, value in tensors.items()}
    with torch.no_grad():
        return (_run_cell if case.kind == "cell" else _run_gru)(case, values, TORCH_DTYPES[dtype])


def _run_cell(case, values, dtype):
    cell = torch.nn.GRUCell(case.input_size, case.hidden_size, case.bias, dtype=dtype)
    _load(case, cell, values)
    return {"hn": cell(values["input"], values.get("h0")).numpy()}


def _run_gru(case, values, dtype):
    gru = torch.nn.GRU(
        case.input_size,
        case.hidden_size,
        case.num_layers,
        bias=case.bias,
        batch_first=case.batch_first,
        bidirectional=case.bidirectional,
        dtype=dtype,
    )
    _load(case, gru, values)
    sequence = values["input"]
    if case.layout == "packed":
        lengths = torch.tensor(case.lengths)
        sequence = pack_padded_sequence(sequence, lengths, case.batch_first, case.enforce_sorted)
    output, hn = gru(sequence, values.get("h0"))
    if not isinstance(output, PackedSequence):
        return {"output": output.numpy(), "hn": hn.numpy()}
    return {
        "output": output.data.numpy(),
        "hn": hn.numpy(),
        "batchSizes": output.batch_sizes.tolist(),
        "sortedIndices": _list_or_none(output.sorted_indices),
        "unsortedIndices": _list_or_none(output.unsorted_indices),
    }


def _load(case, module, values):
    names = list(case.parameter_shapes())
    if names != list(module.state_dict()):
        raise SystemExit(f"{case.name}: ordinals do not follow the state_dict: {names}")
    module.load_state_dict({name: values[name] for name in names})


def _list_or_none(indices):
    return None if indices is None else indices.tolist()


def _error(case, name, measured, truth):
    """Largest difference over the finite entries; where they are not finite, both must agree."""
    measured = measured.astype(np.float64)
    finite = np.isfinite(truth)
    if (
        not np.array_equal(measured[~finite], truth[~finite], equal_nan=True)
        or not np.isfinite(measured[finite]).all()
    ):
        raise SystemExit(f"{case.name}: float32 and float64 disagree where {name} is NaN or infinite")
    return float(np.abs(measured[finite] - truth[finite]).max(initial=0.0))
