"""torch.nn.LSTM, with and without a projection, and LSTMCell."""

from topics.families import LSTM, cases_of


def cases():
    return cases_of(LSTM)
