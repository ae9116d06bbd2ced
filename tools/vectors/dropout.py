"""The dropout masks of packages/runtime/src/parameters/random.ts, the same to the last bit.

torch draws its masks from a generator that nothing else has, so its gradients are taken through these.
All integers are uint32 and wrap.

    mix(x)      MurmurHash3's finalizer:
                x ^= x >> 16; x *= 0x85ebca6b; x ^= x >> 13; x *= 0xc2b2ae35; x ^= x >> 16
    key         seed, seed >> 32, 1, training calls before this one, layer
    lane k      starts as mix(k), then for each word of the key: lane = mix(lane ^ word) + 0x9e3779b9
    numbers     xoroshiro128+, whose s0 is lanes 1 and 2, high half first, and s1 is lanes 3 and 4 | 1;
                a = low 26 bits of one, b = low 27 bits of the next: a * 2**-26 + b * 2**-53
    element i   0 where the i-th number is below the probability p, else 1 / (1 - p)
"""

import numpy as np

WORD, LONG = 2**32 - 1, 2**64 - 1
PURPOSE = 1  # numbers of purpose 0 are for the initial parameters


def mask(count, probability, seed, layer):
    """For the output of a layer in the first training call, in the order of the packed rows; float64."""
    kept = 0.0 if probability == 1 else 1 / (1 - probability)
    numbers = _uniform(_lanes((seed & WORD, (seed >> 32) & WORD, PURPOSE, 0, layer)))
    return np.array([kept if next(numbers) >= probability else 0.0 for _ in range(count)])


def _lanes(key):
    lanes = []
    for lane in (1, 2, 3, 4):
        hashed = _mix(lane)
        for word in key:
            hashed = (_mix(hashed ^ word) + 0x9E3779B9) & WORD
        lanes.append(hashed)
    return lanes


def _mix(x):
    x = ((x ^ (x >> 16)) * 0x85EBCA6B) & WORD
    x = ((x ^ (x >> 13)) * 0xC2B2AE35) & WORD
    return x ^ (x >> 16)


def _uniform(lanes):
    """Multiples of 2**-53 in [0, 1), of 26 and 27 low bits of two numbers of xoroshiro128+."""
    a, b, c, d = lanes
    s0, s1 = a << 32 | b, c << 32 | d | 1
    while True:
        words = []
        for _ in range(2):
            words.append(s0 + s1)
            s1 ^= s0
            s0 = _rotate(s0, 24) ^ s1 ^ (s1 << 16 & LONG)
            s1 = _rotate(s1, 37)
        yield (words[0] % 2**26) * 2.0**-26 + (words[1] % 2**27) * 2.0**-53


def _rotate(x, by):
    return (x << by | x >> (64 - by)) & LONG
