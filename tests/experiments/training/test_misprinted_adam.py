import pytest
import torch

from experiments.training.misprinted_adam import MisprintedAdam


def _train(build: type[torch.optim.Optimizer], **options: object) -> torch.Tensor:
    """Return a parameter after thirty steps on a bowl whose sides differ in steepness by a thousand."""
    parameter = torch.nn.Parameter(torch.tensor([1.0, -2.0, 3.0]))
    optimizer = build([parameter], lr=0.01, **options)  # type: ignore[call-arg]
    for _ in range(30):
        optimizer.zero_grad()
        (torch.tensor([1000.0, 1.0, 1.0]) * parameter**2).sum().backward()
        optimizer.step()
    return parameter.detach()


def test_with_its_root_put_back_it_is_adam() -> None:
    torch.testing.assert_close(_train(MisprintedAdam, root=True), _train(torch.optim.Adam))


def test_without_the_root_it_is_not() -> None:
    assert not torch.allclose(_train(MisprintedAdam), _train(torch.optim.Adam), atol=0.01)


@pytest.mark.parametrize(("gradient", "length"), [(0.001, 1000.0), (1.0, 1.0), (1000.0, 0.001)])
def test_its_first_step_is_one_over_the_gradient(gradient: float, length: float) -> None:
    parameter = torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))
    optimizer = MisprintedAdam([parameter], lr=1.0, eps=0.0)
    parameter.grad = torch.full_like(parameter, gradient)
    optimizer.step()
    assert -parameter.item() == pytest.approx(length)
