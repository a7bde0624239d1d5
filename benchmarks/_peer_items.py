"""One peer's item response fit of a file of attempts, run in a Python that has the peer.

    PYTHON _peer_items.py girth|py-irt IN.npz OUT.npz

girth   one response per subject and item (subjects: single repeats of a run); 2PL by marginal maximum likelihood
py-irt  all attempts of each model, hierarchical 2PL by variational inference, its default number of epochs
"""

import os
import sys
import time

for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_threads] = "1"

import numpy as np  # noqa: E402

peer, given, taken = sys.argv[1:4]
told = np.load(given)


def girth():
    from girth import tag_missing_data, twopl_mml

    solved, tried = told["successes"], told["trials"]
    data = tag_missing_data(np.where(tried > 0, solved, -1).astype(int).T, [0, 1])
    start = time.process_time()
    found = twopl_mml(data)
    spent = time.process_time() - start
    slope = np.asarray(found["Discrimination"])
    return spent, slope, -slope * np.asarray(found["Difficulty"]), np.asarray(found["Ability"])


def py_irt():
    import torch
    from py_irt.config import IrtConfig
    from py_irt.dataset import Dataset
    from py_irt.training import IrtModelTrainer

    torch.set_num_threads(1)
    solved, tried = (told[name].astype(int) for name in ("successes", "trials"))
    models, items = solved.shape
    row, column = np.nonzero(tried)
    many = tried[row, column]
    subject, item = np.repeat(row, many), np.repeat(column, many)
    place = np.concatenate([np.arange(count) for count in many])
    success = (place < np.repeat(solved[row, column], many)).astype(float)
    names, ids = [f"m{i}" for i in range(models)], [f"i{i}" for i in range(items)]
    data = Dataset(
        item_ids=set(ids), subject_ids=set(names),
        item_id_to_ix={name: at for at, name in enumerate(ids)}, ix_to_item_id=dict(enumerate(ids)),
        subject_id_to_ix={name: at for at, name in enumerate(names)}, ix_to_subject_id=dict(enumerate(names)),
        observation_subjects=subject.tolist(), observation_items=item.tolist(), observations=success.tolist(),
        training_example=[True] * len(success),
    )  # fmt: skip
    config = IrtConfig(
        model_type="2pl", priors="hierarchical", epochs=int(os.environ.get("PYIRT_EPOCHS", "2000")), seed=1
    )
    trainer = IrtModelTrainer(data_path=None, config=config, dataset=data, verbose=False)
    start = time.process_time()
    trainer.train(epochs=config.epochs, device="cpu")
    spent = time.process_time() - start
    best = trainer.best_params
    slope, difficulty = (np.asarray(best[name], dtype=float) for name in ("disc", "diff"))
    return spent, slope, -slope * difficulty, np.asarray(best["ability"], dtype=float)


spent, slope, intercept, ability = {"girth": girth, "py-irt": py_irt}[peer]()
np.savez(taken, spent=spent, slope=slope, intercept=intercept, ability=ability)
