"""The digits with most of them to learn from, for comparisons that the usual split is too coarse for."""

from __future__ import annotations

from bifolio import Run

from experiments.datasets.digits import load as load_digits
from experiments.splits.digits import take
from experiments.splits.parts import Parts


def split_most_digits(run: Run) -> Parts:
    """Draw the parts by the seed: four fifths to learn from, a tenth to choose by, a tenth to test on.

    Repetitions share most of their images, and however many there are, the variance of their mean is taken for at
    least the test part's share over the training part's of that of one (Nadeau and Bengio, 2003): an eighth here, a
    third where a fifth is tested on and three fifths are learnt from.
    """
    data = load_digits()
    split = run.split(len(data.labels), train=0.8, validation=0.1, test=0.1)
    return take(data, (split.train, split.validation, split.test), run)
