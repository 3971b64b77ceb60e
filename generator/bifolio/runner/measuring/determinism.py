"""Makes a run depend on its seed and its declared threads, and on nothing else of the machine."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from bifolio.errors import DeclarationError, RunError
from bifolio.provenance.declaration import Declaration

# NumPy's BLAS and OpenMP read these once, when they are loaded. One thread always, so that no number depends on the
# cores of the machine; torch's threads are set for each run.
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "CUBLAS_WORKSPACE_CONFIG": ":4096:8",
    "TOKENIZERS_PARALLELISM": "false",
    "HF_HUB_OFFLINE": "1",
    # glibc gives large blocks back to the system as soon as they are free, and has to ask for them anew, page by page,
    # at every step of a training. Blocks up to this size are kept. Other C libraries ignore both.
    "MALLOC_MMAP_THRESHOLD_": str(32 * 1024**2),
    "MALLOC_TRIM_THRESHOLD_": str(1024**3),
}


# They choose another instruction set or another order of sums, and no witness would show it.
REFUSED = (
    *("ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA", "ONEDNN_DEFAULT_FPMATH_MODE", "DNNL_DEFAULT_FPMATH_MODE"),
    *("MKL_CBWR", "MKL_DEBUG_CPU_TYPE", "MKL_ENABLE_INSTRUCTIONS", "MKL_DYNAMIC", "OPENBLAS_CORETYPE"),
    *("NPY_DISABLE_CPU_FEATURES", "NPY_ENABLE_CPU_FEATURES", "TORCH_ALLOW_TF32_CUBLAS_OVERRIDE"),
)
PASSED = (
    *("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"),
    *("PYTHONPATH", "PYTHONHOME", "PYTHONPYCACHEPREFIX", "PYTHONDONTWRITEBYTECODE"),
    *("HF_HOME", "HF_HUB_CACHE", "TORCH_HOME", "XDG_CACHE_HOME", "BIFOLIO_DATA", "ATEN_CPU_CAPABILITY"),
)
"""The environment variables that a run gets from whoever starts it, beside all that begin with `CUDA_`.

They say where things lie, and how the processor or the GPU is used: the device's name tells ATEN_CPU_CAPABILITY, the
witness the others.
"""


def refuse_fixed(declaration: Declaration) -> None:
    """Raise DeclarationError where an experiment wants to set a variable that is the same for all runs."""
    for name in declaration.variables:
        if name in ENVIRONMENT or name in REFUSED:
            raise DeclarationError(
                "this environment variable is bifolio's own: it is the same for all runs",
                file=declaration.file,
                line=declaration.line,
                found=name,
                expected="another variable; for threads, @experiment(threads=...)",
            )


def environment_of_runs(variables: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment variables that a run can see: those that pass, ours, and those that it declares."""
    return {name: text for name, text in os.environ.items() if _passes(name)} | ENVIRONMENT | dict(variables or {})


@contextmanager
def environment_set(variables: Mapping[str, str]) -> Iterator[None]:
    """Give the processes that are started meanwhile these environment variables, and no others."""
    before = dict(os.environ)
    _replace_environment(variables)
    try:
        yield
    finally:
        _replace_environment(before)


def _replace_environment(variables: Mapping[str, str]) -> None:
    for name in os.environ.keys() - variables.keys():
        del os.environ[name]
    os.environ.update(variables)


def _passes(name: str) -> bool:
    return name in PASSED or name.startswith("CUDA_")


def seed_libraries(seed: int, threads: int) -> None:
    """Seed Python, and NumPy and torch where they are loaded; fix torch's threads and its deterministic algorithms."""
    random.seed(seed)
    if "numpy" in sys.modules:
        import numpy

        numpy.random.seed(seed)
    if "torch" in sys.modules:
        import torch

        torch.manual_seed(seed)
        torch.set_num_threads(threads)
        torch.use_deterministic_algorithms(True)
        torch.backends.cudnn.benchmark = False


def choose_device(device: str, slot: int) -> None:
    """Make one of the machine's GPUs the current one; raise RunError when there is none."""
    if device != "cuda":
        return
    import torch

    if not torch.cuda.is_available():
        raise RunError(
            "this profile runs on a GPU, and torch sees none", expected="an NVIDIA GPU and a CUDA build of torch"
        )
    torch.cuda.set_device(slot % torch.cuda.device_count())


def describe_device(device: str) -> str:
    """Return the name of what computed: a GPU's, or the processor's instruction set as torch uses it."""
    if "torch" not in sys.modules:
        return "cpu"
    import torch

    if device == "cuda":
        return torch.cuda.get_device_name()
    return f"cpu ({torch.backends.cpu.get_cpu_capability()})"
