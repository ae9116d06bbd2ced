"""Packed sequences, whose padding gets no gradient and gives none."""

from itertools import product

from case import packed
from gradient_case import gradient

SORTED = (6, 4, 4, 1)
UNSORTED = (2, 6, 1, 5)


def cases():
    combinations = product((1, 2), (False, True), (True, False))
    for turn, (layers, bidirectional, in_order) in enumerate(combinations):
        h0, bias = (turn + turn // 2) % 2 == 0, turn % 3 != 1
        name = f"layers_{layers}_{'both' if bidirectional else 'forward'}"
        name += f"_{'sorted' if in_order else 'unsorted'}_{'h0' if h0 else 'no_h0'}"
        case = packed(
            f"gradient_packed_{name}",
            SORTED if in_order else UNSORTED,
            input_size=3,
            hidden_size=5,
            num_layers=layers,
            bidirectional=bidirectional,
            enforce_sorted=in_order,
            initial=h0,
            bias=bias,
            batch_first=turn % 4 in (1, 2),
        )
        yield gradient(case)
    both = {"input_size": 3, "hidden_size": 5, "bidirectional": True, "enforce_sorted": False}
    yield gradient(packed("gradient_packed_by_output", (2, 4), **both), cotangents=("output",))
    yield gradient(packed("gradient_packed_by_hn", (2, 4), **both), cotangents=("hn",))
    yield gradient(packed("gradient_packed_one_row", (4,), **both))
    yield gradient(packed("gradient_packed_all_one_step", (1, 1, 1, 1), **both))
    yield gradient(packed("gradient_packed_ties", (4, 2, 4, 2, 1, 4), **both))
    yield gradient(packed("gradient_packed_very_uneven", (1, 30, 2, 7), batch_first=True, **both))
