"""Records vectors and gradients of every module but the GRU: python3 tools/vectors/record_modules.py

Writes packages/conformance/vectors/ and gradients/, a file for each module, and prints the same as record.py.

PyTorch's own float32 is measured with kernels that fuse multiplication and addition, and with kernels that do not; what
is recorded is the larger error. The second kind runs in this process, the first in one of its own, since PyTorch chooses
kernels once.
"""

import json
import subprocess
import sys

FUSED = "--errors-of-fused-kernels"
if FUSED not in sys.argv:
    import unfused  # first, see there

from evaluate import evaluate
from evaluate_gradients import evaluate_gradients
from recording import VECTORS, prepared, record_topics
from topics import gru_reset_before, lstm, rnn
from topics.gradients import gru_reset_before as gru_reset_before_gradients
from topics.gradients import lstm as lstm_gradients
from topics.gradients import rnn as rnn_gradients
from write import case_json, gradient_json

TOPICS = (lstm, rnn, gru_reset_before)
GRADIENTS = (lstm_gradients, rnn_gradients, gru_reset_before_gradients)
COMMAND = "python3 tools/vectors/record_modules.py"


def errors():
    """PyTorch's float32 errors in this process, by case."""
    found = {}
    for topics, run in ((TOPICS, evaluate), (GRADIENTS, evaluate_gradients)):
        for case in (case for topic in topics for case in topic.cases()):
            found[case.name] = run(case, prepared(case)[1])[1]
    return found


def main():
    child = subprocess.run([sys.executable, __file__, FUSED], capture_output=True, text=True, check=True)
    fused = json.loads(child.stdout)

    def larger(name, unfused):
        return unfused and {of: max(error, fused[name][of]) for of, error in unfused.items()}

    def answer(case, seed, tensors):
        expected, error = evaluate(case, tensors)
        return case_json(case, seed, expected, larger(case.name, error))

    def gradient_answer(case, seed, tensors):
        expected, error = evaluate_gradients(case, tensors)
        return gradient_json(case, seed, expected, larger(case.name, error))

    record_topics(TOPICS, VECTORS, COMMAND, answer)
    record_topics(GRADIENTS, VECTORS / "gradients", COMMAND, gradient_answer)


if __name__ == "__main__":
    if FUSED in sys.argv:
        print(json.dumps(errors()))
    else:
        main()
