"""Reads a checkpoint of `npm run train:digits` in PyTorch: python3 tools/digits/read_checkpoint.py FILE

Prints how many of the images held back PyTorch reads rightly with its weights. With --record it also writes the model
and PyTorch's logits to tools/digits/data/, where the tests compare them with those of every backend.
"""

import json
import sys
from pathlib import Path

from safetensors import read_safetensors, write_safetensors
from train import DATA, Classifier, correct, encoded, tensors, torch

from images import SOURCE, split, write_json

COMMAND = "npm run train:digits -- --cell {} && python3 tools/digits/read_checkpoint.py digits.safetensors --record"


def read_model(path):
    arrays, metadata = read_safetensors(path)
    state = {name: torch.from_numpy(array) for name, array in arrays.items() if not name.startswith("optimizer.")}
    model = Classifier(json.loads(metadata["settings"]).get("cell", "gru"))
    model.load_state_dict(state)
    return model, metadata


@torch.no_grad()
def main(path, record):
    model, metadata = read_model(path)
    x, labels = tensors(split()[1])
    right = correct(model, x, labels)
    print(f"{path}: PyTorch {torch.__version__} reads {right} of {len(x)} images held back rightly")
    if not record:
        return
    parameters = {name: value.numpy() for name, value in model.state_dict().items()}
    float32, float64 = model(x), model.double()(x.double())
    command = COMMAND.format(model.cell)
    name = "trained-here" if model.cell == "gru" else f"trained-here-{model.cell}"
    settings = {"source": SOURCE, "command": command, "settings": metadata["settings"]}
    write_safetensors(DATA / f"{name}.safetensors", parameters, settings)
    write_json(
        DATA / f"{name}-logits.json",
        torch=torch.__version__,
        command=command,
        accuracy=right / len(x),
        shape=[len(x), 10],
        float32=encoded(float32, "<f4"),
        float64=encoded(float64, "<f8"),
        torchError=float((float32 - float64).abs().max()),
    )


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if argument != "--record"]
    main(Path(arguments[0]), "--record" in sys.argv[1:])
