"""What every model did on every task of known length, counted."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import Floats

Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Counts:
    """What every model did on every task.

    log2_minutes  (item,)         length for a human
    family        (item,)         group of tasks that resemble each other; -1: a task of its own
    successes     (model, item)   number of successes (may be fractional where success is graded)
    trials        (model, item)   number of attempts, 0 where a model did not try a task
    """

    log2_minutes: Floats
    family: Indices
    successes: Floats
    trials: Floats

    def only(self, items: NDArray[np.bool_] | Indices) -> "Counts":
        """The same models on some of the tasks."""
        return Counts(self.log2_minutes[items], self.family[items], self.successes[:, items], self.trials[:, items])
