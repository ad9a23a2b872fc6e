from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from cryptography.fernet import Fernet
from slack_sdk import WebClient

from govbot import slack
from govbot.cli.main import run
from govbot.rendering.slack.actions import CHECK
from govbot.slack.manifest import COMMAND, EVENTS, FEATURES, METHODS, SCOPES, manifest

HOUSE = Path(slack.__file__).parent
#: Longest and shortest that Slack's schema of manifests takes.
LENGTHS = {
    "name": (1, 24),
    "description": (1, 140),
    "long_description": (175, 4_000),
    "display_name": (1, 80),
    "command": (2, 32),
    "usage_hint": (1, 1_000),
    "callback_id": (1, 255),
}
#: Methods that the client of Slack's library calls for us, by our word for it.
CALLED_FOR_US = {
    "files_upload_v2": {"files.getUploadURLExternal", "files.completeUploadExternal"},
    "SocketModeHandler": {"apps.connections.open"},
    "OAuthFlow": {"oauth.v2.access", "auth.test"},
    "OAuthSettings": {"oauth.v2.access", "auth.test"},
}
#: What begins with one of these is the name of a method of Slack's.
FAMILIES = {name.split(".")[0] for name in METHODS} | {"bookmarks", "pins", "reactions", "search", "team", "assistant"}
METHOD = re.compile(rf"(?:{'|'.join(sorted(FAMILIES))})(?:\.[a-zA-Z0-9]+)+")


def sources() -> Iterator[ast.Module]:
    for path in sorted(HOUSE.glob("*.py")):
        if path.name != "manifest.py":
            yield ast.parse(path.read_text(encoding="utf-8"))


def words() -> Iterator[str]:
    """Give every literal text of the bot's code, keys of prompts aside."""
    for tree in sources():
        said = {
            id(argument)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "say"
            for argument in node.args
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
                yield node.value


def names() -> Iterator[str]:
    for tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                yield node.attr
            elif isinstance(node, ast.Name):
                yield node.id


def called() -> set[str]:
    """Return every method of Slack's that the code calls, by itself or by Slack's library."""
    found = {word for word in words() if METHOD.fullmatch(word)}
    for name in set(names()):
        found |= CALLED_FOR_US.get(name, set())
        if "_" in name and callable(getattr(WebClient, name, None)) and name not in ("api_call", "files_upload_v2"):
            found.add(name.replace("_", "."))
    return found


def strings(value: object, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from strings(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, str):
        yield key, value


def test_every_method_that_is_called_is_known_and_every_known_one_is_called() -> None:
    assert called() == set(METHODS)


def test_the_scopes_are_those_that_methods_events_and_features_take_and_no_more() -> None:
    needed = {scope for scopes in (*METHODS.values(), *EVENTS.values(), FEATURES) for scope in scopes}
    assert set(SCOPES) == needed
    assert list(SCOPES) == sorted(SCOPES)
    assert manifest()["oauth_config"]["scopes"] == {"bot": list(SCOPES)}


def test_every_event_that_is_handled_comes_and_every_one_that_comes_is_handled() -> None:
    tree = ast.parse((HOUSE / "payloads.py").read_text(encoding="utf-8"))
    (body,) = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == "_event"]
    (rest,) = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == "_departure"]
    compared = {
        constant.value
        for node in (*ast.walk(body), *ast.walk(rest))
        if isinstance(node, ast.Compare) and ast.unparse(node.left) == "kind"
        for constant in ast.walk(node)
        if isinstance(constant, ast.Constant)
    }
    assert compared == {name.split(".")[0] for name in EVENTS}
    assert manifest()["settings"]["event_subscriptions"]["bot_events"] == list(EVENTS)


@pytest.mark.parametrize("url", ["", "https://govbot.example.org"])
def test_slack_takes_every_text_of_the_manifest(url: str) -> None:
    for key, text in strings(manifest(url)):
        least, most = LENGTHS.get(key, (1, 3_000))
        assert least <= len(text) <= most, (key, len(text))
    assert re.fullmatch("#[0-9a-f]{6}", manifest(url)["display_information"]["background_color"])


def test_the_shortcut_and_the_command_are_those_that_listeners_know() -> None:
    features = manifest()["features"]
    assert [(one["type"], one["callback_id"]) for one in features["shortcuts"]] == [("message", CHECK)]
    assert [one["command"] for one in features["slash_commands"]] == [COMMAND]


def test_socket_mode_wants_no_address() -> None:
    found = manifest()
    assert found["settings"]["socket_mode_enabled"]
    assert [text for key, text in strings(found) if "url" in key or text.startswith("http")] == []


def test_over_http_every_address_is_the_bot_s() -> None:
    found = manifest("https://govbot.example.org/")
    addresses = [text for _, text in strings(found) if text.startswith("http")]
    assert sorted(addresses) == [
        *["https://govbot.example.org/slack/events"] * 3,
        "https://govbot.example.org/slack/oauth_redirect",
    ]
    assert not found["settings"]["socket_mode_enabled"]
    assert found["settings"]["org_deploy_enabled"]


def test_people_can_write_to_the_bot_and_open_its_home() -> None:
    home = manifest()["features"]["app_home"]
    assert home == {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False}


# The command


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ended:
        run(["slack", *arguments])
    told = capsys.readouterr()
    return int(str(ended.value.code)), told.out or told.err


@pytest.mark.parametrize("url", ["", "https://govbot.example.org"])
@pytest.mark.parametrize(("name", "load"), [("json", json.loads), ("yaml", yaml.safe_load)])
def test_the_command_prints_the_manifest(
    name: str, load: Callable[[str], object], url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = said(capsys, "manifest", "--format", name, *(["--http", url] if url else []))
    assert (code, load(told)) == (0, manifest(url))


def test_an_address_that_slack_does_not_take_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code, told = said(capsys, "manifest", "--http", "http://govbot.example.org")
    assert (code, "https://" in told) == (2, True)


def test_the_command_prints_a_new_key_each_time(capsys: pytest.CaptureFixture[str]) -> None:
    keys = {said(capsys, "key")[1].strip() for _ in range(2)}
    assert len(keys) == 2
    assert all(Fernet(key) for key in keys)
