"""Numbers from a counter, the same to the last bit in Python and JavaScript.

Vectors name a seed instead of storing parameters and inputs. All integers are uint32 and wrap, so
`Math.imul`, `+ | 0` and `>>>` reproduce them; all real arithmetic is float64 in the order written.

    mix(x)              lowbias32: x ^= x >> 16; x *= 0x7feb352d; x ^= x >> 15; x *= 0x846ca68b; x ^= x >> 16
    tensor_seed(c, o)   mix(mix(c) + o)                    c: the case's seed, o: the tensor's ordinal
    word(s, i)          mix(i * 0x9e3779b9 + s)            s: the tensor's seed
    float32 element i   k = word(s, i) >> 8;                                           bits = 24
    float64 element i   k = (word(s, 2i) >> 6) * 2**27 + (word(s, 2i + 1) >> 5);       bits = 53
    value               ((k + 0.5) / 2**bits * 2 - 1) * scale, rounded to float32 where that is the dtype

A scale of 0 gives zeros of both signs, and a subnormal scale gives subnormals of both signs.
"""

import numpy as np

GOLDEN_RATIO = np.uint32(0x9E3779B9)


def mix(x):
    """lowbias32 of Chris Wellons' hash-prospector: a bijection of uint32 with little bias."""
    x = np.atleast_1d(np.asarray(x, dtype=np.uint32)).copy()  # arrays wrap silently, scalars warn
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x7FEB352D)
    x ^= x >> np.uint32(15)
    x *= np.uint32(0x846CA68B)
    x ^= x >> np.uint32(16)
    return x


def add(a, b):
    """uint32 sum; through uint64, because NumPy warns when a uint32 scalar wraps."""
    return ((np.asarray(a, np.uint64) + np.asarray(b, np.uint64)) & np.uint64(0xFFFFFFFF)).astype(np.uint32)


def tensor_seed(case_seed, ordinal):
    return mix(add(mix(case_seed), ordinal))


def word(seed, index):
    return mix(add(np.asarray(index, np.uint32) * GOLDEN_RATIO, seed))


def fill(seed, count, scale, dtype="float32"):
    """`count` values in (-scale, scale) as an array of `dtype`, from the tensor's seed."""
    index = np.arange(count, dtype=np.uint32)
    if dtype == "float32":
        bits, k = 24, (word(seed, index) >> np.uint32(8)).astype(np.float64)
    else:
        high = (word(seed, index * np.uint32(2)) >> np.uint32(6)).astype(np.float64)
        low = (word(seed, index * np.uint32(2) + np.uint32(1)) >> np.uint32(5)).astype(np.float64)
        bits, k = 53, high * 2.0**27 + low
    return (((k + 0.5) / 2.0**bits * 2 - 1) * scale).astype(dtype)
