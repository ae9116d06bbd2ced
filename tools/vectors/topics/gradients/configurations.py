"""The product of layers, directions, layout and h0; bias and what is fed back in turn."""

from itertools import product

from case import Case
from gradient_case import gradient

LAYOUTS = ("steps_first", "batch_first", "unbatched")
# inputSize, hiddenSize, batch, steps
SIZES = ((3, 5, 2, 4), (4, 3, 5, 2), (2, 4, 3, 5), (5, 3, 2, 4))
FED_BACK = (("output", "hn"), ("output",), ("hn",))


def cases():
    combinations = product((1, 2), (False, True), LAYOUTS, (True, False))
    for turn, (layers, bidirectional, layout, h0) in enumerate(combinations):
        # shifted every few turns, so that no option always meets the same size, bias or cotangents
        yield _case(turn + turn // 4, layers, bidirectional, layout, h0, bias=(turn + turn // 6) % 3 != 0)
    for turn, (bidirectional, bias) in enumerate(product((False, True), (True, False))):
        yield _case(turn, 3, bidirectional, LAYOUTS[turn % 2], h0=bidirectional == bias, bias=bias)


def _case(turn, layers, bidirectional, layout, h0, bias):
    input_size, hidden_size, batch, steps = SIZES[turn % len(SIZES)]
    fed_back = FED_BACK[turn % len(FED_BACK)]
    name = f"gradient_layers_{layers}_{'both' if bidirectional else 'forward'}_{layout}"
    name += f"_{'h0' if h0 else 'no_h0'}_{'bias' if bias else 'no_bias'}_by_{'_and_'.join(fed_back)}"
    case = Case(
        name,
        input_size,
        hidden_size,
        num_layers=layers,
        bidirectional=bidirectional,
        bias=bias,
        batch_first=layout == "batch_first",
        layout="unbatched" if layout == "unbatched" else "padded",
        initial=h0,
        batch=batch,
        steps=steps,
    )
    return gradient(case, cotangents=fed_back)
