"""Kernels without fused multiply-add: import this before pinned_torch.

A fused one does not round its product, which counts where large products cancel, as with inputs of 1e3.
"""

import os

os.environ["ATEN_CPU_CAPABILITY"] = "default"
os.environ["ONEDNN_MAX_CPU_ISA"] = "SSE41"
os.environ["OPENBLAS_CORETYPE"] = "Nehalem"
