"""Do chains of a sampler agree, and how many independent draws are they worth?

Draws are replaced by normal scores of their ranks, so that heavy tails do not matter; each chain is cut in halves, so
that one that still drifts disagrees with itself.

Source: Vehtari, Gelman, Simpson, Carpenter and Bürkner 2021, Bayesian Analysis 16:667 (R-hat of ranks, effective sample
size); Geyer 1992, Statistical Science 7:473 (where the sum of autocorrelations ends).
"""

import numpy as np

from ascent.core.draws import Floats


def r_hat(draws: Floats) -> Floats:
    """How much wider all chains together are than each alone, (quantity,): 1 where they agree.

    draws  (chain, draw, quantity)

    The larger of two: of the draws, and of their distances from the median, which tells chains of unlike width.

    >>> rng = np.random.default_rng(0)
    >>> alike = rng.standard_normal((4, 500, 1))
    >>> apart = alike + np.arange(4.0)[:, None, None]
    >>> bool(r_hat(alike)[0] < 1.01), bool(r_hat(apart)[0] > 1.3)
    (True, True)
    """
    halves = _halves(draws)
    folded = np.abs(halves - np.median(halves, axis=(0, 1)))
    return np.maximum(_between(_normal_scores(halves)), _between(_normal_scores(folded)))


def effective_size(draws: Floats) -> Floats:
    """Independent draws that tell as much of the middle of each quantity, (quantity,).

    draws  (chain, draw, quantity)

    >>> rng = np.random.default_rng(0)
    >>> bool(1500 < effective_size(rng.standard_normal((4, 500, 1)))[0] < 2500)
    True
    """
    scores = _normal_scores(_halves(draws))
    chains, count, quantities = scores.shape
    off = scores - scores.mean(axis=1, keepdims=True)
    size = 1 << (2 * count - 1).bit_length()
    waves = np.fft.rfft(off, size, axis=1)
    covariance = np.fft.irfft(np.abs(waves) ** 2, size, axis=1)[:, :count].mean(axis=0) / count  # (lag, quantity)
    within = covariance[0] * count / (count - 1)
    total = within * (count - 1) / count + scores.mean(axis=1).var(axis=0, ddof=1)
    alike = 1 - (within - covariance * count / (count - 1)) / np.maximum(total, 1e-300)
    alike[0] = 1.0
    even = count // 2 * 2
    pairs = alike[:even].reshape(-1, 2, quantities).sum(axis=1)
    pairs = np.minimum.accumulate(pairs, axis=0)  # falling, as those of a reversible chain do
    pairs = np.where(np.logical_and.accumulate(pairs > 0, axis=0), pairs, 0.0)
    time = np.maximum(2 * pairs.sum(axis=0) - 1, 1 / np.log10(chains * count))
    return np.asarray(chains * count / time)


def _halves(draws: Floats) -> Floats:
    half = draws.shape[1] // 2
    return np.concatenate([draws[:, :half], draws[:, draws.shape[1] - half :]])


def _normal_scores(draws: Floats) -> Floats:
    from scipy.special import ndtri

    flat = draws.reshape(-1, draws.shape[2])
    rank = np.argsort(np.argsort(flat, axis=0, kind="stable"), axis=0, kind="stable")
    return np.asarray(ndtri((rank + 1 - 0.375) / (len(flat) + 0.25)).reshape(draws.shape))


def _between(scores: Floats) -> Floats:
    count = scores.shape[1]
    within = scores.var(axis=1, ddof=1).mean(axis=0)
    between = scores.mean(axis=1).var(axis=0, ddof=1)
    return np.asarray(np.sqrt((count - 1) / count + between / np.maximum(within, 1e-300)))
