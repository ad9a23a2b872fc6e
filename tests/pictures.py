"""Makes the README's pictures from what people see, in a browser: `python tests/pictures.py` writes into pictures/."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from govbot.rendering.slack import actions as act  # noqa: E402
from govbot.testing.slack import LocalSlack  # noqa: E402
from govbot.testing.trial import populate, trial  # noqa: E402
from tests.slack.bot import buttons, texts  # noqa: E402

PICTURES = ROOT / "pictures"
DRAFT = ROOT / "tests" / "drafts" / "ennerdown-library-strategy.docx"
LONGEST = 300


def main() -> None:
    """Make them."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as data, LocalSlack() as slack:
        officer = populate(slack)
        with trial(slack, Path(data), slack_officers=officer), sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-background-networking"]
            )
            page = browser.new_page(viewport={"width": 1280, "height": 1000}, device_scale_factor=1)
            take(slack, officer, page)


def take(slack: LocalSlack, officer: str, page: Page) -> None:
    """Drop the bundled draft, ask, look at the evidence and at Home, and take a picture of each."""
    channel = next(key for key, one in slack.world.channels.items() if one.name == "housing")
    page.goto(f"{slack.url}/try/#{officer}/{channel}")
    dropped = slack.upload(officer, channel, DRAFT.name, DRAFT.read_bytes())
    reply = slack.wait_for(
        lambda: next((one for one in slack.messages(channel, dropped.ts) if act.EVIDENCE in buttons(one)), None),
        LONGEST,
    )
    page.goto(f"{slack.url}/try/#{officer}/{channel}/{dropped.ts}")
    page.get_by_text("Main gaps").first.wait_for()
    page.screenshot(path=PICTURES / "reply.png")
    slack.say(officer, channel, f"<@{slack.bot_user}> have we covered openness?", thread=dropped.ts)
    slack.wait_for(lambda: len(slack.messages(channel, dropped.ts)) > 2, LONGEST)
    slack.press(officer, channel, reply.ts, act.EVIDENCE)
    slack.wait_for(lambda: "Integrity" in texts(slack.view(officer)), LONGEST)
    page.get_by_role("dialog").get_by_role("heading").last.wait_for()
    page.screenshot(path=PICTURES / "evidence.png")
    slack.close_view(officer, is_all=True)
    slack.open_home(officer)
    slack.wait_for(lambda: "Ennerdown" in texts(slack.home(officer)), LONGEST)
    page.goto(f"{slack.url}/try/#{officer}/home")
    page.get_by_text("Ennerdown").first.wait_for()
    page.screenshot(path=PICTURES / "home.png")


if __name__ == "__main__":
    main()
