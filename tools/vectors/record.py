"""Records the conformance vectors of the GRU from PyTorch: python3 tools/vectors/record.py

Writes packages/conformance/vectors/*.json, one for each topic, and prints, for each, its size and PyTorch's largest float32 error.
"""

from evaluate import evaluate
from recording import VECTORS, record_topics
from topics import asymmetric, cell, configurations, extremes, float64, nonfinite, packed, sizes
from write import case_json

TOPICS = (configurations, sizes, packed, cell, asymmetric, extremes, nonfinite, float64)


def answer(case, seed, tensors):
    return case_json(case, seed, *evaluate(case, tensors))


if __name__ == "__main__":
    record_topics(TOPICS, VECTORS, "python3 tools/vectors/record.py", answer)
