"""NaN and both infinities in each place an operand can come from."""

from itertools import product

from case import GATES, Case, packed

VALUES = (("nan", float("nan")), ("inf", float("inf")), ("minus_inf", float("-inf")))
TENSORS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
SMALL = {"input_size": 3, "hidden_size": 4}
DEEP = {**SMALL, "num_layers": 2, "bidirectional": True, "batch": 2, "steps": 3}


def cases():
    yield from _in_parameters()
    yield from _in_inputs()
    yield from _in_h0()
    yield from _in_packed()


def _in_parameters():
    for tensor, (gate, gate_name), (label, value) in product(TENSORS, enumerate(GATES["GRU"]), VALUES):
        where = (gate * SMALL["hidden_size"] + 1,) + ((2,) if tensor.startswith("weight") else ())
        place = ((f"{tensor}_l0", where, value),)
        yield Case(f"{label}_in_{tensor}_gate_{gate_name}", batch=2, steps=3, set=place, **SMALL)
    for tensor, (label, value) in product(TENSORS, VALUES):
        where = (5, 1) if tensor.startswith("weight") else (5,)
        yield Case(f"{label}_in_{tensor}_l1_reverse", set=((f"{tensor}_l1_reverse", where, value),), **DEEP)
    # infinity times the zero of an absent h0 is NaN: the product may not be left out
    for label, value in VALUES:
        place = (("weight_hh_l0", (9, 2), value),)
        yield Case(f"{label}_in_weight_hh_no_h0", batch=2, steps=2, initial=False, set=place, **SMALL)


def _in_inputs():
    for label, value in VALUES:
        for step_name, step in (("first", 0), ("middle", 1), ("last", 3)):
            yield Case(
                f"{label}_in_input_{step_name}_step", batch=2, set=(("input", (step, 1, 2), value),), **SMALL
            )
        yield Case(f"{label}_in_input_layers_2_both", set=(("input", (1, 0, 1), value),), **DEEP)
        yield Case(
            f"{label}_in_input_batch_first",
            batch=2,
            batch_first=True,
            set=(("input", (1, 3, 0), value),),
            **SMALL,
        )
        yield Case(
            f"{label}_in_input_unbatched", layout="unbatched", set=(("input", (2, 1), value),), **SMALL
        )
    opposite = (("input", (1, 0, 0), float("inf")), ("input", (1, 0, 1), float("-inf")))
    yield Case("opposite_infinities_in_input", batch=2, set=opposite, **SMALL)


def _in_h0():
    for label, value in VALUES:
        yield Case(f"{label}_in_h0", batch=2, steps=2, set=(("h0", (0, 1, 2), value),), **SMALL)
        yield Case(f"{label}_in_h0_of_last_layer_reverse", set=(("h0", (3, 0, 1), value),), **DEEP)


def _in_packed():
    fields = {"input_size": 5, "hidden_size": 4, "bidirectional": True, "enforce_sorted": False}
    lengths = (2, 4, 3)
    for label, value in VALUES:
        yield packed(f"{label}_in_packed_input", lengths, set=(("input", (1, 0, 1), value),), **fields)
        yield packed(f"{label}_in_packed_h0", lengths, set=(("h0", (1, 2, 0), value),), **fields)
        # rows of length 2 and 3 have no step 3: what lies in the padding may not be read
        yield packed(
            f"{label}_in_padding",
            lengths,
            set=(("input", (3, 0, 1), value), ("input", (3, 2, 2), value)),
            **fields,
        )
