"""Packed sequences: sorted by length and not, uneven, length 1, one row alone."""

from itertools import product

from case import packed

SORTED = (6, 4, 4, 1)
UNSORTED = (2, 6, 1, 5)


def cases():
    combinations = product((1, 2, 3), (False, True), (True, False), (True, False))
    for turn, (layers, bidirectional, in_order, h0) in enumerate(combinations):
        name = f"layers_{layers}_{'both' if bidirectional else 'forward'}"
        name += f"_{'sorted' if in_order else 'unsorted'}_{'h0' if h0 else 'no_h0'}"
        yield packed(
            f"packed_{name}",
            SORTED if in_order else UNSORTED,
            input_size=3,
            hidden_size=5,
            num_layers=layers,
            bidirectional=bidirectional,
            enforce_sorted=in_order,
            initial=h0,
            # in turn, so that both meet sorted and unsorted, with and without h0
            bias=(turn + layers) % 3 != 0,
            batch_first=(turn + turn // 4) % 2 == 1,
        )
    both = {"input_size": 3, "hidden_size": 5, "bidirectional": True}
    yield packed("packed_one_row", (4,), **both)
    yield packed("packed_one_row_one_step", (1,), **both)
    yield packed("packed_one_row_unsorted", (3,), enforce_sorted=False, **both)
    yield packed("packed_all_one_step", (1, 1, 1, 1), **both)
    yield packed("packed_all_equal", (4, 4), **both)
    yield packed("packed_sorted_but_not_enforced", (5, 3, 2, 1), enforce_sorted=False, **both)
    yield packed("packed_ascending", (1, 2, 4, 6), enforce_sorted=False, **both)
    yield packed(
        "packed_ties", (4, 2, 4, 2, 1, 4), enforce_sorted=False, input_size=4, hidden_size=7, num_layers=2
    )
    yield packed(
        "packed_very_uneven", (1, 30, 2, 1), enforce_sorted=False, batch_first=True, num_layers=2, **both
    )
    yield packed(
        "packed_wide", (5, 1, 3), enforce_sorted=False, input_size=17, hidden_size=33, bidirectional=True
    )
    yield packed("packed_many_rows", tuple(1 + 7 * i % 9 for i in range(17)), enforce_sorted=False, **both)
