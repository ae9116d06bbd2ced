"""Finite but hard: saturated gates, the ends of exp's range, subnormals, zeros of both signs."""

from itertools import cycle, product

from case import Case, packed

# where float32's exp overflows (88.72) and underflows (-103.97), where 1 - sigmoid and 1 - tanh round to 0
# (16.6, 9.01), ln 3 / 2 and ln 2 / 2 where range reductions change branch
CURVE = (88.0, 87.3, 88.7, 88.8, 103.9, 104.0, 1e3, 17.4, 16.6, 9.02, 9.0, 5.0, 1.0, 0.625, 0.5493, 0.3466)
CURVE += (0.1, 1e-3, 2.0**-12, 1e-8, 1e-20, 1e-40, 0.0)
BOTH_SIGNS = tuple(sign * value for value in CURVE for sign in (1.0, -1.0))
SHUT = -1e3  # sigmoid is exactly 0, in float64 too


def cases():
    yield from _curves()
    yield from _saturated()
    yield from _large_inputs()
    yield from _small()
    yield from _zeros()


def _curves():
    """Each function of the cell alone, one argument to a hidden unit."""
    h = len(BOTH_SIGNS)
    alone = {"input_size": 1, "hidden_size": h, "batch": 2, "steps": 1, "parameter_scale": 0.0}

    def gate(index, values, tensor="bias_ih_l0"):
        return tuple((tensor, (index * h + i,), value) for i, value in enumerate(values))

    # n = tanh(0), so h' = z * h shows sigmoid with its relative accuracy
    yield Case("update_gate_curve", set=gate(1, BOTH_SIGNS), **alone)
    shut = gate(1, [SHUT] * h)
    # z = 0, so h' = n
    yield Case("candidate_curve", set=shut + gate(2, BOTH_SIGNS), **alone)
    # n = tanh(r / 2) shows r
    yield Case("reset_gate_curve", set=shut + gate(0, BOTH_SIGNS) + gate(2, [0.5] * h, "bias_hh_l0"), **alone)


def _saturated():
    shape = {"input_size": 5, "hidden_size": 7, "parameter_scale": 20.0}
    yield Case("saturated", **shape)
    yield Case("saturated_layers_2_both", num_layers=2, bidirectional=True, **shape)
    yield Case("saturated_batch_first_no_bias", batch_first=True, bias=False, **shape)
    yield packed("saturated_packed", (4, 1, 3), enforce_sorted=False, bidirectional=True, **shape)
    yield Case("saturated_wide", 17, 33, parameter_scale=20.0, steps=3, batch=2)


def _large_inputs():
    for magnitude in (88.0, 104.0, 1e3):
        label = f"{magnitude:g}"
        yield Case(f"inputs_up_to_{label}", 5, 7, input_scale=magnitude)
        yield Case(
            f"inputs_up_to_{label}_layers_2_both",
            3,
            4,
            input_scale=magnitude,
            num_layers=2,
            bidirectional=True,
            batch=2,
        )
        yield Case(f"inputs_exactly_{label}", 3, 4, batch=2, set=_every_input((4, 2, 3), magnitude))
        # weights of 1 and -1 bring the preactivations themselves to the magnitude
        weights = tuple(("weight_ih_l0", (row, 0), 1.0 if row % 2 else -1.0) for row in range(12))
        inputs = _every_input((4, 2, 1), magnitude)
        yield Case(f"preactivations_{label}", 1, 4, batch=2, parameter_scale=0.0, set=weights + inputs)
        yield Case(f"h0_up_to_{label}", 3, 4, batch=2, h0_scale=magnitude)


def _every_input(shape, magnitude):
    signs = cycle((1.0, -1.0, -1.0))
    return tuple(("input", where, next(signs) * magnitude) for where in product(*map(range, shape)))


def _small():
    # without biases, so that nothing larger hides the small terms
    bare = {"input_size": 3, "hidden_size": 4, "batch": 2, "bias": False}
    for label, scale in (("1e-40", 1e-40), ("1e-20", 1e-20)):
        yield Case(f"inputs_{label}", input_scale=scale, initial=False, **bare)
        yield Case(f"h0_{label}", input_scale=0.0, h0_scale=scale, **bare)
        yield Case(f"parameters_{label}", parameter_scale=scale, initial=False, **bare)
        yield Case(
            f"inputs_and_h0_{label}_layers_2_both",
            input_scale=scale,
            h0_scale=scale,
            num_layers=2,
            bidirectional=True,
            **bare,
        )
    # the product is below float32's smallest subnormal
    yield Case("inputs_and_parameters_1e-23", input_scale=1e-23, parameter_scale=1e-23, initial=False, **bare)
    smallest, largest_subnormal = 2.0**-149, 2.0**-126 - 2.0**-149
    edges = (
        ("input", (0, 0, 0), smallest),
        ("input", (1, 1, 2), -largest_subnormal),
        ("input", (2, 0, 1), 2.0**-126),
    )
    yield Case("inputs_at_the_edges_of_subnormal", input_scale=0.0, initial=False, set=edges, **bare)
    yield Case("biases_1e-40", 3, 4, batch=2, input_scale=0.0, initial=False, set=_every_bias(1e-40))


def _every_bias(magnitude):
    return tuple(
        (tensor, (i,), (i + 1) * magnitude * (-1) ** i)
        for tensor in ("bias_ih_l0", "bias_hh_l0")
        for i in range(12)
    )


def _zeros():
    # a scale of 0 fills with zeros of both signs
    shape = {"input_size": 3, "hidden_size": 4, "batch": 2}
    yield Case("zero_inputs", input_scale=0.0, **shape)
    yield Case("zero_h0", h0_scale=0.0, **shape)
    yield Case("zero_inputs_and_h0_no_bias", input_scale=0.0, h0_scale=0.0, bias=False, **shape)
    yield Case("zero_parameters", parameter_scale=0.0, **shape)
    yield Case("zero_everything", parameter_scale=0.0, input_scale=0.0, h0_scale=0.0, **shape)
    negative = tuple(("h0", where, -0.0) for where in product(range(1), range(2), range(4)))
    yield Case("negative_zero_h0_no_bias", bias=False, input_scale=0.0, set=negative, **shape)
