"""PyTorch's gradients of a case: the float64 oracle, and how far PyTorch's own float32 is from it."""

from pinned_torch import torch  # first, see there

from dataclasses import replace

from torch.nn.utils.rnn import PackedSequence

from dropout import mask
from evaluate import in_both_precisions, new_cell, new_gru, pack


def evaluate_gradients(case, tensors):
    """`(expected, torch_error)`: gradients by the name of what they are for, and the errors or None."""
    return in_both_precisions(case, tensors, _gradients)


def _gradients(case, values, dtype):
    sequence = values["input"].requires_grad_()
    # a state left out is zeros, and has a gradient too
    state = values.get("h0", torch.zeros(case.state_shape(), dtype=dtype)).requires_grad_()
    run = _run_cell if case.kind == "cell" else _run_layers if case.dropout else _run_gru
    results, parameters = run(case, values, sequence, state, dtype)
    cotangents = {name: values[f"g_{name}"] for name in case.cotangents}
    if "output" in cotangents:
        cotangents["output"] = _rows(pack(case, cotangents["output"]))
    operands = {"input": sequence, "h0": state, **parameters}
    gradients = torch.autograd.grad(
        [results[name] for name in cotangents], list(operands.values()), list(cotangents.values())
    )
    return {name: gradient.numpy() for name, gradient in zip(operands, gradients)}


def _run_cell(case, values, sequence, state, dtype):
    cell = new_cell(case, values, dtype)
    return {"hn": cell(sequence, state)}, dict(cell.named_parameters())


def _run_gru(case, values, sequence, state, dtype):
    gru = new_gru(case, values, dtype)
    output, hn = gru(pack(case, sequence), state)
    return {"output": _rows(output), "hn": hn}, dict(gru.named_parameters())


def _run_layers(case, values, sequence, state, dtype):
    """A torch.nn.GRU for each layer, with the runtime's masks between them in place of torch's."""
    above, states, parameters = pack(case, sequence), [], {}
    for layer in range(case.num_layers):
        single = replace(case, num_layers=1, dropout=0.0, input_size=_rows(above).shape[-1])
        in_stack = {name: name.replace("_l0", f"_l{layer}") for name in single.parameter_shapes()}
        gru = new_gru(single, {name: values[stacked] for name, stacked in in_stack.items()}, dtype)
        first = layer * case.directions
        output, hn = gru(above, state[first : first + case.directions])
        above = output if layer == case.num_layers - 1 else _masked(case, output, layer)
        states.append(hn)
        parameters |= {in_stack[name]: parameter for name, parameter in gru.named_parameters()}
    return {"output": _rows(above), "hn": torch.cat(states)}, parameters


def _masked(case, output, layer):
    rows = _rows(output)
    # rounded to what the runtime multiplies by, then in the precision of this run
    values = mask(rows.numel(), case.dropout, case.module_seed, layer).astype(case.dtype)
    values = torch.from_numpy(values).to(rows.dtype)
    if isinstance(output, PackedSequence):
        return PackedSequence(rows * values.reshape(rows.shape), *output[1:])
    if case.batch_first and case.layout != "unbatched":
        return rows * values.reshape(case.steps, case.batch, -1).transpose(0, 1)
    return rows * values.reshape(rows.shape)


def _rows(sequence):
    return sequence.data if isinstance(sequence, PackedSequence) else sequence
