"""A classifier of reviews: BERT with two scores on top."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass

import torch
from torch import nn
from transformers import BertForPreTraining

from experiments.models.bert import Texts, read

EVALUATION_BATCH = 128


@dataclass(frozen=True)
class Read:
    """Texts as tokens, and their labels (count)."""

    texts: Texts
    labels: torch.Tensor


class Classifier(nn.Module):
    """BERT with two scores on top of its vector for the whole text (Devlin et al., 2019)."""

    def __init__(self, bert: BertForPreTraining) -> None:
        super().__init__()
        self.bert = deepcopy(bert)
        self.head = nn.Linear(bert.config.hidden_size, 2, device=bert.device)
        del self.bert.cls  # the heads of pre-training have no part in this

    def forward(self, texts: Texts) -> torch.Tensor:
        scores: torch.Tensor = self.head(read(self.bert, texts)[1])
        return scores

    @torch.no_grad()
    def scores(self, texts: Texts) -> torch.Tensor:
        """Return the scores (count × 2) of complaint and praise."""
        self.eval()
        rows = torch.arange(len(texts), device=texts.tokens.device).split(EVALUATION_BATCH)
        scores = torch.cat([self(texts.rows(some)) for some in rows])
        self.train()
        return scores
