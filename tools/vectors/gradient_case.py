"""A case whose gradients are asked for: also what is fed back, and dropout in training mode."""

from dataclasses import dataclass

from case import Case


@dataclass(frozen=True)
class GradientCase(Case):
    cotangents: tuple = None  # the results that a gradient is fed back into; None: all of them
    cotangent_scale: float = 1.0
    dropout: float = 0.0
    module_seed: int = 0  # the constructor's, which decides the masks

    def __post_init__(self):
        super().__post_init__()
        if self.cotangents is None:
            object.__setattr__(self, "cotangents", self.results)
        if self.dropout and self.num_layers == 1:
            raise ValueError(f"{self.name}: dropout acts between layers")
        if self.dropout and self.lengths and len(set(self.lengths)) < len(self.lengths):
            # masks belong to packed rows, and torch leaves the order of equally long sequences open
            raise ValueError(f"{self.name}: dropout needs lengths that differ")

    @property
    def scales(self):
        names = ("output", *(f"{state}n" for state in self.states))
        return super().scales | {f"g_{name}": self.cotangent_scale for name in names}

    def distinct_sizes(self):
        sizes = super().distinct_sizes()
        return sizes if self.is_cell else {**sizes, "steps": self.steps}

    def shapes(self):
        """After the operands the cotangents, named g_output, g_hn, …"""
        shapes = super().shapes()
        if "output" in self.cotangents:
            shapes["g_output"] = self.sequence_shape(self.directions * self.output_size)
        for state in self.states:
            if f"{state}n" in self.cotangents:
                shapes[f"g_{state}n"] = self.state_shape(state)
        return shapes


def gradient(case, **fields):
    """The gradients of a case."""
    return GradientCase(**vars(case), **fields)
