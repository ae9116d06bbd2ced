"""What the gradients of every module but the GRU are asked: see topics/families.py."""

from dataclasses import replace

from case import Case, cell, packed
from gradient_case import gradient
from topics.families import SMALL, cell_of, configurations, in_packs


def cases_of(family):
    for label, fields in family.items():
        yield from _configurations(label, fields)
        yield from _dropout(label, fields)
        yield from _extremes(label, fields)
        if cell_of(fields):
            yield from _cells(label, cell_of(fields))


def _configurations(label, fields):
    all_cases = (*configurations(label, fields), *in_packs(label, fields))
    for turn, case in enumerate(all_cases):
        renamed = replace(case, name=f"gradient_{case.name}")
        alone = (None, *((name,) for name in case.results))[turn % (len(case.results) + 1)]
        yield gradient(renamed, cotangents=alone)
    float64 = {"dtype": "float64", "batch": 2, **SMALL, **_apart(fields)}
    yield gradient(Case(f"gradient_{label}_float64_layers_2_both", num_layers=2, bidirectional=True, **float64))
    yield gradient(Case(f"gradient_{label}_float64_no_bias_no_initial", bias=False, initial=False, **float64))


def _dropout(label, fields):
    shape = {"num_layers": 2, "bidirectional": True, "input_size": 4, "hidden_size": 3, "steps": 5, **fields}
    yield gradient(Case(f"gradient_{label}_dropout", batch=1, **shape), dropout=0.5, module_seed=7)


def _extremes(label, fields):
    # as many gates as in topics/families.py, and for the same reason
    many = {"input_size": 5, "hidden_size": 9, "batch": 7, "steps": 4, **fields}
    yield gradient(Case(f"gradient_{label}_saturated", parameter_scale=20.0, **many))
    yield gradient(Case(f"gradient_{label}_inputs_up_to_1000", input_scale=1e3, **many))
    yield gradient(Case(f"gradient_{label}_initial_up_to_100", h0_scale=100.0, **many))
    # sums over the rows of all steps that fill more than a block of 64
    rows = {"input_size": 2, "hidden_size": 4, "steps": 33, "batch": 5, **_apart(fields)}
    yield gradient(Case(f"gradient_{label}_rows_165", **rows))


def _cells(label, fields):
    shape = {"input_size": 3, "hidden_size": 5, "batch": 2, **fields}
    yield gradient(cell(f"gradient_{label}_cell", **shape))
    yield gradient(cell(f"gradient_{label}_cell_no_bias_no_initial", bias=False, initial=False, **shape))
    yield gradient(cell(f"gradient_{label}_cell_unbatched_float64", layout="unbatched", dtype="float64", **shape))


def _apart(fields):
    """A projection of another size than the batch of two."""
    return {**fields, "proj_size": 1} if "proj_size" in fields else fields
