"""PyTorch with its arithmetic pinned, so that a rerun gives the same bytes.

PyTorch, oneDNN and OpenBLAS choose kernels by the CPU they find, and each kernel sums in its own order.
AVX2 is asked for everywhere, on one thread, unless unfused.py was imported before. Import this before anything that
imports torch.
"""

import os

os.environ.setdefault("ATEN_CPU_CAPABILITY", "avx2")
os.environ.setdefault("ONEDNN_MAX_CPU_ISA", "AVX2")
os.environ.setdefault("OPENBLAS_CORETYPE", "Haswell")
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"

import torch  # after the environment, which it reads on loading

torch.set_num_threads(1)
# answers whether the CPU can do it; subnormals must be kept, since some cases are about them
torch.set_flush_denormal(False)
