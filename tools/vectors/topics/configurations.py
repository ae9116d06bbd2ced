"""The product of layers, directions, bias, layout and h0, at small odd sizes."""

from itertools import product

from case import Case

LAYOUTS = ("steps_first", "batch_first", "unbatched")
# inputSize, hiddenSize, batch, steps: taken in turn, so that no option always meets the same size
SIZES = ((3, 5, 2, 4), (5, 4, 3, 3), (7, 3, 2, 5), (4, 6, 5, 2), (2, 7, 3, 4))


def cases():
    yield Case("worked_example", 5, 10, num_layers=2, steps=7, batch=3)
    combinations = product((1, 2, 3), (False, True), (True, False), LAYOUTS, (True, False))
    for turn, (layers, bidirectional, bias, layout, h0) in enumerate(combinations):
        input_size, hidden_size, batch, steps = SIZES[turn % len(SIZES)]
        name = f"layers_{layers}_{'both' if bidirectional else 'forward'}"
        name += f"_{'bias' if bias else 'no_bias'}_{layout}_{'h0' if h0 else 'no_h0'}"
        yield Case(
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
    # batch_first has no effect without a batch: [T,I] stays [T,I]
    yield Case(
        "unbatched_with_batch_first",
        3,
        5,
        num_layers=2,
        bidirectional=True,
        batch_first=True,
        layout="unbatched",
    )
