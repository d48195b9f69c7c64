from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: ``what`` was measured, its ``value`` in ``unit``, and a ``note`` such as the bound it has."""

    what: str
    value: float
    unit: str = "s"
    note: str = ""
    digits: int = 2
