"""Records the conformance vectors from PyTorch: python3 tools/vectors/record.py

Writes packages/conformance/vectors/*.json and prints, for each, its size and PyTorch's largest float32 error.
"""

from pinned_torch import torch  # first, see there

from pathlib import Path

import numpy as np

from checks import check, choose_seed
from evaluate import evaluate
from topics import asymmetric, cell, configurations, extremes, float64, nonfinite, packed, sizes
from write import case_json, write

TOPICS = (configurations, sizes, packed, cell, asymmetric, extremes, nonfinite, float64)
DESTINATION = Path(__file__).parents[2] / "packages" / "conformance" / "vectors"
HEADER = {
    "torch": torch.__version__,
    "numpy": np.__version__,
    "command": "python3 tools/vectors/record.py",
    "seeds": "each case has its own, from which tools/vectors/fill.py makes its parameters, input and h0",
}


def record(case):
    seed = choose_seed(case)
    tensors = case.tensors(seed)
    check(case, tensors)
    return case_json(case, seed, *evaluate(case, tensors))


def record_topic(topic, names):
    """Writes one file, adds its cases to `names`, and gives the line to print."""
    cases = []
    for case in topic.cases():
        if case.name in names:
            raise SystemExit(f"{case.name}: a name used twice")
        names.add(case.name)
        cases.append(record(case))
    path = DESTINATION / f"{topic.__name__.split('.')[-1]}.json"
    write(path, HEADER, cases)
    error, worst = max((max((case["torchError"] or {"": 0.0}).values()), case["name"]) for case in cases)
    return f"{path.name:22}{len(cases):6}{path.stat().st_size:9}{error:13.2e}  {worst if error else '-'}"


def main():
    names = set()
    DESTINATION.mkdir(parents=True, exist_ok=True)
    print(f"{'file':22}{'cases':>6}{'bytes':>9}{'torch error':>13}  in")
    for topic in TOPICS:
        print(record_topic(topic, names))
    print(f"{len(names)} cases")


if __name__ == "__main__":
    main()
