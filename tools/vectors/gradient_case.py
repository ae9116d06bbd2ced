"""A case whose gradients are asked for: also what is fed back, and dropout in training mode."""

from dataclasses import dataclass

from case import Case

RESULTS = ("output", "hn")


@dataclass(frozen=True)
class GradientCase(Case):
    cotangents: tuple = RESULTS  # the results that a gradient is fed back into; a cell has only hn
    cotangent_scale: float = 1.0
    dropout: float = 0.0
    module_seed: int = 0  # the constructor's, which decides the masks

    def __post_init__(self):
        super().__post_init__()
        if self.kind == "cell" and self.cotangents != ("hn",):
            raise ValueError(f"{self.name}: hn is all that a cell gives")
        if self.dropout and self.num_layers == 1:
            raise ValueError(f"{self.name}: dropout acts between layers")
        if self.dropout and self.lengths and len(set(self.lengths)) < len(self.lengths):
            # masks belong to packed rows, and torch leaves the order of equally long sequences open
            raise ValueError(f"{self.name}: dropout needs lengths that differ")

    @property
    def scales(self):
        return super().scales | {f"g_{name}": self.cotangent_scale for name in RESULTS}

    def distinct_sizes(self):
        sizes = super().distinct_sizes()
        return sizes if self.kind == "cell" else {**sizes, "steps": self.steps}

    def shapes(self):
        """After the operands the cotangents, named g_output and g_hn."""
        shapes = super().shapes()
        if "output" in self.cotangents:
            shapes["g_output"] = self.sequence_shape(self.directions * self.hidden_size)
        if "hn" in self.cotangents:
            shapes["g_hn"] = self.state_shape()
        return shapes


def gradient(case, **fields):
    """The gradients of a case; a cell's by its only result."""
    if case.kind == "cell":
        fields["cotangents"] = ("hn",)
    return GradientCase(**vars(case), **fields)
