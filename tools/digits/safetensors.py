"""The safetensors format: header length (uint64), JSON header, then the tensors one after the other."""

import json
import struct

ALIGNMENT = 8


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
