"""Dropout in training mode, by the masks of the first training call."""

from case import Case, packed
from gradient_case import gradient

SMALL = {"input_size": 4, "hidden_size": 3, "batch": 2}
LARGE_SEED = 2**40 + 5  # both halves of a seed count


def cases():
    half = {"dropout": 0.5, "module_seed": 7}
    yield gradient(Case("gradient_dropout_layers_2", num_layers=2, steps=5, **SMALL), **half)
    yield gradient(
        Case("gradient_dropout_layers_3_both", num_layers=3, bidirectional=True, steps=5, **SMALL), **half
    )
    yield gradient(
        Case("gradient_dropout_batch_first_no_h0", num_layers=2, batch_first=True, initial=False, steps=5, **SMALL),
        dropout=0.2,
        module_seed=LARGE_SEED,
    )
    yield gradient(
        Case(
            "gradient_dropout_batch_first_both_no_bias",
            num_layers=2,
            bidirectional=True,
            batch_first=True,
            bias=False,
            steps=5,
            **SMALL,
        ),
        dropout=0.3,  # 1 / 0.7 is rounded
        module_seed=1,
    )
    yield gradient(
        Case("gradient_dropout_unbatched", 4, 3, num_layers=3, layout="unbatched", steps=5), **half
    )
    yield gradient(
        Case("gradient_dropout_by_hn", num_layers=2, bidirectional=True, steps=5, **SMALL),
        cotangents=("hn",),
        **half,
    )
    # nothing of the first layer reaches the output, and its own hn still has a gradient
    yield gradient(Case("gradient_dropout_1", num_layers=2, steps=5, **SMALL), dropout=1.0, module_seed=7)
    packed_sizes = {"input_size": 4, "hidden_size": 5, "num_layers": 2}
    yield gradient(packed("gradient_dropout_packed", (6, 3, 1), **packed_sizes), **half)
    yield gradient(
        packed(
            "gradient_dropout_packed_unsorted_both",
            (2, 6, 3),
            enforce_sorted=False,
            batch_first=True,
            bidirectional=True,
            initial=False,
            **packed_sizes,
        ),
        dropout=0.75,
        module_seed=LARGE_SEED,
    )
    yield gradient(
        Case(
            "gradient_dropout_float64",
            dtype="float64",
            num_layers=3,
            bidirectional=True,
            initial=False,
            steps=5,
            **SMALL,
        ),
        dropout=0.3,
        module_seed=11,
    )
    yield gradient(
        packed(
            "gradient_dropout_float64_packed_unsorted",
            (2, 1, 6),
            dtype="float64",
            enforce_sorted=False,
            **packed_sizes,
        ),
        **half,
    )
