"""Examples of all frameworks -> an adapter: the encoder is taught to tell criteria apart and to hear how a text speaks.

Each criterion has a proxy, a learnt unit vector; a text is drawn to its own and away from its framework's others
(softmax over cosines). Strength, stance and stage are read off the same vector. Everyday texts are held where they
were, so that the model keeps its general sense. What else was tried stands in the README, "How good it is".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from govbot.embedding.adapter import add_adapter, go_on_from, save_adapter
from govbot.embedding.transformer import has_fast_bfloat16, load_model
from govbot.frameworks import Example
from govbot.passages import split_sentences, word_count
from govbot.records import STAGES, STANCES, STRENGTHS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sentence_transformers import SentenceTransformer

    from govbot.frameworks import Framework

#: Told how many of how many steps are done.
Steps = Callable[[int, int], None]

#: Times through all passages: with three all encoders take an hour and a half on two cores, and time grows with these.
EPOCHS = 3
#: Ways to ask are more than passages, and short: each time through takes one in so many of them.
_ASKED_STRIDE = 4
#: Once through is enough where the encoder goes on from what it was taught before, at half the step size.
_FURTHER_EPOCHS = 1
_BATCH = 32
#: Batches are cut from this many texts sorted by length, so that little of them is padding.
_POOL = 8 * _BATCH
#: Step sizes of the adapter, and of the proxies and readers, which start from nothing.
_RATE = 3e-3
_PROXY_RATE = 3e-3
_FURTHER_RATE = 1.5e-3
#: What a cosine is multiplied by before the softmax.
_SHARPNESS = 16.0
#: Share of the target that further criteria get beside the main one.
_FURTHER = 0.35
#: How much the reading of strength, stance and stage counts beside telling criteria apart.
_MANNER_WEIGHT = 0.3
#: How much holding still counts, how many everyday texts are held at each step, and word pieces read of each.
_HOLD_WEIGHT = 8.0
_HELD = 8
_FEWEST_WORDS, _MOST_WORDS = 6, 30
_HELD_PIECES = 96
#: Proxies start among one in so many of their texts: to encode all takes as long as a fifth of the teaching.
_START_STRIDE = 4
#: Logit of what is neither right nor wrong.
_LEFT_OUT = -1e4
_SEED = 20141


@dataclass(frozen=True, kw_only=True, slots=True)
class Lesson:
    """An example under the framework that it teaches; None for one of nothing under any, which teaches all."""

    framework: str | None
    example: Example
    #: True for how people ask, of which each time through takes a part.
    is_asked: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Curriculum:
    """What the encoder is taught."""

    #: Framework id -> ids of its criteria.
    criteria: dict[str, tuple[str, ...]]
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Targets:
    """What the n texts should be told to be under one framework with k criteria, as tensors."""

    #: (n, k + 1): shares of the criteria; the last is "nothing".
    shares: Any
    #: (n, k + 1): added to the logits, so that what is neither right nor wrong falls out.
    left_out: Any
    #: (n,): 0 for another framework's examples.
    weights: Any


def gather_curriculum(
    taught: Sequence[tuple[Framework, Sequence[Example], Sequence[Example]]], nothing: Sequence[Example]
) -> Curriculum:
    """Return each framework's own examples with the words about its criteria, and what is nothing under any.

    The second examples of a framework are how people ask about its criteria.
    """
    lessons = [Lesson(framework=None, example=example) for example in nothing]
    for framework, examples, asked in taught:
        words = [
            Example(id=f"{criterion.id} {number}", text=text, criteria=(criterion.id,))
            for criterion in framework.criteria
            for number, text in enumerate((*criterion.phrases, criterion.description, *criterion.counts))
        ]
        lessons += [Lesson(framework=framework.id, example=example) for example in (*examples, *words)]
        lessons += [Lesson(framework=framework.id, example=example, is_asked=True) for example in asked]
    return Curriculum(
        criteria={framework.id: framework.criterion_ids for framework, *_ in taught}, lessons=tuple(lessons)
    )


def teach_encoder(curriculum: Curriculum, folder: Path, *, progress: Steps, before: Path | None = None) -> None:
    """Teach the packaged model and write the adapter to `folder`: a quarter of an hour on two cores, less on a GPU.

    With the adapter of `before` it goes on from there, which takes a third of the time.
    """
    import torch

    torch.manual_seed(_SEED)
    generator = np.random.default_rng(_SEED)
    model = load_model()
    school = _School(model, curriculum, before)
    is_asked = np.array([lesson.is_asked for lesson in curriculum.lessons])
    batches = _plan(school.lengths, is_asked, generator, _FURTHER_EPOCHS if before else EPOCHS)
    warm_up = len(batches) // 10 + 1
    schedule = torch.optim.lr_scheduler.LambdaLR(
        school.optimizer, lambda step: min((step + 1) / warm_up, (len(batches) - step) / (len(batches) - warm_up + 1))
    )
    for step, rows in enumerate(batches):
        loss = school.loss(rows, generator)
        school.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(school.adapter, 1.0)
        school.optimizer.step()
        schedule.step()
        progress(step + 1, len(batches))
    save_adapter(model, folder, before=before)


class _School:
    """The model with its adapter, what it is asked, and how far off its answers are."""

    def __init__(self, model: SentenceTransformer, curriculum: Curriculum, before: Path | None) -> None:
        import torch

        examples = [lesson.example for lesson in curriculum.lessons]
        everyday = _everyday(examples)
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._model = model.to(self._device)
        if self._device.type == "cpu":
            # The way back through the other one takes a third of the time of a step.
            bert: Any = model[0].auto_model
            bert.set_attn_implementation("eager")
        self._pieces = _pieces(model, [example.text for example in examples], int(model.max_seq_length or 0))
        self._held_pieces = _pieces(model, everyday, _HELD_PIECES)
        self.lengths = np.array([len(pieces) for pieces in self._pieces])
        self._held = self._encode_all(self._held_pieces)
        self.adapter = add_adapter(model)
        model.eval()  # no dropout: it gained nothing
        if before is not None:
            go_on_from(model, before)
        self._targets = [_targets(curriculum, name, self._device) for name in curriculum.criteria]
        self._manner, self._manner_weights = (array.to(self._device) for array in _manner_targets(examples))
        start = self._encode_all(self._pieces[::_START_STRIDE])
        self._proxies = [torch.nn.Parameter(targets.shares[::_START_STRIDE].T @ start) for targets in self._targets]
        self._readers = torch.nn.Linear(start.shape[1], self._manner.shape[1], device=self._device)
        torch.nn.init.normal_(self._readers.weight, std=0.02)
        learnt = [*self._proxies, *self._readers.parameters()]
        self.optimizer = torch.optim.AdamW(
            [
                {"params": self.adapter, "lr": _FURTHER_RATE if before else _RATE, "weight_decay": 0.01},
                {"params": learnt, "lr": _PROXY_RATE, "weight_decay": 0.0},
            ]
        )

    def loss(self, rows: Any, generator: np.random.Generator) -> Any:  # noqa: ANN401 (index array; tensor)
        """Return how far off the answers for these rows are, a scalar tensor."""
        from torch.nn.functional import log_softmax, normalize

        vectors = self._encode([self._pieces[row] for row in rows])
        loss: Any = 0
        for targets, proxies in zip(self._targets, self._proxies, strict=True):
            logits = _SHARPNESS * vectors @ normalize(proxies, dim=-1).T + targets.left_out[rows]
            wrong = -(log_softmax(logits, dim=-1) * targets.shares[rows]).sum(dim=-1)
            loss = loss + (wrong * targets.weights[rows]).mean()
        answers = _SHARPNESS * self._readers(vectors)
        for column, names in enumerate(_manner_columns()):
            wrong = -(log_softmax(answers[:, names], dim=-1) * self._manner[rows][:, names]).sum(dim=-1)
            loss = loss + _MANNER_WEIGHT * (wrong * self._manner_weights[rows, column]).mean()
        if self._held_pieces:
            held = generator.choice(len(self._held_pieces), min(_HELD, len(self._held_pieces)), replace=False)
            now = self._encode([self._held_pieces[row] for row in held])
            loss = loss + _HOLD_WEIGHT * (1 - (now * self._held[held]).sum(dim=-1)).mean()
        return loss

    def _encode(self, pieces: Sequence[list[int]]) -> Any:  # noqa: ANN401
        import torch
        from torch.nn.functional import normalize

        batch = self._model.tokenizer.pad({"input_ids": list(pieces)}, return_tensors="pt").to(self._device)
        quick = self._device.type == "cuda" or has_fast_bfloat16()
        with torch.autocast(self._device.type, dtype=torch.bfloat16, enabled=quick):
            vectors = self._model(dict(batch))["sentence_embedding"]
        return normalize(vectors.float(), dim=-1)

    def _encode_all(self, pieces: Sequence[list[int]]) -> Any:  # noqa: ANN401
        """Return the vectors of the model as it is, taught nothing further."""
        import torch

        found = torch.zeros(len(pieces), int(self._model.get_embedding_dimension() or 0), device=self._device)
        order = np.argsort([len(ids) for ids in pieces])
        with torch.no_grad():
            for start in range(0, len(order), _BATCH):
                rows = order[start : start + _BATCH]
                found[rows] = self._encode([pieces[row] for row in rows])
        return found


def _everyday(examples: Sequence[Example]) -> list[str]:
    """Return the texts that should stay where they are: passages that are far from governance, and their sentences."""
    texts = [example.text for example in examples if not example.criteria and not example.hard]
    sentences = (sentence for text in texts for sentence in split_sentences(text))
    return texts + [sentence for sentence in sentences if _FEWEST_WORDS <= word_count(sentence) <= _MOST_WORDS]


def _pieces(model: SentenceTransformer, texts: Sequence[str], most: int) -> list[list[int]]:
    """Return each text's word pieces as numbers."""
    if not texts:
        return []
    found: list[list[int]] = model.tokenizer(list(texts), truncation=True, max_length=most)["input_ids"]
    return found


def _plan(lengths: Any, is_asked: Any, generator: np.random.Generator, epochs: int) -> list[Any]:  # noqa: ANN401
    """Return the row numbers of every batch of every epoch, texts of like length together.

    An epoch holds every passage and, of what `is_asked`, the next part.
    """
    batches: list[Any] = []
    passages, asked = np.flatnonzero(~is_asked), generator.permutation(np.flatnonzero(is_asked))
    for epoch in range(epochs):
        order = generator.permutation(np.concatenate([passages, asked[epoch % _ASKED_STRIDE :: _ASKED_STRIDE]]))
        pools = [order[start : start + _POOL] for start in range(0, len(order), _POOL)]
        ordered = [pool[np.argsort(lengths[pool], kind="stable")] for pool in pools]
        cut = [pool[start : start + _BATCH] for pool in ordered for start in range(0, len(pool), _BATCH)]
        batches += [cut[number] for number in generator.permutation(len(cut))]
    return batches


def _targets(curriculum: Curriculum, framework: str, device: Any = None) -> _Targets:  # noqa: ANN401 (torch's)
    import torch

    columns = {name: number for number, name in enumerate(curriculum.criteria[framework])}
    shape = (len(curriculum.lessons), len(columns) + 1)
    shares, left_out = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    weights = np.zeros(shape[0], np.float32)
    for row, lesson in enumerate(curriculum.lessons):
        main, *further = lesson.example.criteria or (None,)
        own = lesson.framework == framework
        if main is None and (own or lesson.framework is None):
            # Every framework sees what is nothing under any: the more there are, the less each says.
            shares[row, -1], weights[row] = 1, 1 if own else len(curriculum.criteria) ** -0.5
        elif main and own:
            weights[row] = 1
            shares[row, columns[main]] = 1 - _FURTHER if further else 1
            shares[row, [columns[str(name)] for name in further]] = _FURTHER / max(len(further), 1)
            differs = set(lesson.example.also) - set(lesson.example.criteria)
            left_out[row, [columns[name] for name in differs if name in columns]] = _LEFT_OUT
    arrays = (torch.from_numpy(array).to(device) for array in (shares, left_out, weights))
    return _Targets(**dict(zip(("shares", "left_out", "weights"), arrays, strict=True)))


def _manner_columns() -> tuple[slice, slice, slice]:
    """Return which columns tell strength, stance and stage."""
    first, second = len(STRENGTHS), len(STRENGTHS) + len(STANCES)
    return slice(0, first), slice(first, second), slice(second, second + len(STAGES))


def _manner_targets(examples: Sequence[Example]) -> tuple[Any, Any]:
    """Return (n, 9) shares of each strength, stance and stage, and (n, 3) whether they are known.

    Two readers' stages share the target. What an absent passage says of strength is not taught: the word hangs in the
    air where nothing is there.
    """
    import torch

    shares = np.zeros((len(examples), len(STRENGTHS) + len(STANCES) + len(STAGES)), np.float32)
    weights = np.zeros((len(examples), 3), np.float32)
    strength, stance, stage = _manner_columns()
    for row, example in enumerate(examples):
        if not (example.strength and example.stance and example.stage):
            continue
        weights[row] = (example.stance == "positive", 1, 1)
        shares[row, strength.start + STRENGTHS.index(example.strength)] = 1
        shares[row, stance.start + STANCES.index(example.stance)] = 1
        again = example.second.stage if example.second else None
        for name in (example.stage, again or example.stage):
            shares[row, stage.start + STAGES.index(name)] += 0.5
    return torch.from_numpy(shares), torch.from_numpy(weights)
