"""float64 throughout, with parameters, inputs and cotangents of full width."""

from itertools import product

from case import Case, packed
from gradient_case import gradient


def cases():
    f64 = {"dtype": "float64"}
    for turn, (layers, bidirectional) in enumerate(product((1, 2, 3), (False, True))):
        h0, bias, batch_first = turn % 4 in (0, 3), turn % 3 != 1, turn % 4 in (1, 2)
        name = f"gradient_float64_layers_{layers}_{'both' if bidirectional else 'forward'}"
        case = Case(
            f"{name}_{'h0' if h0 else 'no_h0'}_{'bias' if bias else 'no_bias'}",
            4,
            3,
            num_layers=layers,
            bidirectional=bidirectional,
            initial=h0,
            bias=bias,
            batch_first=batch_first,
            steps=5,
            batch=2,
            **f64,
        )
        yield gradient(case)
    small = {"input_size": 3, "hidden_size": 5, **f64}
    yield gradient(
        Case("gradient_float64_unbatched", layout="unbatched", num_layers=2, bidirectional=True, **small)
    )
    yield gradient(
        Case("gradient_float64_by_output", steps=4, batch=2, initial=False, **small), cotangents=("output",)
    )
    yield gradient(Case("gradient_float64_by_hn", steps=4, batch=2, **small), cotangents=("hn",))
    yield gradient(packed("gradient_float64_packed_sorted", (6, 4, 4, 1), num_layers=2, **small))
    yield gradient(
        packed(
            "gradient_float64_packed_unsorted",
            (2, 6, 1, 4),
            enforce_sorted=False,
            batch_first=True,
            bidirectional=True,
            initial=False,
            **small,
        )
    )
    yield gradient(Case("gradient_float64_steps_60", steps=60, batch=2, **small))
    yield gradient(Case("gradient_float64_rows_165", 2, 7, steps=33, batch=5, **f64))
    yield gradient(Case("gradient_float64_saturated", 5, 7, steps=4, batch=3, parameter_scale=20.0, **f64))
