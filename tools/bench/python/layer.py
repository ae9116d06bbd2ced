"""torch.nn's GRU or LSTM on an accelerator, in float32: python3 layer.py <device> <class> <problem>.

See src/program.ts for the file.

From the input in the memory of the host to the output there, as the other contestants have it. Without a problem, prints
what would run it.
"""

import sys
import time

import torch

# cuDNN would round the products' operands to ten bits by default.
torch.backends.cuda.matmul.allow_tf32 = False
torch.backends.cudnn.allow_tf32 = False


def read(path):
    with open(path, "rb") as file:
        sizes = torch.frombuffer(bytearray(file.read(4 * 6)), dtype=torch.int32).tolist()
        return sizes, torch.frombuffer(bytearray(file.read()), dtype=torch.float32)


def load(name, sizes, numbers, device):
    """The module, and the input [T, B, I] in the memory of the host."""
    inputs, hidden, steps, batch, layers, directions = sizes
    layer = getattr(torch.nn, name)(inputs, hidden, layers, bidirectional=directions == 2)
    counts = [parameter.numel() for parameter in layer.parameters()]
    *weights, x = numbers.split([*counts, steps * batch * inputs])
    with torch.no_grad():
        for parameter, weight in zip(layer.parameters(), weights):
            parameter.copy_(weight.view_as(parameter))
    return layer.to(device).eval(), x.view(steps, batch, inputs)


def main(device, name, path):
    layer, x = load(name, *read(path), device)

    def run():
        return layer(x.to(device))[0].cpu()  # waits for the device

    with torch.inference_mode():
        sys.stdout.buffer.write(run().numpy().tobytes())
        sys.stdout.flush()
        for line in sys.stdin:
            start = time.perf_counter_ns()
            for _ in range(int(line)):
                run()
            print(time.perf_counter_ns() - start, flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 4:
        main(*sys.argv[1:])
    elif torch.cuda.is_available():
        cudnn = torch.backends.cudnn.version()
        print(f"torch {torch.__version__}, cuDNN {cudnn}, {torch.cuda.get_device_name()}")
