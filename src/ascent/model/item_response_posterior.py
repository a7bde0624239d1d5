"""The posterior of abilities and items together, sampled by Hamiltonian Monte Carlo from a hierarchical model.

    logit of success = slope * ability + intercept
    ability of a model                 normal, then standardised over the models: mean 0, mean square 1
    slope, intercept of an item        centre + spread * (0, 1) normal, centre and spread of its benchmark
    centre and spread of a benchmark   weak priors, see PRIOR

Items are sampled as distances from the centre of their benchmark in units of its spread (non-centred), without which
chains stick where the spread is small. Repeats of one item count for as much as in the fit that the chains start from.
Needs JAX and NumPyro (`pip install 'ascent[bayes]'`); everything else here is answered without.

Source: Hoffman and Gelman 2014, Journal of Machine Learning Research 15:1593 (NUTS); Papaspiliopoulos, Roberts and
Sköld 2007, Statistical Science 22:59 (non-centred); Fox 2010, Bayesian Item Response Modeling.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ascent.core.draws import Floats
from ascent.core.errors import TooLittleEvidence
from ascent.core.progress import progress
from ascent.model.chains import effective_size, r_hat
from ascent.model.item_response import ItemResponse
from ascent.model.item_response_counts import Counts, widened
from ascent.model.item_response_draws import ItemDraws

METHODS = ("map", "posterior")
BLOCK = 25  # draws between two tellings of progress
DISAGREE = 1.1  # R-hat from which the answer is refused
AGREE, FEW = 1.01, 400  # R-hat and independent draws at which nothing needs to be said
# Mean and sd of a benchmark's centre, mean and sd of the log of its spread: of slopes and of intercepts.
PRIOR = {"slope": (1.0, 1.0, np.log(0.5), 0.75), "intercept": (0.0, 3.0, np.log(2.0), 0.75)}


@dataclass(frozen=True, eq=False)
class Posterior:
    """Draws, the middle first, and whether they can be trusted.

    drawn            draw 0 the mean of all
    r_hat, effective (quantity,) of all abilities, slopes and intercepts: agreement of chains, independent draws
    divergent        steps of the sampler that left the posterior
    """

    drawn: ItemDraws
    r_hat: Floats
    effective: Floats
    divergent: int

    @property
    def poor(self) -> bool:
        """Whether a reader should be warned."""
        return bool(self.r_hat.max() > AGREE or self.effective.min() < FEW or self.divergent)

    def centred(self, fit: ItemResponse) -> ItemResponse:
        """The fit with the means of the draws in place of its own abilities and items."""
        drawn = self.drawn
        return replace(
            fit, ability=drawn.ability[0], ability_error=drawn.ability[1:].std(axis=0), slope=drawn.slope[0],
            intercept=drawn.intercept[0],
        )  # fmt: skip

    @property
    def words(self) -> str:
        """What was checked, with figures."""
        return (
            f"R-hat at most {self.r_hat.max():.3f} (1 where chains agree), effective sample size at least "
            f"{self.effective.min():,.0f} (median {np.median(self.effective):,.0f}), {self.divergent} divergent steps"
        )


def needs_sampler() -> Any:
    """JAX, or an error that says how to get it."""
    try:
        import jax
        import numpyro  # noqa: F401  # whether it is there
    except ImportError as error:
        raise TooLittleEvidence(
            need="JAX and NumPyro, for --method posterior", have=f"no package '{error.name}'",
            fix="pip install 'ascent[bayes]', or take --method map",
        ) from error  # fmt: skip
    return jax


def sample_items(
    fit: ItemResponse, successes: Floats, trials: Floats, *, draws: int = 400, chains: int = 4, warm_up: int = 500,
    seed: int = 0,
) -> Posterior:  # fmt: skip
    """Sample the posterior of the model that `fit_items` fitted.

    successes, trials  (model, item) counts that were fitted
    draws, warm_up     of each chain
    raises             TooLittleEvidence without JAX, or where the chains disagree
    """
    jax = needs_sampler()
    with jax.enable_x64(True):
        kept, divergent = _chains(jax, fit, successes, trials, draws, chains, warm_up, seed)
    ability, slope, intercept = kept  # (chain, draw, ...)
    every = np.concatenate([ability, slope, intercept], axis=2)
    moving = every.std(axis=(0, 1)) > 1e-12
    agreement, worth = r_hat(every[:, :, moving]), effective_size(every[:, :, moving])
    if agreement.max() > DISAGREE:
        raise TooLittleEvidence(
            need=f"chains that agree (R-hat at most {DISAGREE:g})",
            have=f"R-hat {agreement.max():.2f} at its worst, above {DISAGREE:g} for "
            f"{(agreement > DISAGREE).sum():,} of {len(agreement):,} quantities",
            fix="raise --warm-up and --draws, look at one benchmark with --benchmark, or take --method map",
        )
    flat = [part.reshape(-1, part.shape[2]) for part in (ability, slope, intercept)]
    drawn = ItemDraws(*(np.vstack([part.mean(axis=0), part]) for part in flat))
    return Posterior(drawn, agreement, worth, divergent)


def _chains(
    jax: Any, fit: ItemResponse, successes: Floats, trials: Floats, draws: int, chains: int, warm_up: int, seed: int
) -> tuple[list[Floats], int]:
    """Abilities, slopes and intercepts (chain, draw, ...), and the divergent steps."""
    from numpyro.infer import NUTS

    target, start, unpack = _target(jax, fit, successes, trials)
    kernel = NUTS(potential_fn=target, target_accept_prob=0.8)

    def block(state: Any, _: None) -> Any:
        state = kernel.sample(state, (), {})
        return state, (unpack(state.z), state.diverging)

    advance = jax.jit(lambda state: jax.lax.scan(block, state, None, length=BLOCK))
    rounds = -(-warm_up // BLOCK), -(-draws // BLOCK)
    kept, divergent = [], 0
    with progress("sampling the posterior", chains * sum(rounds)) as step:
        for key in jax.random.split(jax.random.PRNGKey(seed), chains):
            begin, run = jax.random.split(key)
            noise = jax.random.normal(begin, (len(start),))
            state = kernel.init(run, rounds[0] * BLOCK, start + 0.1 * noise, (), {})
            told = []
            for turn in range(sum(rounds)):
                state, (values, diverging) = advance(state)
                if turn >= rounds[0]:
                    told.append([np.asarray(value) for value in values])
                    divergent += int(np.asarray(diverging).sum())
                step()
            kept.append([np.concatenate(parts)[:draws] for parts in zip(*told, strict=True)])
    return [np.stack(parts) for parts in zip(*kept, strict=True)], divergent


def _target(jax: Any, fit: ItemResponse, successes: Floats, trials: Floats) -> tuple[Any, Any, Any]:
    """Negative log posterior of one vector, where chains start, and the vector as (ability, slope, intercept)."""
    import jax.numpy as jnp

    counts = Counts.of(successes, trials, fit.group)
    if fit.repeat_correlation.any() and counts.trials is not None:
        counts.weigh(fit.repeat_correlation)
    solved = widened(counts.successes)
    tried = np.full(solved.shape, counts.each) if counts.trials is None else widened(counts.trials)
    missed = jnp.asarray(tried - solved)
    solved = jnp.asarray(solved)
    models, items, groups = len(fit.ability), len(fit.slope), len(fit.slope_mean)
    one = fit.slopes == "1PL"
    sizes = [models, *([groups] * 4), 0 if one else items, items]
    ends = np.cumsum(sizes)[:-1]
    group, floor = jnp.asarray(fit.group), jnp.asarray(fit.floor)
    floored = bool(np.any(fit.floor))

    def parts(vector: Any) -> Any:
        ability, slope_at, slope_log, at, log, slope_z, z = jnp.split(vector, ends)
        centred = ability - ability.mean()
        ability = centred / jnp.sqrt((centred**2).mean())
        slope = slope_at[group] if one else slope_at[group] + jnp.exp(slope_log)[group] * slope_z
        return ability, slope, at[group] + jnp.exp(log)[group] * z

    def target(vector: Any) -> Any:
        ability, slope, intercept = parts(vector)
        logit = ability[:, None] * slope + intercept
        if floored:
            chance = floor + (1 - floor) * jax.nn.sigmoid(logit)
            told = (solved * jnp.log(chance) + missed * jnp.log1p(-chance)).sum()
        else:
            told = (solved * logit - (solved + missed) * jnp.logaddexp(0.0, logit)).sum()
        raw, slope_at, slope_log, at, log, slope_z, z = jnp.split(vector, ends)
        prior = (raw**2).sum() + (slope_z**2).sum() + (z**2).sum()
        for name, centre, spread in (("slope", slope_at, slope_log), ("intercept", at, log)):
            mean, sd, log_mean, log_sd = PRIOR[name]
            prior += (((centre - mean) / sd) ** 2).sum() + (((spread - log_mean) / log_sd) ** 2).sum()
        return 0.5 * prior - told

    slope_z = (fit.slope - fit.slope_mean[fit.group]) / fit.slope_spread[fit.group]
    intercept_z = (fit.intercept - fit.intercept_mean[fit.group]) / fit.intercept_spread[fit.group]
    start = np.concatenate(
        [fit.ability, fit.slope_mean, np.log(fit.slope_spread), fit.intercept_mean, np.log(fit.intercept_spread),
         slope_z[: 0 if one else items], intercept_z]
    )  # fmt: skip
    return target, jnp.asarray(start), parts
