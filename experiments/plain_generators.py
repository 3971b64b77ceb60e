"""How well are the digits drawn without a network, and what does a judge say of images that show none?"""

from __future__ import annotations

from dataclasses import dataclass

from bifolio import Quantity, Run, experiment

from experiments.measures.classification import evaluate
from experiments.measures.generated_digits import (
    SAMPLES,
    contact_sheet,
    independent_pixels,
    judge_images,
    record_judgement,
)
from experiments.models.autoencoder import independent_log_likelihoods
from experiments.models.principal_components import principal_components
from experiments.models.prototypes import fit_mixture
from experiments.splits.digits import split_digits
from experiments.training.judge import train_judge

SHEET = 20


@dataclass(frozen=True)
class Config:
    prototypes: int = 300  # as many numbers as the autoencoder has weights
    iterations: int = 50
    components: int = 8  # as many as the autoencoder has latent numbers


@experiment(
    seeds=20,
    smoke=Config(prototypes=10, iterations=3),
    quantities={
        "*_log_likelihood": Quantity(
            range=(None, 0), matters=1.0, reason="an unseen image is e times as probable, or a bit and a half shorter"
        ),
        "*_effective_classes": Quantity(range=(1, 10), matters=1.0, reason="one digit of ten"),
        "*_confidence": Quantity(range=(0, 100)),
        "*_real": Quantity(range=(0, None), matters=0.05, reason="a twentieth of one fully inked pixel"),
        "judge_accuracy": Quantity(range=(0, 100), matters=1.0, reason="one image in a hundred"),
        "parameters": Quantity(exact=True),
    },
)
def plain_generators(config: Config, run: Run) -> None:
    parts = split_digits(run)
    train = parts.train.inputs
    judge = train_judge(parts)
    mixture = fit_mixture(train, config.prototypes, config.iterations)
    run.value("parameters", mixture.parameters)
    images = {
        "prototypes": mixture.draw(SAMPLES),
        "pca": principal_components(train, config.components).draw(SAMPLES),
        "copies": train[:SAMPLES],
        "static": independent_pixels(train, SAMPLES),
    }

    # From here on, and only here, the test set.
    test = parts.test.inputs
    run.value("judge_accuracy", evaluate(judge, parts.test)[1], unit="%", tolerance=0.5)
    for name, drawn in images.items():
        record_judgement(judge_images(drawn, judge, test), name, run)
        run.image(name, contact_sheet(drawn[:SHEET], columns=10))
    run.value("prototypes_log_likelihood", mixture.log_likelihood(test), unit="nats", tolerance=1.0)
    binomial, histogram = independent_log_likelihoods(train, test)
    run.value("binomial_log_likelihood", binomial, unit="nats", tolerance=1.0)
    run.value("histogram_log_likelihood", histogram, unit="nats", tolerance=1.0)
