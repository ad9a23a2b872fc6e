from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from govbot.config import Settings
from govbot.errors import FileElsewhere, FileNotFetched, FileNotShared, FileTooLarge, GovbotError, SlackUnreachable
from govbot.slack.calling import Api, new_client
from govbot.slack.files import fetch_file, find_file
from govbot.testing.slack import LocalSlack

DATA = b"# Plan\n\nThe board meets in public.\n"


@pytest.fixture(scope="module")
def slack() -> Iterator[LocalSlack]:
    with LocalSlack() as found:
        yield found


@pytest.fixture
def settings(slack: LocalSlack) -> Settings:
    return Settings(slack_api=slack.api_url, slack_file_hosts=slack.file_host, file_mb=1)


@pytest.fixture
def api(slack: LocalSlack, settings: Settings) -> Api:
    return Api(new_client(settings, slack.bot_token))


def upload(slack: LocalSlack, data: bytes = DATA, **more: Any) -> str:  # noqa: ANN401 (what upload takes)
    ada = slack.add_user("Ada")
    return slack.upload(ada, slack.add_channel("c", [ada]), "plan.md", data, **more).file


def test_a_file_is_fetched_from_where_slack_says(slack: LocalSlack, api: Api, settings: Settings) -> None:
    found = find_file(api, upload(slack))
    assert (found.name, found.size, found.is_elsewhere, len(found.shares)) == ("plan.md", len(DATA), False, 1)
    assert fetch_file(found, slack.bot_token, settings) == DATA


@pytest.mark.parametrize(
    ("spoilt", "error"),
    [
        ({"page": True}, FileNotFetched),
        ({"data": b"<!DOCTYPE html><html>sign in</html>"}, FileNotFetched),
        ({"size": 7}, FileNotFetched),
        ({"redirect": "http://127.0.0.1:9/"}, FileNotFetched),
        ({"url": "https://evil.example/files.slack.com/plan.md"}, FileElsewhere),
        ({"url": "http://user@127.0.0.1:1/plan.md"}, FileElsewhere),
    ],
)
def test_what_is_not_the_file_is_not_taken(
    slack: LocalSlack, api: Api, settings: Settings, spoilt: dict[str, Any], error: type[GovbotError]
) -> None:
    file = upload(slack)
    slack.spoil(file, **spoilt)
    with pytest.raises(error):
        fetch_file(find_file(api, file), slack.bot_token, settings)


def test_a_token_goes_to_slack_s_hosts_alone(slack: LocalSlack, api: Api, settings: Settings) -> None:
    found = find_file(api, upload(slack))
    with pytest.raises(FileElsewhere):
        fetch_file(found, slack.bot_token, settings.model_copy(update={"slack_file_hosts": "files.slack.com"}))


def test_a_file_that_lies_elsewhere_is_not_fetched(slack: LocalSlack, api: Api, settings: Settings) -> None:
    found = find_file(api, upload(slack, external="https://drive.example/plan.md"))
    with pytest.raises(FileElsewhere):
        fetch_file(found, slack.bot_token, settings)


def test_a_file_larger_than_is_allowed_is_not_fetched_whole(slack: LocalSlack, api: Api, settings: Settings) -> None:
    file = upload(slack, b"x" * (2**20 + 1))
    slack.spoil(file, size=1)
    with pytest.raises(FileTooLarge):
        fetch_file(find_file(api, file), slack.bot_token, settings)
    with pytest.raises(FileTooLarge):
        fetch_file(find_file(api, upload(slack, b"x" * (2**20 + 1))), slack.bot_token, settings)


def test_a_file_that_is_gone_is_said_to_be(slack: LocalSlack, api: Api) -> None:
    file = upload(slack)
    slack.delete_file(file)
    with pytest.raises(FileNotShared):
        find_file(api, file)


def test_a_file_of_slack_connect_is_asked_for(slack: LocalSlack, api: Api, settings: Settings) -> None:
    assert fetch_file(find_file(api, upload(slack, connect=True)), slack.bot_token, settings) == DATA


def test_a_slack_that_is_away_is_waited_for(slack: LocalSlack, api: Api, settings: Settings) -> None:
    found = find_file(api, upload(slack))
    slack.go_down()
    with pytest.raises(SlackUnreachable):
        fetch_file(found, slack.bot_token, settings)
    with pytest.raises(SlackUnreachable):
        find_file(api, found.id)
    slack.come_back()
