"""torch.nn.RNN and RNNCell, with tanh and with relu."""

from topics.families import RNN, cases_of


def cases():
    return cases_of(RNN)
