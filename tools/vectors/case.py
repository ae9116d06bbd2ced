"""What a conformance case is, before PyTorch has answered it."""

import math
import zlib
from dataclasses import dataclass

import numpy as np

from fill import fill, tensor_seed

GATES = ("r", "z", "n")  # in torch's order


@dataclass(frozen=True)
class Case:
    name: str
    input_size: int
    hidden_size: int
    kind: str = "gru"  # or "cell": torch.nn.GRUCell
    dtype: str = "float32"
    num_layers: int = 1
    bias: bool = True
    batch_first: bool = False
    bidirectional: bool = False
    layout: str = "padded"  # or "unbatched", "packed"
    steps: int = 4  # packed: the longest length
    batch: int = 3  # ignored when unbatched
    lengths: tuple = None  # packed only, in the user's order
    enforce_sorted: bool = True
    h0: bool = True
    parameter_scale: float = None  # None: PyTorch's own range, 1 / sqrt(hidden_size)
    input_scale: float = 1.0
    h0_scale: float = 1.0
    set: tuple = ()  # (tensor, coordinates, value): elements replaced after filling

    def __post_init__(self):
        if self.layout == "packed" and (self.batch, self.steps) != (len(self.lengths), max(self.lengths)):
            raise ValueError(f"{self.name}: batch and steps of a packed case follow from its lengths")

    @property
    def directions(self):
        return 2 if self.bidirectional else 1

    @property
    def scales(self):
        parameters = self.parameter_scale
        if parameters is None:
            parameters = 1 / math.sqrt(self.hidden_size)
        return {"parameters": parameters, "input": self.input_scale, "h0": self.h0_scale}

    def distinct_sizes(self):
        """Those that must differ from each other, so that no two axes can be taken for one another."""
        sizes = {"inputSize": self.input_size, "hiddenSize": self.hidden_size}
        return sizes if self.layout == "unbatched" else {**sizes, "batch": self.batch}

    def parameter_shapes(self):
        """Shapes by name, in the order of torch's state_dict."""
        h = self.hidden_size
        shapes = {}
        for layer in range(self.num_layers):
            for direction in range(self.directions):
                suffix = "" if self.kind == "cell" else f"_l{layer}" + ("_reverse" if direction else "")
                features = self.input_size if layer == 0 else self.directions * h
                shapes[f"weight_ih{suffix}"] = (len(GATES) * h, features)
                shapes[f"weight_hh{suffix}"] = (len(GATES) * h, h)
                if self.bias:
                    shapes[f"bias_ih{suffix}"] = (len(GATES) * h,)
                    shapes[f"bias_hh{suffix}"] = (len(GATES) * h,)
        return shapes

    def sequence_shape(self, features):
        """Of what there is for each step: the input and the output."""
        rows = () if self.layout == "unbatched" else (self.batch,)
        if self.kind == "cell":
            return rows + (features,)
        return (rows + (self.steps,) if self.batch_first else (self.steps,) + rows) + (features,)

    def state_shape(self):
        """Of h0 and hn."""
        states = () if self.kind == "cell" else (self.num_layers * self.directions,)
        rows = () if self.layout == "unbatched" else (self.batch,)
        return states + rows + (self.hidden_size,)

    def shapes(self):
        """Every filled tensor in the order of its ordinal: parameters, input, h0."""
        shapes = self.parameter_shapes()
        shapes["input"] = self.sequence_shape(self.input_size)
        if self.h0:
            shapes["h0"] = self.state_shape()
        return shapes

    def set_flat(self):
        """`set` with flat row-major indices."""
        shapes = self.shapes()
        return [
            (tensor, int(np.ravel_multi_index(where, shapes[tensor])), value)
            for tensor, where, value in self.set
        ]

    def tensors(self, seed, with_set=True):
        scales = self.scales
        tensors = {}
        for ordinal, (name, shape) in enumerate(self.shapes().items()):
            scale = scales.get(name, scales["parameters"])
            count = math.prod(shape)
            tensors[name] = fill(tensor_seed(seed, ordinal), count, scale, self.dtype).reshape(shape)
        if with_set:
            for name, index, value in self.set_flat():
                tensors[name].flat[index] = value
        return tensors

    def first_seed(self):
        """From the name, so that adding a case changes no other."""
        return zlib.crc32(self.name.encode())


def packed(name, lengths, **fields):
    """A packed case, whose batch and steps follow from its lengths."""
    return Case(
        name, lengths=tuple(lengths), batch=len(lengths), steps=max(lengths), layout="packed", **fields
    )


def cell(name, **fields):
    """One step of torch.nn.GRUCell."""
    return Case(name, kind="cell", steps=1, **fields)
