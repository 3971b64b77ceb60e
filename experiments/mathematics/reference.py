"""The formulas of the mathematics chapter as functions, term by term as they are displayed.

Each bears the name of its file in `templates/formulas`. Arrays are in double precision.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.int64]


def perceptron_layer(w: Array, x: Array, b: Array) -> Array:
    """Return a layer's output (outputs) with ReLU as its activation."""
    h: Array = np.maximum(0.0, w @ x + b)
    return h


def sigmoid(z: Array) -> Array:
    return 1.0 / (1.0 + np.exp(-z))


def sigmoid_gradient(z: Array) -> Array:
    return sigmoid(z) * (1.0 - sigmoid(z))


def softmax(z: Array) -> Array:
    """Return probabilities along the last axis."""
    exponentials: Array = np.exp(z)
    p: Array = exponentials / exponentials.sum(axis=-1, keepdims=True)
    return p


def mean_squared_error(predicted: Array, y: Array) -> float:
    return float(((predicted - y) ** 2).sum()) / len(y)


def cross_entropy(z: Array, target: Indices) -> float:
    """Return the mean loss in nats of scores (places × candidates) where the targets came."""
    p = softmax(z)
    return -math.fsum(math.log(p[t, x]) for t, x in enumerate(target)) / len(target)


def binary_cross_entropy(p: Array, y: Array) -> float:
    return -math.fsum(a * math.log(q) + (1 - a) * math.log(1 - q) for q, a in zip(p, y, strict=True)) / len(y)


def gradient_descent(theta: Array, g: Array, eta: float) -> Array:
    """Return the parameters after one step for each row of gradients (steps × parameters).

    So do momentum and RMSProp.
    """
    for g_t in g:
        theta = theta - eta * g_t
    return theta


def momentum(theta: Array, g: Array, eta: float, mu: float) -> Array:
    v = np.zeros_like(theta)
    for g_t in g:
        v = mu * v + g_t
        theta = theta - eta * v
    return theta


def adam(
    theta: Array,
    g: Array,
    eta: float,
    betas: tuple[float, float],
    decay: float = 0.0,
    *,
    root: bool = True,
    correction: bool = True,
) -> Array:
    """Return Adam's parameters (Kingma & Ba, 2014), or those of a version in print that lacks a part of it.

    With a decay they are those of AdamW (Loshchilov & Hutter, 2019).
    """
    m, v = np.zeros_like(theta), np.zeros_like(theta)
    for t, g_t in enumerate(g, start=1):
        m = betas[0] * m + (1 - betas[0]) * g_t
        v = betas[1] * v + (1 - betas[1]) * g_t**2
        m_hat, v_hat = (m / (1 - betas[0] ** t), v / (1 - betas[1] ** t)) if correction else (m, v)
        theta = (1 - eta * decay) * theta - eta * m_hat / ((np.sqrt(v_hat) if root else v_hat) + 1e-8)
    return theta


def rmsprop(theta: Array, g: Array, eta: float, alpha: float) -> Array:
    v = np.zeros_like(theta)
    for g_t in g:
        v = alpha * v + (1 - alpha) * g_t**2
        theta = theta - eta * g_t / (np.sqrt(v) + 1e-8)
    return theta


def attention(q: Array, k: Array, v: Array, *, scaled: bool = True, masked: bool = True) -> Array:
    """Return causal attention (places × width), or a version in print that lacks a part of it."""
    scores = q @ k.T / (math.sqrt(q.shape[1]) if scaled else 1.0)
    mask = np.triu(np.full_like(scores, -np.inf), k=1) if masked else 0.0
    return softmax(scores + mask) @ v


def multi_head(x: Array, heads: Sequence[tuple[Array, Array, Array]], mixed: Array) -> Array:
    """Return what heads find side by side (places × width), each with its maps to queries, keys and values, mixed."""
    found = [attention(x @ to_query, x @ to_key, x @ to_value) for to_query, to_key, to_value in heads]
    return np.concatenate(found, axis=1) @ mixed


def positions(places: Array, width: int) -> Array:
    """Return the vectors of places (places × width; Vaswani et al., 2017, section 3.5), counted from 0."""
    p = np.empty((len(places), width))
    for t, i in np.ndindex(len(places), width // 2):
        angle = places[t] / 10000 ** (2 * i / width)
        p[t, 2 * i], p[t, 2 * i + 1] = math.sin(angle), math.cos(angle)
    return p


def convolution(x: Array, w: Array, b: Array) -> Array:
    """Return images (outputs × height × width) of images (inputs × height × width), without padding."""
    size = w.shape[2]
    height, width = x.shape[1] - size + 1, x.shape[2] - size + 1
    y = np.empty((len(w), height, width))
    for o, i, j in np.ndindex(*y.shape):
        y[o, i, j] = b[o] + sum(w[o, c, u, v] * x[c, i + u, j + v] for c, u, v in np.ndindex(len(x), size, size))
    return y


def batch_norm(x: Array, gamma: float, beta: float, *, root: bool = True) -> Array:
    """Return one unit's normalised outputs of a batch (Ioffe & Szegedy, 2015), or those of a version without root."""
    mu = x.sum() / len(x)
    variance = ((x - mu) ** 2).sum() / len(x)
    y: Array = gamma * (x - mu) / (math.sqrt(variance + 1e-5) if root else variance + 1e-5) + beta
    return y


def elbo_divergence(mu: Array, sigma: Array) -> float:
    """Return the second term of the ELBO, in nats (Kingma & Welling, 2013, appendix B)."""
    return float(0.5 * (mu**2 + sigma**2 - 1 - np.log(sigma**2)).sum())


def gan_objective(real: Array, fake: Array) -> float:
    """Return the value of the game (Goodfellow et al., 2014) for a discriminator's scores of both kinds of image."""
    return float(np.log(sigmoid(real)).mean() + np.log(1.0 - sigmoid(fake)).mean())
