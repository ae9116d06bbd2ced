"""The safetensors format: header length (uint64), JSON header, then the tensors one after the other."""

import json
import struct

import numpy as np

ALIGNMENT = 8


def read_safetensors(path):
    """`(tensors, metadata)`: float32 and float64 arrays by name, and strings by name."""
    content = path.read_bytes()
    (length,) = struct.unpack_from("<Q", content)
    header = json.loads(content[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    data = content[8 + length :]
    types = {"F32": "<f4", "F64": "<f8"}
    tensors = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        array = np.frombuffer(data[start:end], dtype=types[entry["dtype"]])
        tensors[name] = array.reshape(entry["shape"]).copy()
    return tensors, metadata


def write_safetensors(path, tensors, metadata):
    """`tensors`: little-endian float32 arrays by name; `metadata`: strings by name."""
    header, offset = {"__metadata__": metadata}, 0
    for name, tensor in tensors.items():
        header[name] = {
            "dtype": "F32",
            "shape": list(tensor.shape),
            "data_offsets": [offset, offset + tensor.nbytes],
        }
        offset += tensor.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    # the format asks for spaces, so that the data is aligned and a reader may view it in place
    text += b" " * (-len(text) % ALIGNMENT)
    path.write_bytes(
        struct.pack("<Q", len(text)) + text + b"".join(t.astype("<f4").tobytes() for t in tensors.values())
    )
