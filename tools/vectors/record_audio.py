"""Records what the AudioWorklet's test compares with: python3 tools/vectors/record_audio.py

torch.nn.GRU and torch.nn.LSTM over two seconds of a plucked string at 48 kHz. The string (Karplus and Strong, 1983) is made of
integers, so that the test makes the same samples of the recorded noise; every 16th of the outputs of unit 0 is kept,
in float64.
"""

from pinned_torch import torch  # first, see there

import base64
import json
from pathlib import Path

import numpy as np

from fill import word

DESTINATION = Path(__file__).parents[2] / "packages" / "wasm" / "test" / "vectors" / "audio.json"
RATE, SECONDS, PERIOD, EVERY, SEED = 48_000, 2, 218, 16, 1983


def string(noise):
    """A period of noise, of which each sample is averaged with the next, over and over; 16-bit."""
    samples = np.empty(RATE * SECONDS, dtype=np.int64)
    samples[: PERIOD + 1] = noise
    for i in range(PERIOD + 1, len(samples)):
        samples[i] = (samples[i - PERIOD] + samples[i - PERIOD - 1]) >> 1
    return samples / 2**15


def outputs(layer, input):
    with torch.no_grad():
        return layer(torch.from_numpy(input)[:, None])[0][:, 0].double().numpy()


def recorded_layer(name, input):
    torch.manual_seed(0)
    layer = getattr(torch.nn, name)(input_size=1, hidden_size=16)
    parameters = {
        name: {"shape": list(value.shape), "data": value.flatten().tolist()}
        for name, value in layer.state_dict().items()
    }
    single = outputs(layer, input.astype(np.float32))
    expected = outputs(layer.double(), input)
    return {
        "stateDict": parameters,
        "expected": base64.b64encode(expected[::EVERY].astype("<f8").tobytes()).decode(),
        "torchError": float(np.abs(single - expected).max()),
    }


def main():
    noise = (word(SEED, np.arange(PERIOD + 1)) >> 16).astype(np.int64) - 2**15
    input = string(noise)
    recorded = {
        "torch": torch.__version__,
        "command": "python3 tools/vectors/record_audio.py",
        "rate": RATE,
        "seconds": SECONDS,
        "noise": noise.tolist(),
        "options": {"inputSize": 1, "hiddenSize": 16},
        "every": EVERY,
        "GRU": recorded_layer("GRU", input),
        "LSTM": recorded_layer("LSTM", input),
    }
    lines = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in recorded.items()]
    DESTINATION.parent.mkdir(exist_ok=True)
    DESTINATION.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    print(f"{DESTINATION.name:24}{DESTINATION.stat().st_size:7} bytes")


if __name__ == "__main__":
    main()
