"""Records PyTorch's gradients of the GRU: python3 tools/vectors/record_gradients.py

Writes packages/conformance/vectors/gradients/*.json and prints the same as record.py.
"""

from evaluate_gradients import evaluate_gradients
from recording import VECTORS, record_topics
from topics.gradients import cell, configurations, dropout, extremes, float64, packed
from write import gradient_json

TOPICS = (configurations, packed, dropout, cell, extremes, float64)


def answer(case, seed, tensors):
    return gradient_json(case, seed, *evaluate_gradients(case, tensors))


if __name__ == "__main__":
    record_topics(TOPICS, VECTORS / "gradients", "python3 tools/vectors/record_gradients.py", answer)
