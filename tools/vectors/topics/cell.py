"""torch.nn.GRUCell: one step, batched and not, with and without hx, biases and both dtypes."""

from itertools import product

from case import cell

SIZES = ((3, 5, 2), (5, 4, 3), (7, 3, 4), (4, 9, 2), (2, 7, 5))


def cases():
    combinations = product(("float32", "float64"), ("padded", "unbatched"), (True, False), (True, False))
    for turn, (dtype, layout, bias, hx) in enumerate(combinations):
        input_size, hidden_size, batch = SIZES[turn % len(SIZES)]
        yield cell(
            f"cell_{dtype}_{'batched' if layout == 'padded' else layout}"
            f"_{'bias' if bias else 'no_bias'}_{'hx' if hx else 'no_hx'}",
            input_size=input_size,
            hidden_size=hidden_size,
            batch=batch,
            dtype=dtype,
            layout=layout,
            bias=bias,
            initial=hx,
        )
    yield cell("cell_wide", input_size=33, hidden_size=65, batch=3)
    yield cell("cell_one_by_one", input_size=1, hidden_size=2, batch=3)
    yield cell("cell_many_rows", input_size=6, hidden_size=9, batch=17)
    yield cell("cell_saturated", input_size=5, hidden_size=7, batch=2, parameter_scale=20.0)
    small = {"input_size": 3, "hidden_size": 5, "batch": 2}
    for label, value in (("nan", float("nan")), ("inf", float("inf")), ("minus_inf", float("-inf"))):
        yield cell(f"cell_{label}_in_input", set=(("input", (1, 2), value),), **small)
        yield cell(f"cell_{label}_in_hx", set=(("h0", (0, 3), value),), **small)
