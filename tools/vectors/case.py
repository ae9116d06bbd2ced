"""What a conformance case is, before PyTorch has answered it."""

import math
import zlib
from dataclasses import dataclass

import numpy as np

from fill import fill, tensor_seed

# Of each module, in torch's order: the gates whose rows are stacked, and the states.
GATES = {"GRU": ("r", "z", "n"), "LSTM": ("i", "f", "g", "o"), "RNN": ("h",)}
STATES = {"GRU": ("h",), "LSTM": ("h", "c"), "RNN": ("h",)}


@dataclass(frozen=True)
class Case:
    name: str
    input_size: int
    hidden_size: int
    module: str = "GRU"  # of torch.nn: also "LSTM", "RNN", "GRUCell", "LSTMCell", "RNNCell"
    dtype: str = "float32"
    num_layers: int = 1
    bias: bool = True
    batch_first: bool = False
    bidirectional: bool = False
    proj_size: int = 0  # of an LSTM
    nonlinearity: str = "tanh"  # of an RNN
    reset_after: bool = True  # of a GRU; torch has no other
    layout: str = "padded"  # or "unbatched", "packed"
    steps: int = 4  # packed: the longest length
    batch: int = 3  # ignored when unbatched
    lengths: tuple = None  # packed only, in the user's order
    enforce_sorted: bool = True
    initial: bool = True  # whether initial states are given
    parameter_scale: float = None  # None: PyTorch's own range, 1 / sqrt(hidden_size)
    input_scale: float = 1.0
    h0_scale: float = 1.0  # of every initial state
    set: tuple = ()  # (tensor, coordinates, value): elements replaced after filling

    def __post_init__(self):
        if self.layout == "packed" and (self.batch, self.steps) != (len(self.lengths), max(self.lengths)):
            raise ValueError(f"{self.name}: batch and steps of a packed case follow from its lengths")

    @property
    def directions(self):
        return 2 if self.bidirectional else 1

    @property
    def is_cell(self):
        """Whether it is one step, of a torch.nn.*Cell."""
        return self.module.endswith("Cell")

    @property
    def gates(self):
        return GATES[self.module.removesuffix("Cell")]

    @property
    def states(self):
        """Names of the states: initial ones are h0, c0, last ones hn, cn."""
        return STATES[self.module.removesuffix("Cell")]

    @property
    def results(self):
        """Names of what it gives."""
        return (() if self.is_cell else ("output",)) + tuple(f"{state}n" for state in self.states)

    @property
    def output_size(self):
        """Features of one direction of the output."""
        return self.proj_size or self.hidden_size

    def options(self):
        """The constructor's arguments of this module alone, where they are not torch's defaults."""
        options = {"projSize": self.proj_size} if self.proj_size else {}
        options |= {"nonlinearity": self.nonlinearity} if self.nonlinearity != "tanh" else {}
        return options | ({} if self.reset_after else {"resetAfter": False})

    @property
    def scales(self):
        parameters = self.parameter_scale
        if parameters is None:
            parameters = 1 / math.sqrt(self.hidden_size)
        initial = {f"{state}0": self.h0_scale for state in self.states}
        return {"parameters": parameters, "input": self.input_scale, **initial}

    def distinct_sizes(self):
        """Those that must differ from each other, so that no two axes can be taken for one another."""
        sizes = {"inputSize": self.input_size, "hiddenSize": self.hidden_size}
        if self.proj_size:
            sizes["projSize"] = self.proj_size
        return sizes if self.layout == "unbatched" else {**sizes, "batch": self.batch}

    def parameter_shapes(self):
        """Shapes by name, in the order of torch's state_dict."""
        h, rows = self.hidden_size, len(self.gates) * self.hidden_size
        shapes = {}
        for layer in range(self.num_layers):
            for direction in range(self.directions):
                suffix = "" if self.is_cell else f"_l{layer}" + ("_reverse" if direction else "")
                features = self.input_size if layer == 0 else self.directions * self.output_size
                shapes[f"weight_ih{suffix}"] = (rows, features)
                shapes[f"weight_hh{suffix}"] = (rows, self.output_size)
                if self.bias:
                    shapes[f"bias_ih{suffix}"] = (rows,)
                    shapes[f"bias_hh{suffix}"] = (rows,)
                if self.proj_size:
                    shapes[f"weight_hr{suffix}"] = (self.proj_size, h)
        return shapes

    def sequence_shape(self, features):
        """Of what there is for each step: the input and the output."""
        rows = () if self.layout == "unbatched" else (self.batch,)
        if self.is_cell:
            return rows + (features,)
        return (rows + (self.steps,) if self.batch_first else (self.steps,) + rows) + (features,)

    def state_shape(self, state):
        """Of a state, initial and last."""
        layers = () if self.is_cell else (self.num_layers * self.directions,)
        rows = () if self.layout == "unbatched" else (self.batch,)
        return layers + rows + (self.output_size if state == "h" else self.hidden_size,)

    def initial_shapes(self):
        return {f"{state}0": self.state_shape(state) for state in self.states}

    def shapes(self):
        """Every filled tensor in the order of its ordinal: parameters, input, initial states."""
        shapes = self.parameter_shapes()
        shapes["input"] = self.sequence_shape(self.input_size)
        if self.initial:
            shapes |= self.initial_shapes()
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


def cell(name, module="GRUCell", **fields):
    """One step of torch.nn.GRUCell, or of another cell."""
    return Case(name, module=module, steps=1, **fields)
