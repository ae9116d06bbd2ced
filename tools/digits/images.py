"""The digits of scikit-learn, split once into images to train on and images held back."""

import base64
import json

import numpy as np
from sklearn.datasets import load_digits

SOURCE = (
    "Optical Recognition of Handwritten Digits (test portion, 1797 images 8x8, values 0..16), "
    "E. Alpaydin & C. Kaynak, UCI Machine Learning Repository, 1998, doi 10.24432/C50P49, "
    "via sklearn.datasets.load_digits"
)
LICENCE = "CC BY 4.0"
HELD_BACK = 360
SPLIT_SEED = 0


def split():
    """`(train, held_back)`, each `(images uint8 [n,64], labels [n])`: the first 360 of a permutation are held back."""
    digits = load_digits()
    # RandomState's stream is frozen by NumPy's compatibility policy, default_rng's is not
    order = np.random.RandomState(SPLIT_SEED).permutation(len(digits.data))
    images = digits.data.astype(np.uint8)
    held_back, train = order[:HELD_BACK], order[HELD_BACK:]
    return (images[train], digits.target[train]), (images[held_back], digits.target[held_back])


def as_sequences(images):
    """[n,64] of 0..16 to [n,8,8] of 0..1: a row of the image is a step."""
    return (images / 16).astype(np.float32).reshape(-1, 8, 8)


def write_images(path, images, labels, command):
    write_json(
        path,
        source=SOURCE,
        licence=LICENCE,
        command=command,
        images=base64.b64encode(images.tobytes()).decode(),
        labels=labels.tolist(),
    )


def write_json(path, **fields):
    """One field to a line."""
    lines = [f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in fields.items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")
