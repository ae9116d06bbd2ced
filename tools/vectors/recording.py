"""One file of cases for each topic, with a line printed for each."""

from pinned_torch import torch  # first, see there

from pathlib import Path

import numpy as np

from checks import check, choose_seed
from write import write

VECTORS = Path(__file__).parents[2] / "packages" / "conformance" / "vectors"


def record_topics(topics, destination, command, answer):
    """`answer(case, seed, tensors)` is the case as it is written."""
    header = {
        "torch": torch.__version__,
        "numpy": np.__version__,
        "command": command,
        "seeds": "each case has its own, from which tools/vectors/fill.py makes its tensors",
    }
    names = set()
    destination.mkdir(parents=True, exist_ok=True)
    print(f"{'file':22}{'cases':>6}{'bytes':>9}{'torch error':>13}  in")
    for topic in topics:
        path = destination / f"{topic.__name__.split('.')[-1]}.json"
        cases = [_record(case, names, answer) for case in topic.cases()]
        write(path, header, cases)
        error, worst = max((max((case["torchError"] or {"": 0.0}).values()), case["name"]) for case in cases)
        line = f"{path.name:22}{len(cases):6}{path.stat().st_size:9}{error:13.2e}"
        print(f"{line}  {worst if error else '-'}")
    print(f"{len(names)} cases")


def _record(case, names, answer):
    if case.name in names:
        raise SystemExit(f"{case.name}: a name used twice")
    names.add(case.name)
    return answer(case, *prepared(case))


def prepared(case):
    """`(seed, tensors)`, checked."""
    seed = choose_seed(case)
    tensors = case.tensors(seed)
    check(case, tensors)
    return seed, tensors
