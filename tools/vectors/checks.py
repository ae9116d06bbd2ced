"""What makes a case able to tell a right module from a wrong one, checked before it is recorded."""

import numpy as np

# 24 random bits give about n**2 / 2**25 equal pairs; beyond this count a seed without any is rare
DISTINCT_UP_TO = 6000
# values this small repeat because float32 has few of them, not because of the seed
REPEATS_EXPECTED_BELOW = 1e-30
SEEDS_TRIED = 4096


def choose_seed(case):
    """The first seed from the case's own on whose parameters differ from each other."""
    first = case.first_seed()
    if case.scales["parameters"] < REPEATS_EXPECTED_BELOW:
        return first
    for attempt in range(SEEDS_TRIED):
        seed = (first + attempt) % 2**32
        if parameters_differ(case, seed):
            return seed
    raise SystemExit(f"{case.name}: no seed in {SEEDS_TRIED} gives distinct parameters")


def parameters_differ(case, seed):
    """No two parameters equal; in large cases no two of one row, bias vectors being one row."""
    tensors = case.tensors(seed, with_set=False)
    parameters = [tensors[name] for name in case.parameter_shapes()]
    everything = np.concatenate([p.ravel() for p in parameters])
    if everything.size <= DISTINCT_UP_TO:
        return _distinct(everything)
    rows = [row for p in parameters for row in np.atleast_2d(p)]
    return all(_distinct(row) for row in rows)


def check(case, tensors):
    """Stops the recording where a case would let a transposed or mixed-up operand pass."""
    sizes = case.distinct_sizes()
    if len(set(sizes.values())) < len(sizes):
        raise SystemExit(f"{case.name}: sizes that must all be different: {sizes}")
    if case.scales["parameters"] < REPEATS_EXPECTED_BELOW or case.hidden_size == 1:
        return
    for name, values in tensors.items():
        if not name.startswith("weight_hh"):
            continue
        for gate, matrix in zip(case.gates, np.split(values, len(case.gates))):
            if np.array_equal(matrix, matrix.T, equal_nan=True):
                raise SystemExit(f"{case.name}: {name} is symmetric in gate {gate}")


def _distinct(values):
    return np.unique(values).size == values.size
