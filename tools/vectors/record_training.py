"""Records 50 steps of training from PyTorch: python3 tools/vectors/record_training.py

Writes packages/train/test/vectors/optimizers.json: parameters after steps with given gradients; and
packages/train/test/vectors/training.json: losses and parameters of a linear layer that is trained.
"""

import os
from pathlib import Path

from pinned_torch import torch  # first, see there

# Read at the first operation: kernels without fused multiply-add, so that each operation rounds as IEEE 754 says.
os.environ["ATEN_CPU_CAPABILITY"] = "default"

from torch.nn import functional
from torch.nn.utils import clip_grad_norm_
from torch.optim import SGD, Adam, AdamW

from write import array_json, write

DESTINATION = Path(__file__).parents[2] / "packages" / "train" / "test" / "vectors"
SEED = 5
HEADER = {
    "torch": torch.__version__,
    "command": "python3 tools/vectors/record_training.py",
    "seed": SEED,
}
DTYPES = {"float32": torch.float32, "float64": torch.float64}
STEPS = 50
CHECKPOINTS = (1, 2, 10, 50)
# A parameter without a gradient stays as it is, and its own count of steps too.
WITHOUT_BIAS = (1, 2, 3, 20)

OPTIMIZERS = {
    "adam": (Adam, {}),
    "adam lr": (Adam, {"lr": 0.05}),
    "adam betas eps": (Adam, {"lr": 0.02, "betas": (0.5, 0.9), "eps": 1e-3}),
    "adam betas zero": (Adam, {"lr": 0.02, "betas": (0.0, 0.0)}),
    "adam weight decay": (Adam, {"lr": 0.02, "weight_decay": 0.3}),
    "adamw": (AdamW, {}),
    "adamw weight decay": (AdamW, {"lr": 0.02, "weight_decay": 0.3}),
    "sgd": (SGD, {"lr": 1e-3}),
    "sgd weight decay": (SGD, {"lr": 0.02, "weight_decay": 0.3}),
    "sgd momentum": (SGD, {"lr": 0.01, "momentum": 0.9}),
    "sgd momentum dampening": (SGD, {"lr": 0.02, "momentum": 0.8, "dampening": 0.4, "weight_decay": 0.1}),
    "sgd nesterov": (SGD, {"lr": 0.01, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
}
CLIPPED = {
    "sgd clipped": (SGD, {"lr": 0.1}, 0.5),
    "adam clipped": (Adam, {"lr": 0.05}, 0.5),
    "sgd clipped to zero": (SGD, {"lr": 0.1}, 0.0),
}
LOSSES = {
    "cross_entropy": (Adam, {"lr": 0.05}, {}),
    "cross_entropy sum": (SGD, {"lr": 0.01, "momentum": 0.9}, {"reduction": "sum"}),
    "cross_entropy smoothed": (SGD, {"lr": 0.1, "momentum": 0.5, "dampening": 0.2}, {"label_smoothing": 0.1}),
    "mse_loss": (SGD, {"lr": 0.1, "momentum": 0.9, "nesterov": True}, {}),
    "mse_loss sum": (Adam, {"lr": 0.05, "weight_decay": 0.01}, {"reduction": "sum"}),
}


def arrays(tensors):
    return {name: None if value is None else array_json(value.detach().numpy()) for name, value in tensors.items()}


def trainable(tensors):
    return {name: value.clone().requires_grad_() for name, value in tensors.items()}


def camel(options):
    words = {name: name.split("_") for name in options}
    return {first + "".join(map(str.title, rest)): options[name] for name, (first, *rest) in words.items()}


def problem(dtype):
    """Parameters, and gradients of all magnitudes for each step."""
    torch.manual_seed(SEED)
    draw = lambda *shape: torch.randn(shape, dtype=torch.float64).to(dtype)
    parameters = {"weight": draw(3, 4), "bias": draw(3)}
    gradients = []
    for step in range(1, STEPS + 1):
        scale = 10 ** float(torch.rand(()) * 4 - 3)
        drawn = {name: draw(*value.shape) * scale for name, value in parameters.items()}
        gradients.append({**drawn, "bias": None if step in WITHOUT_BIAS else drawn["bias"]})
    return parameters, gradients


def record_optimizer(name, dtype, optimizer, options, max_norm=None):
    initial, gradients = problem(DTYPES[dtype])
    parameters = trainable(initial)
    stepper = optimizer(parameters.values(), **options)
    norms, checkpoints = [], {}
    for step, gradient in enumerate(gradients, 1):
        for key, value in parameters.items():
            value.grad = None if gradient[key] is None else gradient[key].clone()
        if max_norm is not None:
            norms.append(float(clip_grad_norm_(parameters.values(), max_norm)))
        stepper.step()
        if step in CHECKPOINTS:
            checkpoints[step] = arrays(parameters)
    case = {"name": f"{name} {dtype}", "dtype": dtype, "optimizer": optimizer.__name__, "options": camel(options)}
    clipping = {} if max_norm is None else {"maxNorm": max_norm, "norms": norms}
    return {**case, **clipping, "checkpoints": checkpoints}


def record_training(name, dtype, optimizer, options, loss_options):
    torch.manual_seed(SEED)
    draw = lambda *shape: torch.randn(shape, dtype=torch.float64).to(DTYPES[dtype])
    initial = {"weight": draw(4, 5), "bias": draw(4)}
    input = 3 * draw(7, 5)
    function = name.split()[0]
    target = torch.randint(4, (7,)) if function == "cross_entropy" else draw(7, 4)

    def loss(output):
        wanted = target.to(output.dtype) if target.is_floating_point() else target
        return getattr(functional, function)(output, wanted, **loss_options)

    make = lambda parameters: optimizer(parameters, **options)
    first, losses, checkpoints = train(initial, input, loss, make)
    oracle = train({key: value.double() for key, value in initial.items()}, input.double(), loss, make)[2]
    check_conditioning(name, checkpoints[STEPS], oracle[STEPS])
    return {
        "name": f"{name} {dtype}",
        "dtype": dtype,
        "loss": camel({function: None}).popitem()[0],
        "lossOptions": camel(loss_options),
        "optimizer": optimizer.__name__,
        "options": camel(options),
        "parameters": arrays(initial),
        "input": array_json(input.numpy()),
        "target": target.tolist() if function == "cross_entropy" else array_json(target.numpy()),
        "first": {key: arrays(tensors) for key, tensors in first.items()},
        "losses": losses,
        "checkpoints": {step: arrays(tensors) for step, tensors in checkpoints.items()},
    }


def train(initial, input, loss_of, make_optimizer):
    """What is computed at the first step, the loss before each, and the parameters after some."""
    input = input.clone().requires_grad_()
    parameters = trainable(initial)
    optimizer = make_optimizer(parameters.values())
    first, losses, checkpoints = None, [], {}
    for step in range(1, STEPS + 1):
        optimizer.zero_grad()
        output = functional.linear(input, **parameters)
        output.retain_grad()
        loss = loss_of(output)
        loss.backward()
        if first is None:
            gradients = {"input": input.grad.clone(), **{key: value.grad.clone() for key, value in parameters.items()}}
            first = {"loss": {"output": output, "gradient": output.grad}, "gradients": gradients}
        losses.append(float(loss))
        optimizer.step()
        if step in CHECKPOINTS:
            checkpoints[step] = {key: value.detach().clone() for key, value in parameters.items()}
    return first, losses, checkpoints


def check_conditioning(name, parameters, oracle):
    """What PyTorch itself cannot compute to 1e-6 in float32 is nothing to compare with to 1e-6."""
    error = max(
        float(((parameters[key] - value).abs() / value.abs().clamp(min=1)).max()) for key, value in oracle.items()
    )
    if error > 1e-6:
        raise SystemExit(f"{name}: float32 is {error:.1e} from float64 after {STEPS} steps")


def problem_json(dtype):
    parameters, gradients = problem(DTYPES[dtype])
    return {"parameters": arrays(parameters), "gradients": [arrays(gradient) for gradient in gradients]}


def main():
    DESTINATION.mkdir(parents=True, exist_ok=True)
    steps = {**OPTIMIZERS, **CLIPPED}
    optimizers = [record_optimizer(name, dtype, *case) for dtype in DTYPES for name, case in steps.items()]
    problems = {dtype: problem_json(dtype) for dtype in DTYPES}
    write(DESTINATION / "optimizers.json", {**HEADER, "problems": problems}, optimizers)
    training = [record_training(name, dtype, *case) for dtype in DTYPES for name, case in LOSSES.items()]
    write(DESTINATION / "training.json", HEADER, training)
    print(f"{len(optimizers)} cases of optimizers, {len(training)} of training, {STEPS} steps each")


if __name__ == "__main__":
    main()
