"""The modules that share a file of cases, and what all of them are asked: few cases, and each option and layout in some.

The GRU has files of its own for each topic; what they show of layers, directions and packing holds for every module, so
the others have the smallest set that meets each pair of options.
"""

from itertools import product

from case import Case, cell, packed

# label: what makes the module and its cell
LSTM = {"lstm": {"module": "LSTM"}, "lstm_projected": {"module": "LSTM", "proj_size": 2}}
RNN = {
    "rnn_tanh": {"module": "RNN"},
    "rnn_relu": {"module": "RNN", "nonlinearity": "relu"},
}
RESET_BEFORE = {"gru_reset_before": {"module": "GRU", "reset_after": False}}

NON_FINITE = (("nan", float("nan")), ("inf", float("inf")), ("minus_inf", float("-inf")))
SMALL = {"input_size": 3, "hidden_size": 5}

# layers, both directions, bias, layout, initial states given, (inputSize, hiddenSize, batch, steps)
CONFIGURATIONS = (
    (1, False, True, "steps_first", True, (3, 5, 4, 6)),
    (1, True, False, "batch_first", False, (5, 4, 3, 6)),
    (2, False, False, "unbatched", False, (4, 5, 1, 3)),
    (2, True, True, "batch_first", True, (3, 5, 4, 6)),
    (3, False, True, "batch_first", False, (4, 3, 5, 6)),
    (3, True, False, "steps_first", True, (6, 3, 4, 5)),
    (1, True, True, "unbatched", True, (7, 4, 1, 3)),
    (2, False, False, "steps_first", True, (1, 7, 3, 5)),
)


def cell_of(fields):
    """The fields of the module of single steps, where torch has one: LSTMCell has no projection."""
    return None if "proj_size" in fields else {**fields, "module": f"{fields['module']}Cell"}


def configurations(label, fields):
    for layers, both, bias, layout, initial, sizes in CONFIGURATIONS:
        input_size, hidden_size, batch, steps = sizes
        name = f"{label}_layers_{layers}_{'both' if both else 'forward'}_{'bias' if bias else 'no_bias'}_{layout}"
        yield Case(
            f"{name}_{'initial' if initial else 'no_initial'}",
            input_size,
            hidden_size,
            num_layers=layers,
            bidirectional=both,
            bias=bias,
            batch_first=layout == "batch_first",
            layout="unbatched" if layout == "unbatched" else "padded",
            initial=initial,
            batch=batch,
            steps=steps,
            **fields,
        )


def in_packs(label, fields):
    shape = {**SMALL, **fields}
    yield packed(f"{label}_packed_sorted", (6, 4, 4, 1), num_layers=2, **shape)
    yield packed(
        f"{label}_packed_unsorted_both",
        (2, 6, 1, 4),
        enforce_sorted=False,
        batch_first=True,
        bidirectional=True,
        **shape,
    )
    yield packed(
        f"{label}_packed_layers_2_both_no_initial",
        (1, 7, 3),
        enforce_sorted=False,
        num_layers=2,
        bidirectional=True,
        initial=False,
        **{**shape, "input_size": 4},
    )


def extremes(label, fields):
    # Where most gates are saturated few are left whose errors count: enough of them that PyTorch's largest error is no luck.
    many = {"input_size": 5, "hidden_size": 12, "batch": 7, "steps": 8, **fields}
    # few steps: such a recurrence is chaotic, one of projected states, which may be large, already in the second
    few = {**many, "steps": 1 if "proj_size" in fields else 3}
    yield Case(f"{label}_saturated", parameter_scale=20.0, **few)
    for magnitude in (88.0, 1e3):
        yield Case(f"{label}_inputs_up_to_{magnitude:g}", input_scale=magnitude, **many)
    yield Case(f"{label}_initial_up_to_1000", h0_scale=1e3, **many)
    yield Case(f"{label}_inputs_1e-20_no_bias", 3, 5, input_scale=1e-20, bias=False, initial=False, batch=4, **fields)
    yield Case(f"{label}_zeros", 3, 5, input_scale=0.0, h0_scale=0.0, bias=False, batch=4, **fields)


def non_finite(label, fields):
    for value_label, value in NON_FINITE:
        for tensor, where in (("input", (1, 1, 2)), ("h0", (0, 1, 1)), ("weight_hh_l0", (1, 1)), ("bias_ih_l0", (2,))):
            yield _with(f"{label}_{value_label}_in_{tensor}", tensor, where, value, fields)
        if fields["module"] == "LSTM":
            yield _with(f"{label}_{value_label}_in_c0", "c0", (0, 1, 3), value, fields)


def _with(name, tensor, where, value, fields):
    return Case(name, 3, 5, batch=4, steps=3, set=((tensor, where, value),), **fields)


def wide(label, fields):
    """Sizes beyond a block of 64, and long sequences."""
    yield Case(f"{label}_input_65_hidden_33", 65, 33, steps=2, batch=3, **fields)
    yield Case(f"{label}_input_3_hidden_66", 3, 66, steps=2, batch=1, **fields)
    yield Case(f"{label}_steps_50", 4, 6, steps=50, batch=1, **fields)


def float64(label, fields):
    f64 = {"dtype": "float64", **fields}
    yield Case(f"{label}_float64", 4, 3, batch=5, **f64)
    yield Case(
        f"{label}_float64_layers_2_both_no_bias", 3, 5, num_layers=2, bidirectional=True, bias=False, batch=4, **f64
    )
    yield packed(f"{label}_float64_packed", (2, 5, 1), enforce_sorted=False, input_size=4, hidden_size=5, **f64)


def cells(label, fields):
    combinations = product(("float32", "float64"), ("padded", "unbatched"))
    for turn, (dtype, layout) in enumerate(combinations):
        bias, initial = turn % 3 != 1, turn % 2 == 0
        name = f"{label}_cell_{dtype}_{'batched' if layout == 'padded' else layout}"
        name += f"_{'bias' if bias else 'no_bias'}_{'initial' if initial else 'no_initial'}"
        shape = {"input_size": 3, "hidden_size": 5, "batch": 2, "dtype": dtype, "layout": layout}
        yield cell(name, bias=bias, initial=initial, **shape, **fields)
    yield cell(f"{label}_cell_many_rows", input_size=6, hidden_size=9, batch=17, **fields)
    for value_label, value in NON_FINITE:
        place = (("input", (1, 2), value),)
        yield cell(f"{label}_cell_{value_label}_in_input", input_size=3, hidden_size=5, batch=2, set=place, **fields)


def cases_of(family):
    for label, fields in family.items():
        for topic in (configurations, in_packs, extremes, non_finite, wide, float64):
            yield from topic(label, fields)
        if cell_of(fields):
            yield from cells(label, cell_of(fields))
