from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from govbot.matching.wording import gather_words, share_words

ABOUT = [["The board procures goods."], ["Residents are consulted", "and heard by the Board"]]
EXAMPLES = ["The board met.", "Nothing else.", "It procured a boat."]


def test_a_word_weighs_for_the_criteria_that_use_it_and_the_more_the_rarer_it_is() -> None:
    words, weights = gather_words(ABOUT, EXAMPLES)
    assert words.tolist() == ["and", "are", "board", "consul", "goods", "heard", "procur", "reside", "the"]
    found = dict(zip(words.tolist(), weights.tolist(), strict=True))
    assert found["board"] == pytest.approx([np.log(4 / 2)] * 2)
    assert found["procur"] == pytest.approx([np.log(4 / 2), 0])
    assert found["consul"] == pytest.approx([0, np.log(4)])


def test_texts_share_words_whatever_their_endings_each_once_by_the_root_of_their_length() -> None:
    words, weights = np.array(["board", "procur"]), np.array([[1, 1], [0, 4]], dtype=np.float32)
    texts = ["Procurement, procurement and the BOARD", "A boat", ""]
    found = share_words(texts, words, weights)
    np.testing.assert_allclose(found, [[1 / np.sqrt(6), 5 / np.sqrt(6)], [0, 0], [0, 0]], rtol=1e-6)


def test_the_same_text_weighs_the_same_to_the_last_bit_in_every_process() -> None:
    code = (
        "import numpy as np; from govbot.matching.wording import gather_words, share_words\n"
        "text = ' '.join(f'{a}{b}{c}word' for a in 'abcde' for b in 'fghij' for c in 'klmno')\n"
        "words, weights = gather_words([[text]], [text[: n * 9] for n in range(120)])\n"
        "print(share_words([text], words, weights).tobytes().hex())"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in range(4)
    }
    assert len(told) == 1


def test_without_words_nothing_is_shared() -> None:
    words, weights = gather_words([[""], []], [])
    assert weights.shape == (0, 2)
    assert share_words(["The board."], words, weights).tolist() == [[0, 0]]
    assert share_words([], words, weights).shape == (0, 2)
