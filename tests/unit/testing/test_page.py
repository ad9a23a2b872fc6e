"""The page that `govbot try` opens: in a real browser, on the local Slack, with a small app on the real slack_bolt."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from slack_bolt import Ack, App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient

from govbot.slack.health import serve
from govbot.testing.slack import LocalSlack

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
#: Milliseconds that a page may take where the machine has much else to do.
PATIENCE = 60_000
AUDIT = (Path(__file__).parent / "audit.js").read_text(encoding="utf-8")

expect.set_options(timeout=PATIENCE)


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def option(text: str, value: str) -> dict[str, Any]:
    return {"text": plain(text), "value": value}


def button(text: str, action: str, **more: object) -> dict[str, Any]:
    return {"type": "button", "text": plain(text), "action_id": action, **more}


def markup(text: str, **more: object) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def rich(*elements: tuple[str, str]) -> dict[str, Any]:
    parts = [{"type": f"rich_text_{kind}", "elements": [{"type": "text", "text": text}]} for kind, text in elements]
    return {"type": "rich_text", "elements": parts}


HOSTILE = """<img src=x onerror="document.title='taken'"><script>document.title='taken'</script> <!channel> *bold*"""
MARKUP = "*11 of 21* criteria are _evidenced_ &amp; 3 not found.\n> See <https://example.org/guide|the guide>."
OPTIONS = [option("Not evidence", "not"), option("Why this?", "why")]
OVERFLOW = {"type": "overflow", "action_id": "more", "options": OPTIONS}
SELECT = {
    "type": "static_select",
    "action_id": "framework",
    "placeholder": plain("Another framework"),
    "options": [option("CIPFA/IFAC", "cipfa-ifac"), option("Best value", "best-value")],
}
ROWS = [["Principle", "Plan"], ["A Integrity", "● yes"], ["B Openness", "– no"]]
REPORT = [
    {"type": "header", "text": plain("Housing Strategy")},
    markup(MARKUP, accessory=OVERFLOW),
    {"type": "section", "fields": [{"type": "mrkdwn", "text": "*A* ●"}, {"type": "mrkdwn", "text": "*B* –"}]},
    rich(("section", "The draft says:"), ("quote", HOSTILE)),
    {"type": "table", "rows": [[{"type": "raw_text", "text": text} for text in row] for row in ROWS]},
    {"type": "divider"},
    {
        "type": "data_visualization",
        "title": "Trend",
        "chart": {
            "type": "line",
            "series": [{"name": "evidenced", "data": [{"label": "May", "value": 7}, {"label": "June", "value": 11}]}],
            "axis_config": {"categories": ["May", "June"]},
        },
    },
    {"type": "actions", "elements": [button("Evidence", "evidence", style="primary"), SELECT]},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "12 pages were read."}]},
]
QUESTION = {
    "type": "input",
    "block_id": "reason",
    "label": plain("Why is it not relevant?"),
    "element": {"type": "plain_text_input", "action_id": "reason", "multiline": True},
}
HOME = [
    {"type": "header", "text": plain("My drafts")},
    markup("*Housing Strategy*: 11 of 21", accessory=button("Open", "open")),
    {
        "type": "actions",
        "elements": [{"type": "channels_select", "action_id": "channel", "placeholder": plain("All channels")}],
    },
]


def modal(title: str, *blocks: dict[str, Any], **more: object) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": "set_aside",
        "external_id": "set aside",
        "title": plain(title),
        "blocks": list(blocks),
        **more,
    }


def small_app(slack: LocalSlack) -> App:
    """Return an app that answers in the ways that govbot answers, at once and always the same."""
    app = App(client=WebClient(token=slack.bot_token, base_url=slack.api_url), signing_secret=slack.signing_secret)

    @app.event("file_shared")
    def check(event: dict[str, Any], client: WebClient) -> None:
        shares = client.files_info(file=event["file_id"])["file"]["shares"]
        channel = event["channel_id"]
        (share,) = {**shares.get("public", {}), **shares.get("private", {})}[channel]
        told = client.chat_postMessage(channel=channel, thread_ts=share["ts"], text="Reading draft.docx …")
        client.chat_update(channel=channel, ts=told["ts"], text="11 of 21 criteria are evidenced.", blocks=REPORT)

    @app.event("app_mention")
    def answer(event: dict[str, Any], client: WebClient) -> None:
        thread = event.get("thread_ts") or event["ts"]
        client.chat_postMessage(channel=event["channel"], thread_ts=thread, text="Yes: *B1* is evidenced.")

    @app.event("app_home_opened")
    def home(event: dict[str, Any], client: WebClient) -> None:
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": HOME})

    @app.action("evidence")
    def open_form(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal("Set aside", markup("Loading …")))
        form = modal(
            "Set aside",
            markup("*F1* Managing risk", accessory=button("Look", "look")),
            QUESTION,
            submit=plain("Set aside"),
        )
        client.views_update(external_id="set aside", view=form)

    @app.action("look")
    def look(ack: Ack, client: WebClient) -> None:
        ack()
        client.views_update(external_id="set aside", view=modal("Looked", QUESTION, submit=plain("Set aside")))

    @app.view("set_aside")
    def set_aside(ack: Ack, view: dict[str, Any]) -> None:
        reason = view["state"]["values"]["reason"]["reason"]["value"]
        ack(response_action="errors", errors={"reason": "Say where it is kept."}) if reason == "no" else ack()

    @app.command("/govbot")
    def command(ack: Ack, command: dict[str, Any]) -> None:
        ack(f"You asked: {command['text']}")

    @app.action(re.compile(".*"))
    @app.shortcut(re.compile(".*"))
    @app.event(re.compile(".*"))
    def rest(ack: Ack) -> None:
        ack()

    return app


@dataclass(frozen=True, kw_only=True)
class Trial:
    slack: LocalSlack
    page: Page
    ada: str
    housing: str

    def open(self, place: str = "") -> Page:
        self.page.goto(f"{self.slack.url}/try/#{self.ada}/{place or self.housing}")
        expect(self.page.locator("#place")).not_to_be_empty()
        return self.page

    def drop(self, name: str = "draft.docx") -> Page:
        """Drop a draft on the channel, send it, and wait for the report in the thread that opens."""
        files = self.page.evaluate_handle(
            "(name) => { const held = new DataTransfer(); held.items.add(new File(['x'], name)); return held; }", name
        )
        self.page.locator("#pane").dispatch_event("drop", {"dataTransfer": files})
        self.page.keyboard.press("Enter")
        expect(self.page.locator("#replies")).to_contain_text("12 pages were read.")
        return self.page

    def pressed(self, action: str) -> dict[str, Any]:
        """Wait until the app has heard of an action; return the action's payload."""

        def heard() -> list[Any]:
            bodies = [one.payload for one in self.slack.deliveries if one.kind == "block_actions"]
            return [body for body in bodies if body["actions"][0]["action_id"] == action]

        return self.slack.wait_for(heard)[-1]["actions"][0]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("there is no chromium on this machine")
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield browser
        browser.close()


@pytest.fixture
def trial(browser: Browser, slack: LocalSlack, ada: str, housing: str) -> Iterator[Trial]:
    server = serve(SlackRequestHandler(small_app(slack)), "127.0.0.1", 0)
    slack.deliver_to(f"http://127.0.0.1:{server.port}/slack/events")
    page = browser.new_page(locale="en-GB", viewport={"width": 1360, "height": 860})
    faults: list[str] = []
    asked: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
    page.on("request", lambda request: asked.append(request.url))
    yield Trial(slack=slack, page=page, ada=ada, housing=housing)
    page.close()
    server.close()
    assert faults == []
    assert [url for url in asked if not url.startswith(slack.url)] == []


def test_a_draft_that_is_dropped_is_answered_in_its_thread(trial: Trial) -> None:
    trial.open()
    replies = trial.drop().locator("#replies")
    expect(replies.get_by_role("heading", name="Housing Strategy")).to_be_visible()
    expect(replies.locator("strong", has_text="11 of 21")).to_be_visible()
    expect(replies.get_by_role("link", name="the guide")).to_have_attribute("rel", "noopener noreferrer")
    assert replies.locator(".table :is(th, td)").all_inner_texts() == [text for row in ROWS for text in row]
    expect(replies.get_by_role("img", name="Chart: Trend")).to_be_visible()
    expect(replies).not_to_contain_text("Reading")


def test_text_of_a_draft_stays_text(trial: Trial) -> None:
    trial.open()
    trial.slack.say(trial.ada, trial.housing, HOSTILE.replace("<", "&lt;").replace(">", "&gt;"))
    page = trial.drop(f"{HOSTILE[:40]}.docx".replace("/", ""))
    assert page.locator("#replies blockquote").last.inner_text() == HOSTILE
    expect(page.locator("#messages")).to_contain_text("<!channel> bold")
    assert page.locator("#app img:not(.avatar)").count() == 1
    assert page.title() == "Try govbot"


def test_a_window_is_filled_in_refused_and_sent(trial: Trial) -> None:
    trial.open()
    page = trial.drop()
    page.get_by_role("button", name="Evidence").click()
    window, reason = page.get_by_role("dialog", name="Set aside"), page.get_by_label("Why is it not relevant?")
    expect(reason).to_be_focused()
    for typed, said in [("", "Fill this in."), ("no", "Say where it is kept.")]:
        reason.fill(typed)
        window.get_by_role("button", name="Set aside").click()
        expect(window.locator(".fault")).to_have_text(said)
        expect(reason).to_be_focused()
    reason.fill("The council keeps it elsewhere")
    window.get_by_role("button", name="Set aside").click()
    expect(window).to_be_hidden()
    expect(page.get_by_role("button", name="Evidence")).to_be_focused()


def test_what_was_typed_stays_when_the_app_draws_the_window_again(trial: Trial) -> None:
    trial.open()
    page = trial.drop()
    page.get_by_role("button", name="Evidence").click()
    page.get_by_label("Why is it not relevant?").fill("half a")
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_role("dialog", name="Looked")).to_be_visible()
    expect(page.get_by_label("Why is it not relevant?")).to_have_value("half a")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert trial.slack.view(trial.ada) is None


def test_menus_work_by_keyboard(trial: Trial) -> None:
    trial.open()
    page = trial.drop()
    page.get_by_role("button", name="More actions").focus()
    for key in ("Enter", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    assert trial.pressed("more")["selected_option"]["value"] == "why"
    page.get_by_label("Another framework").select_option("Best value")
    assert trial.pressed("framework")["selected_option"]["value"] == "best-value"
    expect(page.get_by_role("menu")).to_have_count(0)


def test_home_shows_what_the_app_published(trial: Trial) -> None:
    page = trial.open("home")
    expect(page.get_by_role("heading", name="My drafts")).to_be_visible()
    page.get_by_role("button", name="Open").click()
    assert trial.pressed("open")["type"] == "button"
    page.get_by_label("All channels").select_option("housing")
    assert trial.pressed("channel")["selected_channel"] == trial.housing


def test_a_question_is_answered_in_a_thread_that_opens(trial: Trial) -> None:
    page = trial.open()
    page.get_by_label("Message to #housing").fill("@govbot what about <risk> & openness?")
    page.keyboard.press("Enter")
    expect(page.locator("#replies .message").nth(1)).to_contain_text("Yes: B1 is evidenced.")
    asked = trial.slack.messages(trial.housing)[0]
    assert asked.text == f"<@{trial.slack.bot_user}> what about &lt;risk&gt; &amp; openness?"
    expect(page.locator("#said")).to_have_text("govbot: Yes: B1 is evidenced.")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="1 reply")).to_be_focused()


def test_a_command_is_answered_to_the_one_who_gave_it(trial: Trial) -> None:
    trial.slack.add_user("Ben Field")
    page = trial.open()
    page.get_by_label("Message to #housing").fill("/govbot ask what about risk?")
    page.keyboard.press("Enter")
    expect(page.locator(".only-me")).to_contain_text("You asked: ask what about risk?")
    page.get_by_label("You are").select_option("Ben Field")
    expect(page.locator(".only-me")).to_have_count(0)


def test_everybody_sees_only_their_own_channels(trial: Trial) -> None:
    cleo = trial.slack.add_user("Cleo Marsh", guest=True)
    trial.slack.add_channel("open", [cleo], with_bot=False)
    trial.slack.add_channel("cabinet", [trial.ada], private=True)
    page = trial.open()
    assert page.locator("#channels .name").all_inner_texts() == ["housing", "open", "cabinet"]
    page.get_by_role("button", name="open", exact=True).click()
    expect(page.locator("#composer")).to_contain_text("You are not in this channel.")
    page.get_by_label("You are").select_option("Cleo Marsh (guest)")
    expect(page.locator("#channels .name")).to_have_text(["open"])


def test_news_elsewhere_is_marked_until_it_is_seen(trial: Trial) -> None:
    ben = trial.slack.add_user("Ben Field")
    waste = trial.slack.add_channel("waste", [trial.ada, ben])
    page = trial.open()
    trial.slack.say(ben, waste, "Here is the draft.")
    page.get_by_role("button", name="waste new").click()
    expect(page.locator("#messages")).to_contain_text("Here is the draft.")
    expect(page.get_by_role("button", name="waste", exact=True)).to_have_attribute("aria-current", "page")


def test_a_file_can_be_saved_and_deleted_by_its_owner(trial: Trial) -> None:
    trial.open()
    page = trial.drop()
    with page.expect_download() as saved:
        page.locator("#messages").get_by_role("link", name="Save draft.docx, 1 kB").click()
    assert saved.value.path().read_bytes() == b"x"
    page.locator("#messages").get_by_role("button", name="More about the message of Ada").click()
    page.get_by_role("menuitem", name="Delete draft.docx").click()
    expect(page.locator("#messages")).to_contain_text("This file was deleted.")


def test_a_place_has_an_address(trial: Trial) -> None:
    trial.open()
    page = trial.drop()
    page.reload()
    expect(page.locator("#replies")).to_contain_text("12 pages were read.")
    page.go_back()
    expect(page.locator("#thread")).to_be_hidden()


def test_the_page_says_when_nobody_answers(trial: Trial) -> None:
    page = trial.open()
    page.route("**/try/*", lambda route: route.abort())
    trial.slack.say(trial.ada, trial.housing, "Is anybody there?")
    expect(page.get_by_role("status")).to_contain_text("This page has lost its connection.")
    page.unroute_all()
    expect(page.locator("#messages")).to_contain_text("Is anybody there?")
    expect(page.locator("#away")).to_be_hidden()


@pytest.mark.parametrize("width", [1360, 820, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everyone_can_read_and_work_the_page(trial: Trial, scheme: Literal["light", "dark"], width: int) -> None:
    trial.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    trial.page.set_viewport_size({"width": width, "height": 860})
    page = trial.open()
    assert page.evaluate(AUDIT) == []
    trial.drop()
    assert page.evaluate(AUDIT) == []
    page.get_by_role("button", name="Evidence").click()
    expect(page.get_by_label("Why is it not relevant?")).to_be_focused()
    assert page.evaluate(AUDIT) == []
