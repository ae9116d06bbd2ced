"""torch.nn.GRUCell: batched and not, with and without hx, biases and both dtypes."""

from itertools import product

from case import cell
from gradient_case import gradient

SIZES = ((3, 5, 2), (5, 4, 3), (7, 3, 4))


def cases():
    combinations = product(("float32", "float64"), ("padded", "unbatched"), (True, False), (True, False))
    for turn, (dtype, layout, bias, hx) in enumerate(combinations):
        input_size, hidden_size, batch = SIZES[turn % len(SIZES)]
        name = f"gradient_cell_{dtype}_{'batched' if layout == 'padded' else layout}"
        name += f"_{'bias' if bias else 'no_bias'}_{'hx' if hx else 'no_hx'}"
        yield gradient(
            cell(
                name,
                input_size=input_size,
                hidden_size=hidden_size,
                batch=batch,
                dtype=dtype,
                layout=layout,
                bias=bias,
                initial=hx,
            )
        )
    yield gradient(cell("gradient_cell_many_rows", input_size=6, hidden_size=9, batch=17))
    yield gradient(
        cell("gradient_cell_saturated", input_size=5, hidden_size=7, batch=2, parameter_scale=20.0)
    )
