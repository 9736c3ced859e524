"""Which way is up in a seal: told by its star, which points up wherever the seal was stamped.

Five points give the angle but for a fifth of a turn, and exactly; of those fifths the one is right that leaves the foot
of the arch bare and is not far from upright.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.seal_ink import Grey, Ink, SealInk
from ingest.unwrap import bare_places, profile, unwrapped

FIFTH = 72  # degrees
FOOT = 60  # degrees to each side of straight down that an arch leaves bare
ASKEW = 0.6  # how much bareness a fifth of a turn outweighs
FARTHEST = 80  # degrees: nobody stamps more askew
STAR = 0.3  # share of the five-fold wave in what varies around the centre, from which it is a star
SHIFTS = (-0.05, -0.025, 0.0, 0.025, 0.05)  # of the radius: the star is not quite in the middle
OVAL = 1.15  # ratio of the axes from which the long one says what is level


def tilt(ink: SealInk) -> float:
    """Degrees clockwise by which the seal was stamped askew, within 90; of an oval, of its long axis. A seal without a
    star that is seen is as askew as the widest gap of its arch."""
    _, _, a, b, angle = ink.place
    if a / b > OVAL:
        return (angle + 90) % 180 - 90
    arch = unwrapped(ink)
    pointing = _star(ink)
    if pointing is None:
        return _open_at(arch)
    angles = [pointing + FIFTH * n for n in (-1, 0, 1) if abs(pointing + FIFTH * n) <= FARTHEST]
    return min(angles, key=lambda angle: _foot(arch, angle) + ASKEW * abs(angle) / FIFTH)


def _star(ink: SealInk) -> float | None:
    """Degrees clockwise, within 36, by which one point of the star is off straight up; None without a star."""
    cx, cy, a, b, _ = ink.place
    waves = [_waves(ink.bare, (cx + a * dx, cy + b * dy, a, b)) for dx in SHIFTS for dy in SHIFTS]
    best = max(waves, key=lambda wave: _share(wave) * abs(wave[5]))
    return -math.degrees(float(np.angle(best[5]))) / 5 if _share(best) >= STAR else None


def _waves(ink: Ink, place: tuple[float, float, float, float]) -> NDArray[np.complexfloating]:
    """Fourier transform, once around the middle, of the ink between the star's core and its points."""
    cx, cy, a, b = place
    angle, rho = np.linspace(0, 2 * np.pi, 360, endpoint=False), np.linspace(0.1, 0.36, 14)[:, None]
    px, py = (cx + a * rho * np.sin(angle)).astype(np.float32), (cy - b * rho * np.cos(angle)).astype(np.float32)
    return np.fft.rfft(cv2.remap(ink, px, py, cv2.INTER_LINEAR).mean(axis=0))


def _share(waves: NDArray[np.complexfloating]) -> float:
    power = np.abs(waves[1:25]) ** 2
    return float(power[4] / (power.sum() + 1e-6))


def _foot(arch: Grey, angle: float) -> float:
    """How much ink stands at the foot, if that is up, against all around."""
    ink = profile(arch)
    off = (np.arange(len(ink)) / len(ink) * 360 - angle) % 360 - 180
    return float(ink[np.abs(off) < FOOT].mean() / (ink.mean() + 1e-6))


def _open_at(arch: Grey) -> float:
    """By the widest gap of the arch. A department's name stands in that gap and parts it in two; two wide gaps around
    something short are one."""
    width = arch.shape[1]
    runs = bare_places(arch)
    length, centre = runs[0]
    if len(runs) > 1:
        (first, a), (second, b) = runs[0], runs[1]
        apart = (b - a) % width
        left = a if apart <= width - apart else b
        between = min(apart, width - apart) - (first + second) / 2
        if second > 0.08 * width and between < 0.2 * width:
            start = left - (first if left == a else second) / 2
            length = int(first + second + between)
            centre = int(start + length / 2) % width
    angle = (centre / width) * 360 - 180
    return angle if length > 0.06 * width and abs(angle) < 60 else 0.0
