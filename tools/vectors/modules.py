"""The modules that cases are about, with a case's parameters."""

from pinned_torch import torch  # first, see there

from reset_before import ResetBeforeGRU, ResetBeforeGRUCell


def new_module(case, values, dtype):
    """The module of torch.nn, or where torch has none its few lines in Python."""
    names = list(case.parameter_shapes())
    module = _made(case, dtype)
    if names != list(module.state_dict()):
        raise SystemExit(f"{case.name}: ordinals do not follow the state_dict: {names}")
    module.load_state_dict({name: values[name] for name in names})
    return module


def run_module(case, module, sequence, initial):
    """What a module gives, by name; `initial` are states in the cell's order, or None."""
    given = None if initial is None else initial[0] if len(case.states) == 1 else tuple(initial)
    result = module(sequence, given)
    output, last = (None, result) if case.is_cell else result
    states = (last,) if len(case.states) == 1 else last
    return dict(zip(case.results, states if case.is_cell else (output, *states)))


def _made(case, dtype):
    options = {"bias": case.bias, "dtype": dtype}
    if case.module.startswith("RNN"):
        options["nonlinearity"] = case.nonlinearity
    if not case.is_cell:
        options |= {"batch_first": case.batch_first, "bidirectional": case.bidirectional}
        options |= {"num_layers": case.num_layers}
    if case.proj_size:
        options["proj_size"] = case.proj_size
    named = {"GRU": ResetBeforeGRU, "GRUCell": ResetBeforeGRUCell}
    made = getattr(torch.nn, case.module) if case.reset_after else named[case.module]
    return made(case.input_size, case.hidden_size, **options)
