"""Parameters made by hand, on which a transposed matrix or an exchanged gate is far off."""

from case import Case, cell, packed

OPEN, CLOSED = 30.0, -30.0  # sigmoid(30) is 1 - 1e-13: open, but h' still depends on everything


def cases():
    h = 5
    # the state moves on by one place a step; a transposed matrix would move it back
    shift = tuple(("weight_hh_l0", (2 * h + i, i - 1), 1.0) for i in range(1, h))
    still = {"input_size": 3, "hidden_size": h, "parameter_scale": 0.0, "batch": 2}
    yield Case("shift_by_one", set=shift, **still)
    yield Case("shift_by_one_reverse", set=shift + _renamed(shift, "_reverse"), bidirectional=True, **still)
    yield packed(
        "shift_by_one_packed",
        (4, 2),
        set=shift + _renamed(shift, "_reverse"),
        bidirectional=True,
        **{key: value for key, value in still.items() if key != "batch"},
    )
    for gate, name in enumerate(("reset", "update")):
        for state, bias in (("open", OPEN), ("closed", CLOSED)):
            replaced = tuple(("bias_ih_l0", (gate * h + i,), bias) for i in range(h))
            yield Case(f"{name}_gate_{state}", 3, h, batch=2, set=replaced)
            in_cell = tuple(("bias_ih", where, value) for _, where, value in replaced)
            yield cell(f"cell_{name}_gate_{state}", input_size=3, hidden_size=h, batch=2, set=in_cell)
    # r multiplies b_hn and not b_in: only one of the two may pass a closed reset gate
    closed = tuple(("bias_ih_l0", (i,), CLOSED) for i in range(h))
    for tensor in ("bias_ih_l0", "bias_hh_l0"):
        candidate = tuple((tensor, (2 * h + i,), 1.0 + i / 4) for i in range(h))
        yield Case(f"reset_gate_closed_{tensor}_large", 3, h, batch=2, set=closed + candidate)
    # one feature, one row of the batch, one step: what reaches which output is seen at once
    yield Case("impulse_in_last_feature", 4, 3, batch=2, input_scale=0.0, set=(("input", (1, 1, 3), 1.0),))
    yield Case(
        "impulse_in_last_feature_batch_first_both",
        4,
        3,
        batch=2,
        num_layers=2,
        batch_first=True,
        bidirectional=True,
        input_scale=0.0,
        set=(("input", (1, 2, 3), 1.0),),
    )


def _renamed(replaced, suffix):
    return tuple((tensor + suffix, where, value) for tensor, where, value in replaced)
