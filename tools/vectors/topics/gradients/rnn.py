"""torch.nn.RNN and RNNCell, with tanh and with relu."""

from topics.families import RNN
from topics.gradients.families import cases_of


def cases():
    return cases_of(RNN)
