"""A GRU trained on fixed data: everything that a gradient goes through, two hundred times over."""

from gradient_case import GradientCase


def cases():
    yield GradientCase(
        "training_layers_2_both",
        dtype="float64",
        input_size=3,
        hidden_size=4,
        num_layers=2,
        bidirectional=True,
        steps=5,
        batch=2,
        cotangent_scale=0.5,
    )
