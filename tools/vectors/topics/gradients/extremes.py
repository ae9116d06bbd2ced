"""Long sums and long sequences, saturated gates, single steps and rows, and very large or small operands."""

from case import Case, packed
from gradient_case import gradient

SMALL = {"input_size": 3, "hidden_size": 5, "batch": 2}


def cases():
    yield from _long()
    yield from _single()
    yield from _saturated()
    yield from _magnitudes()
    yield from _impulses()


def _long():
    yield gradient(Case("gradient_steps_60", steps=60, **SMALL))
    yield gradient(
        Case("gradient_steps_60_layers_2_both", 4, 3, num_layers=2, bidirectional=True, steps=60, batch=2)
    )
    # each sum in turn is longer than 64: over the inputs, the rows of all steps, the batch, the hidden units
    yield gradient(Case("gradient_input_70", 70, 3, steps=5, batch=2))
    yield gradient(Case("gradient_rows_165", 2, 7, steps=33, batch=5))
    yield gradient(Case("gradient_batch_67", 2, 5, steps=3, batch=67))
    yield gradient(Case("gradient_hidden_67", 2, 67, steps=4, batch=3))


def _single():
    yield gradient(Case("gradient_one_step", steps=1, **SMALL))
    yield gradient(
        Case("gradient_one_step_unbatched_both", 3, 5, layout="unbatched", bidirectional=True, steps=1)
    )
    yield gradient(Case("gradient_one_row", 3, 5, steps=4, batch=1, num_layers=2, bidirectional=True))
    yield gradient(Case("gradient_one_input", 1, 4, steps=5, batch=3))
    yield gradient(Case("gradient_one_hidden", 3, 1, steps=5, batch=4, num_layers=2, bidirectional=True))


def _saturated():
    shape = {"input_size": 5, "hidden_size": 7, "parameter_scale": 20.0}
    yield gradient(Case("gradient_saturated", steps=4, batch=3, **shape))
    yield gradient(
        Case("gradient_saturated_no_bias", steps=4, batch=3, bias=False, batch_first=True, **shape)
    )
    yield gradient(packed("gradient_saturated_packed", (4, 1, 3), enforce_sorted=False, **shape))
    yield gradient(Case("gradient_inputs_up_to_88", steps=4, input_scale=88.0, **SMALL))
    yield gradient(Case("gradient_inputs_up_to_1000", steps=4, input_scale=1e3, **SMALL))
    yield gradient(Case("gradient_h0_up_to_100", steps=4, h0_scale=100.0, **SMALL))
    # a shut update gate passes nothing on, an open one everything
    for state, bias in (("shut", -30.0), ("open", 30.0)):
        replaced = tuple(("bias_ih_l0", (5 + i,), bias) for i in range(5))
        yield gradient(Case(f"gradient_update_gate_{state}", steps=4, set=replaced, **SMALL))


def _magnitudes():
    shape = {"steps": 4, **SMALL}
    for label in ("1e-20", "1e6"):
        yield gradient(Case(f"gradient_cotangents_{label}", **shape), cotangent_scale=float(label))
    yield gradient(Case("gradient_inputs_1e-20_no_bias", input_scale=1e-20, bias=False, initial=False, **shape))
    yield gradient(Case("gradient_zero_inputs", input_scale=0.0, **shape))
    yield gradient(Case("gradient_zero_parameters", parameter_scale=0.0, **shape))


def _impulses():
    """One element is fed back: what it reaches is seen at once."""
    shape = {"steps": 4, "num_layers": 2, "bidirectional": True, **SMALL}
    for name, where in (("forward", (1, 1, 2)), ("reverse", (2, 0, 8))):
        case = Case(f"gradient_of_one_output_{name}", set=(("g_output", where, 1.0),), **shape)
        yield gradient(case, cotangents=("output",), cotangent_scale=0.0)
    case = Case("gradient_of_one_hn_of_first_layer_reverse", set=(("g_hn", (1, 1, 3), 1.0),), **shape)
    yield gradient(case, cotangents=("hn",), cotangent_scale=0.0)
