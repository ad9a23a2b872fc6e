"""What the encoder was taught: low-rank weights that are added to the packaged model's when it loads."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from govbot.errors import AdapterDamaged

if TYPE_CHECKING:
    from pathlib import Path

    from sentence_transformers import SentenceTransformer

#: The adapter that ships, which was taught all examples.
SHIPPED_ADAPTER = "principles/encoder"
WEIGHTS_FILE = "adapter_model.safetensors"
CONFIG_FILE = "adapter_config.json"
#: Rank of the change to each weight matrix, and the matrices that change: those of the attention and what follows it.
RANK = 16
_SCALE = 2
_MATRICES = ["query", "key", "value", "dense"]
#: Share of what was learnt that is kept: between the published weights (0) and the taught ones (1) a model knows most
#: of what it was taught and stays better on texts of another style (Wortsman and others, "Robust fine-tuning of
#: zero-shot models", 2022). When two frameworks were taught: criterion right at 1, .7 and .5 of it held out .895, .890
#: and .882, on real passages .60, .62 and .64. With ten, more than this costs over a hundredth of the general sense.
KEPT = 0.65
#: The same of what a model learns that goes on from what it was taught before. Taught how people ask and 778 passages
#: more, with all, half and none of it: the principle of held-out passages is right for .92, .93 and .93, the very
#: status of 19 drafts for .84, .84 and .84, and of six harder ones for .79, .81 and .83.
FURTHER_KEPT = 0.5


def add_adapter(model: SentenceTransformer) -> list[Any]:
    """Give the model a new adapter that changes nothing yet; return its weights, the only ones left to learn."""
    from peft import LoraConfig

    config = LoraConfig(r=RANK, lora_alpha=_SCALE * RANK, target_modules=_MATRICES, task_type="FEATURE_EXTRACTION")
    model.add_adapter(config)
    return [weights for weights in model.parameters() if weights.requires_grad]


def go_on_from(model: SentenceTransformer, folder: Path) -> None:
    """Give the model's new adapter all that the one in `folder` was taught, so that it learns on from there."""
    from peft import set_peft_model_state_dict
    from safetensors.torch import load_file

    stored = load_file(folder / WEIGHTS_FILE)
    taught = {name: array.float() / (KEPT if "lora_B" in name else 1) for name, array in stored.items()}
    set_peft_model_state_dict(model[0].auto_model, taught, adapter_name="default")


def merge_adapter(model: SentenceTransformer, folder: Path) -> None:
    """Add the adapter in `folder` to the model's own weights, so that it costs nothing afterwards."""
    from peft.tuners.tuners_utils import BaseTunerLayer

    model.load_adapter(str(folder))
    layers = [(name, module) for name, module in model.named_modules() if isinstance(module, BaseTunerLayer)]
    for name, layer in layers:
        layer.merge()
        parent, _, own = name.rpartition(".")
        setattr(model.get_submodule(parent), own, layer.get_base_layer())


def save_adapter(model: SentenceTransformer, folder: Path, *, before: Path | None = None) -> None:
    """Write KEPT of the model's adapter as peft reads it, in half precision: the bfloat16 it runs in rounds more.

    Where it went on from the adapter in `before`, FURTHER_KEPT of the way from there is written.
    """
    import torch
    from peft import get_peft_model_state_dict
    from safetensors.torch import load_file, save_file

    bert: Any = model[0].auto_model
    weights = get_peft_model_state_dict(bert, adapter_name="default")
    folder.mkdir(parents=True, exist_ok=True)
    config = bert.peft_config["default"]
    config.base_model_name_or_path = None  # where the model lies on this machine is nobody's business
    config.save_pretrained(str(folder))
    kept = {name: array.cpu() * (KEPT if "lora_B" in name else 1) for name, array in weights.items()}
    if before is not None:
        stored = load_file(before / WEIGHTS_FILE)
        kept = {name: torch.lerp(stored[name].float(), array.float(), FURTHER_KEPT) for name, array in kept.items()}
    save_file({name: array.to(torch.float16).contiguous() for name, array in kept.items()}, folder / WEIGHTS_FILE)


def adapter_checksum(folder: Path) -> str:
    """Return the SHA-256 of the adapter's settings and weights; raise AdapterDamaged where one is missing."""
    digest = hashlib.sha256()
    try:
        for name in (CONFIG_FILE, WEIGHTS_FILE):
            digest.update((folder / name).read_bytes())
    except OSError as exc:
        raise AdapterDamaged(path=str(folder)) from exc
    return digest.hexdigest()
