"""float64 throughout, with parameters and inputs of full width."""

from itertools import product

from case import Case, packed


def cases():
    f64 = {"dtype": "float64"}
    for layers, bidirectional, h0 in product((1, 2, 3), (False, True), (True, False)):
        name = f"float64_layers_{layers}_{'both' if bidirectional else 'forward'}_{'h0' if h0 else 'no_h0'}"
        # bias and batch_first in turn
        bias, batch_first = (layers + h0) % 2 == 0, (layers + bidirectional) % 2 == 1
        yield Case(
            name,
            3,
            5,
            num_layers=layers,
            bidirectional=bidirectional,
            initial=h0,
            bias=bias,
            batch_first=batch_first,
            batch=2,
            **f64,
        )
    yield Case("float64_unbatched", 3, 5, layout="unbatched", num_layers=2, bidirectional=True, **f64)
    yield packed(
        "float64_packed_sorted",
        (5, 3, 3, 1),
        input_size=3,
        hidden_size=5,
        num_layers=2,
        bidirectional=True,
        **f64,
    )
    yield packed(
        "float64_packed_unsorted",
        (2, 5, 1),
        enforce_sorted=False,
        batch_first=True,
        input_size=4,
        hidden_size=5,
        bidirectional=True,
        **f64,
    )
    yield Case("float64_steps_50", 4, 7, steps=50, batch=2, **f64)
    yield Case("float64_input_17_hidden_33", 17, 33, steps=3, batch=2, **f64)
    yield Case("float64_input_65_hidden_128", 65, 128, steps=2, batch=2, **f64)
    yield Case("float64_saturated", 5, 7, parameter_scale=20.0, **f64)
    for magnitude in (88.0, 104.0, 710.0, 746.0, 1e3):  # 710 and 746: the ends of float64's exp
        yield Case(f"float64_inputs_up_to_{magnitude:g}", 5, 7, input_scale=magnitude, **f64)
    yield from _curve("float64_update_gate_curve", gate=1)
    yield from _curve("float64_candidate_curve", gate=2)
    bare = {"input_size": 3, "hidden_size": 4, "batch": 2, "bias": False, "initial": False, **f64}
    for label, scale in (("1e-310", 1e-310), ("5e-324", 5e-324), ("1e-20", 1e-20)):
        yield Case(f"float64_inputs_{label}", input_scale=scale, **bare)
        yield Case(f"float64_parameters_{label}", parameter_scale=scale, **bare)
    for label, value in (("nan", float("nan")), ("inf", float("inf")), ("minus_inf", float("-inf"))):
        place = (("input", (1, 1, 2), value),)
        yield Case(
            f"float64_{label}_in_input", 3, 4, batch=2, num_layers=2, bidirectional=True, set=place, **f64
        )
        yield Case(f"float64_{label}_in_h0", 3, 4, batch=2, set=(("h0", (0, 1, 2), value),), **f64)


def _curve(name, gate):
    """One gate alone, one argument to a hidden unit: see extremes.py."""
    arguments = (
        710.0,
        709.0,
        745.0,
        746.0,
        1e3,
        104.0,
        36.8,
        19.1,
        5.0,
        1.0,
        0.625,
        0.5493,
        0.3466,
        1e-3,
        1e-9,
        1e-310,
    )
    values = [sign * value for value in arguments for sign in (1.0, -1.0)]
    h = len(values)
    shut = tuple(("bias_ih_l0", (h + i,), -1e3) for i in range(h)) if gate == 2 else ()
    chosen = tuple(("bias_ih_l0", (gate * h + i,), value) for i, value in enumerate(values))
    yield Case(name, 1, h, batch=2, steps=1, parameter_scale=0.0, dtype="float64", set=shut + chosen)
