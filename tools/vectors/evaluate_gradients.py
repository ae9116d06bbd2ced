"""PyTorch's gradients of a case: the float64 oracle, and how far PyTorch's own float32 is from it."""

from pinned_torch import torch  # first, see there

from dataclasses import replace

from torch.nn.utils.rnn import PackedSequence

from dropout import mask
from evaluate import in_both_precisions, pack, rows
from modules import new_module, run_module


def evaluate_gradients(case, tensors):
    """`(expected, torch_error)`: gradients by the name of what they are for, and the errors or None."""
    return in_both_precisions(case, tensors, _gradients)


def _gradients(case, values, dtype):
    sequence = values["input"].requires_grad_()
    # a state left out is zeros, and has a gradient too
    initial = {
        name: values.get(name, torch.zeros(shape, dtype=dtype)).requires_grad_()
        for name, shape in case.initial_shapes().items()
    }
    run = _run_layers if case.dropout else _run_module
    results, parameters = run(case, values, sequence, list(initial.values()), dtype)
    cotangents = {name: values[f"g_{name}"] for name in case.cotangents}
    if "output" in cotangents:
        cotangents["output"] = rows(pack(case, cotangents["output"]))
    operands = {"input": sequence, **initial, **parameters}
    fed_back = [results[name] for name in cotangents]
    gradients = torch.autograd.grad(fed_back, list(operands.values()), list(cotangents.values()))
    return {name: gradient.numpy() for name, gradient in zip(operands, gradients)}


def _run_module(case, values, sequence, initial, dtype):
    module = new_module(case, values, dtype)
    results = run_module(case, module, pack(case, sequence), initial)
    return {name: rows(result) for name, result in results.items()}, dict(module.named_parameters())


def _run_layers(case, values, sequence, initial, dtype):
    """A module for each layer, with the runtime's masks between them in place of torch's."""
    above, last, parameters = pack(case, sequence), [], {}
    for layer in range(case.num_layers):
        single = replace(case, num_layers=1, dropout=0.0, input_size=rows(above).shape[-1])
        in_stack = {name: name.replace("_l0", f"_l{layer}") for name in single.parameter_shapes()}
        module = new_module(single, {name: values[stacked] for name, stacked in in_stack.items()}, dtype)
        first = layer * case.directions
        own = [state[first : first + case.directions] for state in initial]
        results = run_module(single, module, above, own)
        output = results.pop("output")
        above = output if layer == case.num_layers - 1 else _masked(case, output, layer)
        last.append(results)
        parameters |= {in_stack[name]: parameter for name, parameter in module.named_parameters()}
    states = {name: torch.cat([results[name] for results in last]) for name in last[0]}
    return {"output": rows(above), **states}, parameters


def _masked(case, output, layer):
    data = rows(output)
    # rounded to what the runtime multiplies by, then in the precision of this run
    values = mask(data.numel(), case.dropout, case.module_seed, layer).astype(case.dtype)
    values = torch.from_numpy(values).to(data.dtype)
    if isinstance(output, PackedSequence):
        return PackedSequence(data * values.reshape(data.shape), *output[1:])
    if case.batch_first and case.layout != "unbatched":
        return data * values.reshape(case.steps, case.batch, -1).transpose(0, 1)
    return data * values.reshape(data.shape)
