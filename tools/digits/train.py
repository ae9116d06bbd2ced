"""Trains a GRU to read handwritten digits: python3 tools/digits/train.py

Writes model.safetensors, the images it was trained on, the images held back and PyTorch's logits for these to
tools/digits/data/. With --cross-validate it writes nothing and prints the accuracy of five folds of the
training images: the settings below were chosen by that, never by the images held back.
"""

import base64
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "vectors"))
from pinned_torch import torch  # first, see there

from images import SOURCE, as_sequences, split, write_images, write_json
from safetensors import write_safetensors

DATA = Path(__file__).parent / "data"
COMMAND = "python3 tools/digits/train.py"
HIDDEN_SIZE = 48
EPOCHS = 120
BATCH = 32
LEARNING_RATE = 5e-3
LABEL_SMOOTHING = 0.1
PIXEL_NOISE = 0.2  # standard deviation, of 1: without it the 1437 images are learnt by heart
SEED = 0
FOLDS = 5


RECURRENT = {"gru": torch.nn.GRU, "lstm": torch.nn.LSTM}


class Classifier(torch.nn.Module):
    """A recurrent layer, its parameters behind the name of its cell, and a linear one on its last hidden state."""

    def __init__(self, cell="gru"):
        super().__init__()
        self.cell = cell
        self.add_module(cell, RECURRENT[cell](8, HIDDEN_SIZE, batch_first=True))
        self.head = torch.nn.Linear(HIDDEN_SIZE, 10)

    def forward(self, x):
        _, last = getattr(self, self.cell)(x)
        hn = last[0] if self.cell == "lstm" else last
        return self.head(hn[0])


def train(x, labels):
    torch.manual_seed(SEED)
    model = Classifier()
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
    loss = torch.nn.CrossEntropyLoss(label_smoothing=LABEL_SMOOTHING)
    batches = -(-len(x) // BATCH)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS * batches)
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(x)).split(BATCH):
            noisy = x[rows] + PIXEL_NOISE * torch.randn(x[rows].shape)
            optimizer.zero_grad()
            loss(model(noisy), labels[rows]).backward()
            optimizer.step()
            schedule.step()
    return model


@torch.no_grad()
def correct(model, x, labels):
    return int((model(x).argmax(1) == labels).sum())


def cross_validate(x, labels):
    fold = torch.arange(len(x)) % FOLDS
    right = 0
    for k in range(FOLDS):
        model = train(x[fold != k], labels[fold != k])
        right += correct(model, x[fold == k], labels[fold == k])
        print(f"after fold {k + 1}: {right} right")
    print(f"{right / len(x):.2%} of {len(x)}")


@torch.no_grad()
def write(model, training, held_back):
    x, labels = tensors(held_back)
    accuracy = correct(model, x, labels) / len(x)
    parameters = {name: value.numpy() for name, value in model.state_dict().items()}
    metadata = {"source": SOURCE, "command": COMMAND, "torch": torch.__version__}
    write_safetensors(DATA / "model.safetensors", parameters, metadata)
    write_images(DATA / "train.json", *training, COMMAND)
    write_images(DATA / "held-back.json", *held_back, COMMAND)
    float32, float64 = model(x), model.double()(x.double())
    write_json(
        DATA / "logits.json",
        torch=torch.__version__,
        command=COMMAND,
        accuracy=accuracy,
        shape=list(float32.shape),
        float32=encoded(float32, "<f4"),
        float64=encoded(float64, "<f8"),
        torchError=float((float32 - float64).abs().max()),
    )
    print(f"hidden size {HIDDEN_SIZE}: {accuracy:.2%} of the {len(x)} images held back")


def encoded(tensor, dtype):
    return base64.b64encode(tensor.numpy().astype(dtype).tobytes()).decode()


def tensors(part):
    images, labels = part
    return torch.from_numpy(as_sequences(images)), torch.from_numpy(labels)


def main():
    training, held_back = split()
    if "--cross-validate" in sys.argv[1:]:
        cross_validate(*tensors(training))
    else:
        DATA.mkdir(exist_ok=True)
        write(train(*tensors(training)), training, held_back)


if __name__ == "__main__":
    main()
