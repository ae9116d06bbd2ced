"""PyTorch's loss curve of a case, whose cotangents are the targets: in float64, and how far its float32 is from it."""

from pinned_torch import torch  # first, see there

import numpy as np

from evaluate import pack
from modules import new_module

STEPS = 200
LEARNING_RATE = 0.01


def evaluate_training(case, tensors):
    """`(losses, torch_error)`: the loss before each step, and float32's largest relative difference from it."""
    losses, single = (_train(case, tensors, dtype) for dtype in (torch.float64, torch.float32))
    return losses, float(np.max(np.abs(single - losses) / losses))


def _train(case, tensors, dtype):
    values = {name: torch.from_numpy(array).to(dtype) for name, array in tensors.items()}
    gru = new_module(case, values, dtype)
    optimizer = torch.optim.Adam(gru.parameters(), lr=LEARNING_RATE)
    losses = []
    for _ in range(STEPS):
        output, hn = gru(pack(case, values["input"]), values["h0"])
        loss = torch.nn.functional.mse_loss(output, values["g_output"])
        loss = loss + torch.nn.functional.mse_loss(hn, values["g_hn"])
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return np.array(losses)
