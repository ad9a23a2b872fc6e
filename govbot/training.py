"""Composes frameworks, embedding and matching: teach the encoder and train heads."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from govbot.asking.bank import load_bank
from govbot.asking.phrasing import load_phrasing
from govbot.asking.routing import Router
from govbot.embedding import CachedEncoder, Encoder, TransformerEncoder, save_shipped
from govbot.embedding.adapter import SHIPPED_ADAPTER
from govbot.errors import EncoderNotOurs
from govbot.frameworks import (
    WIDEST,
    Example,
    encoder_fingerprint,
    fingerprint,
    framework_folder,
    framework_ids,
    load_framework,
    manner_examples,
    nothing_examples,
    own_examples,
    teaching_examples,
)
from govbot.matching import (
    CARD_FILE,
    FOLDS,
    MATCHER_FILE,
    METHOD,
    Origin,
    Taught,
    assign_folds,
    batch_of,
    gather_curriculum,
    gather_lessons,
    judge_apart,
    ladder_fingerprint,
    load_sentences,
    load_taught,
    manner_fingerprint,
    measure,
    save_heads,
    save_ladder,
    save_manner,
    save_taught,
    share_out,
    teach_encoder,
    train_heads,
    train_ladder,
    train_manner,
)
from govbot.rendering import model_card
from govbot.resources import resource

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from govbot.config import Settings
    from govbot.frameworks import Framework
    from govbot.matching import Judged, Report
    from govbot.records import Decision

#: Told how much of how much is done.
Progress = Callable[[int, int], None]

_FOLDS_FOLDER = "folds"
#: The principle of the widest framework that is about openness and engagement, and of how many of its other passages
#: one is taken for teaching what engages nobody.
_NEAR_ENGAGEMENT, _ASIDE = "B", 4
#: Batch of the examples that come from people's decisions.
_DECIDED = "decisions"


@dataclass(frozen=True, kw_only=True, slots=True)
class Encoders:
    """The encoder in use, and one a fold that was not taught the fold's batches."""

    final: Encoder
    folds: tuple[Encoder, ...]
    #: Batch -> its fold; empty for an encoder that was taught nothing.
    batches: dict[str, int]
    #: The model as it was published.
    untaught: Encoder


def load_encoders(settings: Settings) -> Encoders:
    """Return the encoders that training needs; raise ModelError or CacheNotWritable."""

    def cached(encoder: TransformerEncoder) -> Encoder:
        folder = settings.cache_folder
        return CachedEncoder(encoder, folder=folder) if folder else encoder

    taught = None if settings.model else load_taught()
    final = cached(TransformerEncoder(settings.model))
    untaught = cached(TransformerEncoder(settings.model, plain=True))
    if taught is None:
        return Encoders(final=final, folds=(final,) * FOLDS, batches={}, untaught=untaught)
    apart = resource(SHIPPED_ADAPTER) / _FOLDS_FOLDER
    folds = tuple(cached(TransformerEncoder(adapter=apart / str(number))) for number in range(FOLDS))
    return Encoders(final=final, folds=folds, batches=taught.batches, untaught=untaught)


def teach(settings: Settings, *, progress: Progress, further: bool = False) -> None:
    """Teach the packaged model every shipped framework and write its adapters; nothing is written if it is stopped.

    Each fold gets an encoder of its own, which was not taught the fold's batches: what it makes of them is what the
    heads are calibrated and measured on. How people ask is taught with the examples: typed questions are told apart by
    the same vectors. Taught `further`, each goes on from what it was taught before, and batches keep their folds.
    Raises EncoderNotOurs where another model is set.
    """
    if settings.model:
        raise EncoderNotOurs(model=settings.model)
    frameworks = [(load_framework(name), framework_folder(name)) for name in framework_ids()]
    taught = [(framework, own_examples(folder, framework), ways_to_ask(framework)) for framework, folder in frameworks]
    nothing = nothing_examples()
    batches = share_out(*(examples for _, examples, _ in taught), nothing)
    before = load_taught() if further else None
    if before is not None:
        batches = {batch: before.batches.get(batch, fold) for batch, fold in batches.items()}
    with tempfile.TemporaryDirectory() as work:
        # A folder inside the temporary one has the rights that the user's settings give.
        made = Path(work) / "encoder"
        made.mkdir()
        for number in range(FOLDS + 1):

            def kept(examples: Sequence[Example], left_out: int = number) -> list[Example]:
                return [example for example in examples if batches[batch_of(example)] != left_out]

            lessons = [(framework, kept(examples), asked) for framework, examples, asked in taught]
            curriculum = gather_curriculum(lessons, kept(nothing))
            own = Path(_FOLDS_FOLDER) / str(number) if number < FOLDS else Path()
            start = resource(SHIPPED_ADAPTER) / own if before is not None else None
            teach_encoder(curriculum, made / own, progress=_part(progress, number), before=start)
        origins = {framework.id: encoder_fingerprint(folder, framework) for framework, folder in frameworks}
        save_taught(made, Taught(frameworks=origins, batches=batches))
        shutil.rmtree(resource(SHIPPED_ADAPTER), ignore_errors=True)
        shutil.copytree(made, resource(SHIPPED_ADAPTER))


def ways_to_ask(framework: Framework) -> list[Example]:
    """Return how people ask about criteria as examples of them, under the widest framework what else they ask too."""
    phrasing = load_phrasing()
    asked = phrasing.asked.get(framework.id, {})
    found = [
        Example(id=f"asked {name} {number}", text=text, criteria=(name,))
        for name in framework.criterion_ids
        for number, text in enumerate(asked.get(name, ()))
    ]
    if framework.id == WIDEST:
        others = enumerate((*phrasing.topics, *phrasing.other))
        # Hard, for what is not is held where it was.
        found += [Example(id=f"asked {number}", text=text, criteria=(), hard=True) for number, text in others]
    return found


def _part(progress: Progress, number: int) -> Progress:
    """Return what is told of one encoder's steps as steps of all of them."""
    return lambda done, total: progress(number * total + done, (FOLDS + 1) * total)


def decided_examples(framework: Framework, decisions: Iterable[Decision]) -> tuple[Example, ...]:
    """Return what people decided about quotes as examples: a quote that is evidence of a criterion, or is not.

    One that is not may be of any other criterion, as far as anybody said.
    """
    found: dict[tuple[str, str], Example] = {}
    for number, one in enumerate(decisions, 1):
        if one.criterion not in framework.criterion_ids or one.kind == "not_applicable":
            continue
        is_evidence = one.kind == "evidence"
        others = tuple(name for name in framework.criterion_ids if name != one.criterion)
        # The last word on a quote counts.
        found[one.quote, one.criterion] = Example(
            id=f"decision-{number}",
            text=one.quote,
            criteria=(one.criterion,) if is_evidence else (),
            also=others,
            strength="evidence" if is_evidence else None,
            stance="positive" if is_evidence else None,
            hard=not is_evidence,
            batch=_DECIDED,
        )
    return tuple(found.values())


def judge_speech(encoders: Encoders) -> dict[str, Judged]:
    """Return text -> how it speaks, of every example and judged by what was not taught it; every card rests on it."""
    return judge_apart(_every_speaker(), encoders.folds, encoders.batches)


def train(
    framework_id: str,
    encoders: Encoders,
    speech: dict[str, Judged],
    private: Path | None = None,
    *,
    decisions: Iterable[Decision] = (),
) -> Report:
    """Train a framework's heads; write them and the model card into its folder, and return what the card says.

    `speech` is what judge_speech returns; `decisions` teach as examples do. Raises FrameworkError, InvalidLines or
    ModelError before anything is written.
    """
    framework = load_framework(framework_id, private)
    folder = framework_folder(framework_id, private)
    examples = (*teaching_examples(folder, framework), *decided_examples(framework, decisions))
    lessons = gather_lessons(framework, examples, encoders.final)
    folds = assign_folds(lessons, encoders.batches)
    folded = [gather_lessons(framework, examples, encoder) for encoder in encoders.folds]
    trained = train_heads(lessons, folds=folds, folded=folded)
    report = measure(framework, examples, lessons, trained, folds=folds, manner=speech, untaught=encoders.untaught)
    heads = replace(
        trained.heads,
        precision=np.array([criterion.precision for criterion in report.criteria], dtype=np.float32),
        recall=np.array([criterion.recall for criterion in report.criteria], dtype=np.float32),
    )
    origin = Origin(method=METHOD, model=encoders.final.name, fingerprint=fingerprint(folder, framework))
    save_heads(folder / MATCHER_FILE, heads, origin)
    (folder / CARD_FILE).write_text(model_card(framework, report, origin), encoding="utf-8")
    return report


def train_speech(encoders: Encoders) -> None:
    """Train what all frameworks share and write it: strength, stance and stage, and the ladder of participation."""
    origin = Origin(method=METHOD, model=encoders.final.name, fingerprint=manner_fingerprint())
    save_manner(train_manner(_every_speaker(), encoders.final), origin)
    sentences = replace(origin, fingerprint=ladder_fingerprint())
    save_ladder(train_ladder(load_sentences(), engaging_nobody(), encoders.final), sentences)
    if encoders.batches:
        _note_later_batches()


def engaging_nobody() -> list[str]:
    """Return passages that engage nobody: of nothing, and of what good governance is beside openness and engagement."""
    others: list[Example] = []
    if WIDEST in framework_ids():
        framework = load_framework(WIDEST)
        near = framework.principle(_NEAR_ENGAGEMENT).criteria
        ids = {criterion.id for criterion in near}
        own = own_examples(framework_folder(WIDEST), framework)
        others = [one for one in own if one.criteria and one.stance == "positive" and ids.isdisjoint(one.criteria)]
    return [example.text for example in (*nothing_examples(), *others[::_ASIDE])]


def save_router(encoders: Encoders) -> None:
    """Write the vectors of everything that questions are compared with, under every shipped framework."""
    frameworks = [load_framework(name) for name in framework_ids()]
    router = Router(frameworks, encoders.final, banks=[load_bank(framework) for framework in frameworks])
    save_shipped(router.texts, encoders.final)


def _note_later_batches() -> None:
    """Write which batches of examples the heads have learnt since the encoder was taught."""
    taught = load_taught()
    if taught is not None:
        written = {batch_of(example) for example in _every_example()}
        later = tuple(sorted(written - taught.batches.keys()))
        save_taught(resource(SHIPPED_ADAPTER), taught.model_copy(update={"heads_only": later}))


def _every_speaker() -> list[Example]:
    """Return every example, and those that teach only how a passage speaks."""
    widest = (load_framework(WIDEST),) if WIDEST in framework_ids() else ()
    return [*_every_example(), *(example for framework in widest for example in manner_examples(framework))]


def _every_example() -> list[Example]:
    """Return every shipped framework's own examples, and those of nothing."""
    folders = [(framework_folder(name), load_framework(name)) for name in framework_ids()]
    own = [example for folder, framework in folders for example in own_examples(folder, framework)]
    return [*own, *nothing_examples()]
