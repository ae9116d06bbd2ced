"""Records a training run in PyTorch: python3 tools/vectors/record_loss_curve.py

Writes packages/conformance/vectors/training.json and prints the same as record.py.
"""

from evaluate_training import evaluate_training
from recording import VECTORS, record_topics
from topics import training
from write import gradient_json

TOPICS = (training,)


def answer(case, seed, tensors):
    losses, torch_error = evaluate_training(case, tensors)
    return gradient_json(case, seed, {"loss": losses}, {"loss": torch_error})


if __name__ == "__main__":
    record_topics(TOPICS, VECTORS, "python3 tools/vectors/record_loss_curve.py", answer)
