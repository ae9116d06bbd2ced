"""Sizes around the widths that vector code works in, and long sequences."""

from case import Case

# around 1, 2, 4, 8, 16, 32, 64 and 128 lanes, where the remainders of unrolled loops are
SIZES = (1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 24, 31, 33, 64, 65, 96, 127, 128)
OFFSET = 7  # each size is paired with the one so many places on: each is once input and once hidden
LONG = (50, 23, 37, 12, 41)
BATCHES = (1, 4, 6, 8, 11, 16, 17, 33)


def cases():
    for index, hidden_size in enumerate(SIZES):
        input_size = SIZES[(index + OFFSET) % len(SIZES)]
        steps = LONG[index % len(LONG)] if hidden_size < 16 else 3
        batch = next(b for b in (2, 3, 4) if b not in (input_size, hidden_size))
        yield _case(input_size, hidden_size, steps, batch)
    for steps in (1, 2, 3, 5, 10, 25, 50):
        yield _case(4, 6, steps, 2, num_layers=2, bidirectional=True)
    for batch in BATCHES:
        yield _case(5, 9, 3, batch)
    yield _case(1, 128, 2, 3)
    yield _case(128, 1, 2, 3)
    yield _case(65, 33, 3, 2, num_layers=2, bidirectional=True)
    yield _case(31, 17, 50, 1)


def _case(input_size, hidden_size, steps, batch, num_layers=1, bidirectional=False):
    name = f"input_{input_size}_hidden_{hidden_size}_steps_{steps}_batch_{batch}"
    if bidirectional:
        name += f"_layers_{num_layers}_both"
    return Case(
        name,
        input_size,
        hidden_size,
        steps=steps,
        batch=batch,
        num_layers=num_layers,
        bidirectional=bidirectional,
    )
