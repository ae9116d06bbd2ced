"""The GRU that torch does not have, whose reset gate acts before the product."""

from topics.families import RESET_BEFORE
from topics.gradients.families import cases_of


def cases():
    return cases_of(RESET_BEFORE)
