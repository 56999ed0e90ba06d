"""Risk sets, the steps of the product integral, and scans over them.

Risk set at t: stays with start < t ≤ stop.  All events at one time are one multinomial step, so ties need no order.
"""

from __future__ import annotations

import math

import numpy as np
from attrs import frozen

from singledisease.multistate.arrays import Floats
from singledisease.multistate.histories.histories import Histories


@frozen(eq=False, kw_only=True)
class RiskSets:
    """Event times and, at each, who was at risk and what happened.

    ``times`` (T,); ``at_risk`` (T, K); ``began`` (T, K), those of them who came since the event time before;
    ``events`` (T, K, K) with zero diagonal; ``step`` (T, K, K) = I + dA.
    """

    times: Floats
    at_risk: Floats
    began: Floats
    events: Floats
    step: Floats


def at_risk_at(stays: Histories, times: Floats) -> Floats:
    """Count people with start < t ≤ stop in each state, (T, K)."""
    return np.asarray(np.cumsum(_between(stays, stays.start, times) - _between(stays, stays.stop, times), axis=0)[:-1])


def _between(stays: Histories, edge: Floats, times: Floats) -> Floats:
    """Count the edges from each time (included) to the next by state, (T + 1, K); entry 0 is before the first."""
    k = len(stays.states)
    place = np.searchsorted(times, edge, side="right")
    counted = np.bincount(place * k + stays.source, weights=stays.weight, minlength=(len(times) + 1) * k)
    return counted.reshape(-1, k).astype(np.float64)


def risk_sets(stays: Histories, since: float) -> RiskSets:
    """Find the event times after ``since``, the risk sets and the steps I + dA of the product integral."""
    happened = (stays.target >= 0) & (stays.target != stays.source) & (stays.stop > since)
    times, place = np.unique(stays.stop[happened], return_inverse=True)
    k = len(stays.states)
    cell = (place * k + stays.source[happened]) * k + stays.target[happened]
    weight = None if stays.weight is None else stays.weight[happened]
    events = np.bincount(cell, weights=weight, minlength=len(times) * k * k).reshape(-1, k, k).astype(np.float64)
    began = _between(stays, stays.start, times)
    at_risk = np.cumsum(began - _between(stays, stays.stop, times), axis=0)[:-1]
    there = stays.start <= since
    began[0] -= np.bincount(
        stays.source[there], weights=None if stays.weight is None else stays.weight[there], minlength=k
    )
    step = events / np.where(at_risk > 0, at_risk, 1.0)[:, :, None]
    diagonal = np.arange(k)
    step[:, diagonal, diagonal] = 1.0 - step.sum(2)
    return RiskSets(times=times, at_risk=at_risk, began=began[:-1], events=events, step=step)


def _blocks(count: int) -> tuple[int, int]:
    """Cut ``count`` steps into blocks so that both loops of a scan take about √count Python steps."""
    length = max(1, math.isqrt(count))
    return -(-count // length), length


def products_of(step: Floats) -> tuple[Floats, Floats]:
    """Return the running products of the steps, including each step and before it, (T, K, K) each."""
    count, k = len(step), step.shape[1]
    if not count:
        return step, step
    blocks, length = _blocks(count)
    padded = np.concatenate((step, np.broadcast_to(np.eye(k), (blocks * length - count, k, k))))
    padded = padded.reshape(blocks, length, k, k)
    inner = np.empty_like(padded)
    inner[:, 0] = padded[:, 0]
    for j in range(1, length):
        inner[:, j] = inner[:, j - 1] @ padded[:, j]
    outer = np.empty((blocks, k, k))
    outer[0] = np.eye(k)
    for b in range(1, blocks):
        outer[b] = outer[b - 1] @ inner[b - 1, -1]
    products = (outer[:, None] @ inner).reshape(-1, k, k)[:count]
    return products, np.concatenate((np.eye(k)[None], products[:-1]))


def scan(step: Floats, noise: Floats) -> Floats:
    """Run C ← MᵀCM + B over steps M and noise B, in blocks; entry 0 is before the first step, (T + 1, L, L)."""
    count, k = len(noise), noise.shape[1]
    if not count:
        return np.zeros((1, k, k))
    blocks, length = _blocks(count)
    extra = blocks * length - count
    step = np.concatenate((step, np.broadcast_to(np.eye(k), (extra, k, k)))).reshape(blocks, length, k, k)
    noise = np.concatenate((noise, np.zeros((extra, k, k)))).reshape(blocks, length, k, k)
    product, local = np.empty_like(step), np.empty_like(noise)
    product[:, 0], local[:, 0] = step[:, 0], noise[:, 0]
    for j in range(1, length):
        m = step[:, j]
        product[:, j] = product[:, j - 1] @ m
        local[:, j] = np.swapaxes(m, 1, 2) @ local[:, j - 1] @ m + noise[:, j]
    carried = np.zeros((blocks, k, k))
    for b in range(1, blocks):
        m = product[b - 1, -1]
        carried[b] = m.T @ carried[b - 1] @ m + local[b - 1, -1]
    whole = np.swapaxes(product, 2, 3) @ carried[:, None] @ product + local
    return np.concatenate((np.zeros((1, k, k)), whole.reshape(-1, k, k)[:count]))


def products_after(step: Floats) -> Floats:
    """Return the product of the steps after each one, (T, L, L)."""
    flipped = np.swapaxes(step[::-1], 1, 2)
    _, before = products_of(flipped)
    return np.asarray(np.swapaxes(before, 1, 2)[::-1])
