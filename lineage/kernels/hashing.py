"""How functions are compiled, and the 64-bit hashes they all use."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np

from lineage.kernels.stale import forget_stale

forget_stale(Path(__file__).parent)

FNV_OFFSET = np.uint64(0xCBF29CE484222325)
FNV_PRIME = np.uint64(0x100000001B3)
_MIX_A = np.uint64(0xFF51AFD7ED558CCD)
_MIX_B = np.uint64(0xC4CEB9FE1A85EC53)
_SHIFT = np.uint64(33)

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """`function`, compiled on first use and cached on disk."""
    return cast(Function, numba.njit(cache=True, nogil=True)(function))


def inlined(function: Function) -> Function:
    """`function`, copied into each compiled one that calls it: handing an array on costs as much as reading a word."""
    return cast(Function, numba.njit(inline="always")(function))


@compiled
def mix(value: np.uint64) -> np.uint64:
    """A bijection of 64-bit values whose output bits all depend on all input bits (MurmurHash3's finaliser)."""
    value ^= value >> _SHIFT
    value *= _MIX_A
    value ^= value >> _SHIFT
    value *= _MIX_B
    value ^= value >> _SHIFT
    return value


@compiled
def add(state: np.uint64, point: np.uint64) -> np.uint64:
    """One step of FNV-1a over 64-bit units; wrapping is the definition."""
    return (state ^ point) * FNV_PRIME
