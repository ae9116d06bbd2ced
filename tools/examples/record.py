"""Records the worked example of the README: /usr/bin/python3 tools/examples/record.py

Writes data/weights.safetensors, what `safetensors.torch.save_file(gru.state_dict(), …)` writes, and
data/worked-example.json with the operands and PyTorch's float32 results.
"""

import json
import struct
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "vectors"))

from pinned_torch import torch  # first, see there

DATA = Path(__file__).parent / "data"


def safetensors(state_dict):
    """The format, written out: Debian does not package the library."""
    header, body = {}, b""
    for name, value in state_dict.items():
        data = value.numpy().astype("<f4").tobytes()
        header[name] = {
            "dtype": "F32",
            "shape": list(value.shape),
            "data_offsets": [len(body), len(body) + len(data)],
        }
        body += data
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + body


def tensor(value):
    return {"shape": list(value.shape), "data": value.detach().flatten().tolist()}


torch.manual_seed(0)
gru = torch.nn.GRU(input_size=5, hidden_size=10, num_layers=2)
input, h0 = torch.randn(7, 3, 5), torch.randn(2, 3, 10)
output, hn = gru(input, h0)

(DATA / "weights.safetensors").write_bytes(safetensors(gru.state_dict()))
example = {"input": input, "h0": h0, "output": output, "hn": hn}
lines = [
    f'  "torch": {json.dumps(torch.__version__)}',
    '  "command": "/usr/bin/python3 tools/examples/record.py"',
    *(f"  {json.dumps(name)}: {json.dumps(tensor(value))}" for name, value in example.items()),
]
(DATA / "worked-example.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
