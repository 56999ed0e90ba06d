"""Aalen–Johansen, its jackknife and its Greenwood variance the slow way: loops over times, people and states."""

from __future__ import annotations


def occupation(rows, states, until, weight=None):
    """Give p(until) and P(0, until) as lists; rows are (person, start, stop, source, target or None)."""
    weight = weight or {}
    path, product = _start(rows, states, weight), [[float(i == j) for j in states] for i in states]
    for time in sorted({row[2] for row in rows if row[4] is not None and 0 < row[2] <= until}):
        step = _step(rows, states, time, weight)
        path = _times([path], step)[0]
        product = _times(product, step)
    return path, product


def _start(rows, states, weight):
    present = [row for row in rows if row[1] <= 0 < row[2]]
    whole = sum(weight.get(row[0], 1.0) for row in present)
    return [sum(weight.get(row[0], 1.0) for row in present if row[3] == state) / whole for state in states]


def _step(rows, states, time, weight):
    step = []
    for i in states:
        at_risk = [row for row in rows if row[1] < time <= row[2] and row[3] == i]
        whole = sum(weight.get(row[0], 1.0) for row in at_risk)
        gone = {
            j: sum(weight.get(row[0], 1.0) for row in at_risk if row[2] == time and row[4] == j) / whole if whole else 0
            for j in states
            if j != i
        }
        step.append([gone[j] if j != i else 1.0 - sum(gone.values()) for j in states])
    return step


def _times(a, b):
    return [[sum(row[k] * b[k][j] for k in range(len(b))) for j in range(len(b[0]))] for row in a]


def jackknife(rows, states, until, small=1e-6):
    """Give the standard error of p(until): the change of p by each person's weight, by central differences."""
    squares = [0.0] * len(states)
    for person in {row[0] for row in rows}:
        up, _ = occupation(rows, states, until, {person: 1 + small})
        down, _ = occupation(rows, states, until, {person: 1 - small})
        for k in range(len(states)):
            squares[k] += ((up[k] - down[k]) / (2 * small)) ** 2
    return [square**0.5 for square in squares]


def greenwood(rows, states, until):
    """Give the variance of p(until), with p(0) fixed, from Σ_u ∂p/∂A(u)ᵀ cov(dA(u)) ∂p/∂A(u), step by step."""
    times = sorted({row[2] for row in rows if row[4] is not None and 0 < row[2] <= until})
    steps = [_step(rows, states, time, {}) for time in times]
    path = _start(rows, states, {})
    variance = [0.0] * len(states)
    for n, time in enumerate(times):
        after = [[float(i == j) for j in states] for i in states]
        for step in steps[n + 1 :]:
            after = _times(after, step)
        for i, state in enumerate(states):
            at_risk = sum(row[1] < time <= row[2] and row[3] == state for row in rows)
            q = steps[n][i]
            for k in range(len(states)):
                mean = sum(q[j] * after[j][k] for j in range(len(states)))
                square = sum(q[j] * after[j][k] ** 2 for j in range(len(states)))
                if at_risk:
                    variance[k] += path[i] ** 2 * (square - mean**2) / at_risk
        path = _times([path], steps[n])[0]
    return variance
