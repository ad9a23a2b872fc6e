"""Files: what is told of them, how they are fetched, and how the bot brings its own."""

from __future__ import annotations

from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from slack_sdk import WebClient

from govbot.testing.slack import LocalSlack
from tests.unit.testing.test_methods import refusal


class Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def fetch(url: str, token: str) -> tuple[int, str, bytes]:
    """Return status, type and body, following nobody elsewhere."""
    request = Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})
    try:
        with build_opener(Stay).open(request) as answer:
            return answer.status, answer.headers.get_content_type(), answer.read()
    except HTTPError as exc:
        with exc:
            return exc.code, exc.headers.get_content_type(), exc.read()


def bring(url: str, data: bytes) -> int:
    """Return the status with which an upload is taken."""
    try:
        with build_opener().open(Request(url, data=data)) as answer:
            return int(answer.status)
    except HTTPError as exc:
        with exc:
            return exc.code


def address(client: WebClient, file: str) -> str:
    return str(client.files_info(file=file)["file"]["url_private_download"])


def test_a_file_says_where_it_is_shared(slack: LocalSlack, client: WebClient, ada: str, housing: str) -> None:
    first = slack.say(ada, housing, "here it comes")
    sent = slack.upload(ada, housing, "a draft.docx", b"draft", thread=first)
    closed = slack.add_channel("cabinet", [ada], private=True)
    again = slack.share(sent.file, ada, closed)
    file = client.files_info(file=sent.file)["file"]
    assert (file["name"], file["size"], file["filetype"], file["user"]) == ("a draft.docx", 5, "docx", ada)
    assert [(one["ts"], one["thread_ts"]) for one in file["shares"]["public"][housing]] == [(sent.ts, first)]
    assert [one["ts"] for one in file["shares"]["private"][closed]] == [again]


def test_shares_tell_of_replies(slack: LocalSlack, client: WebClient, ada: str, housing: str) -> None:
    sent = slack.upload(ada, housing, "a.docx", b"a")
    reply = client.chat_postMessage(channel=housing, thread_ts=sent.ts, text="Reading")["ts"]
    share = client.files_info(file=sent.file)["file"]["shares"]["public"][housing][0]
    assert (share["reply_count"], share["latest_reply"], share["reply_users"]) == (1, reply, [slack.bot_user])


def test_shares_lag(slack: LocalSlack, client: WebClient, ada: str, housing: str) -> None:
    slack.lag_shares(2)
    sent = slack.upload(ada, housing, "a.docx", b"a")
    shares = [client.files_info(file=sent.file)["file"]["shares"] for _ in range(3)]
    assert [list(one) for one in shares] == [[], [], ["public"]]


def test_files_are_found_by_channel_person_and_time(
    slack: LocalSlack, client: WebClient, ada: str, housing: str
) -> None:
    ben = slack.add_user("Ben")
    slack.join(ben, housing)
    one, two = slack.upload(ada, housing, "1.docx", b"1"), slack.upload(ben, housing, "2.docx", b"2")
    found = client.files_list(channel=housing, ts_from=str(int(float(one.ts))), ts_to=two.ts)["files"]
    assert [file["id"] for file in found] == [two.file, one.file]
    assert [file["id"] for file in client.files_list(channel=housing, user=ada)["files"]] == [one.file]
    assert client.files_list(channel=housing, ts_to="1")["paging"]["total"] == 0


def test_files_that_are_not_the_bots_to_see(slack: LocalSlack, client: WebClient, ada: str, housing: str) -> None:
    gone = slack.upload(ada, housing, "gone.docx", b"g").file
    elsewhere = slack.upload(ada, slack.add_channel("e", [ada], with_bot=False), "e.docx", b"e").file
    slack.delete_file(gone)
    assert refusal(client, "files.info", file=gone) == "file_deleted"
    assert refusal(client, "files.info", file=elsewhere) == "file_not_found"
    assert client.files_list()["files"] == []


def test_a_file_is_fetched_from_another_host(slack: LocalSlack, client: WebClient, ada: str, housing: str) -> None:
    sent = slack.upload(ada, housing, "a draft.docx", b"draft")
    url = address(client, sent.file)
    assert url.startswith(f"http://{slack.file_host}/") and slack.file_host not in slack.api_url
    status, kind, body = fetch(url, slack.bot_token)
    assert (status, body) == (200, b"draft")
    assert "html" not in kind


def test_without_the_scope_a_page_comes_in_its_place(
    slack: LocalSlack, client: WebClient, ada: str, housing: str
) -> None:
    url = address(client, slack.upload(ada, housing, "a.docx", b"draft").file)
    slack.remove_scope("files:read")
    status, kind, body = fetch(url, slack.bot_token)
    assert (status, kind) == (200, "text/html")
    assert body.lower().startswith(b"<!doctype html")
    assert fetch(url, "")[0] == fetch(url, "xoxb-unknown")[0] == 302


def test_downloads_are_spoilt(slack: LocalSlack, client: WebClient, ada: str, housing: str) -> None:
    files = [slack.upload(ada, housing, f"{n}.docx", b"draft").file for n in range(4)]
    slack.spoil(files[0], page=True)
    slack.spoil(files[1], redirect="http://127.0.0.1:9/elsewhere")
    slack.spoil(files[2], size=1_000_000)
    slack.spoil(files[3], url="https://files.example.org/evil")
    assert fetch(address(client, files[0]), slack.bot_token)[1] == "text/html"
    assert fetch(address(client, files[1]), slack.bot_token)[0] == 302
    assert client.files_info(file=files[2])["file"]["size"] == 1_000_000
    assert address(client, files[3]) == "https://files.example.org/evil"


def test_files_of_slack_connect_and_files_elsewhere(
    slack: LocalSlack, client: WebClient, ada: str, housing: str
) -> None:
    shared = slack.upload(ada, housing, "c.docx", b"c", connect=True)
    linked = slack.upload(ada, housing, "d.docx", b"", external="https://drive.example.org/d")
    slack.add_scope("channels:history")
    said = client.conversations_history(channel=housing, latest=shared.ts, inclusive=True)["messages"][0]
    assert said["files"][0]["file_access"] == "check_file_info"
    assert fetch(address(client, shared.file), slack.bot_token)[2] == b"c"
    elsewhere = client.files_info(file=linked.file)["file"]
    assert (elsewhere["is_external"], elsewhere["mode"]) == (True, "external")


def test_the_bot_brings_a_file_into_a_thread(slack: LocalSlack, client: WebClient, ada: str, housing: str) -> None:
    first = slack.say(ada, housing, "the report, please")
    client.files_upload_v2(
        channel=housing, thread_ts=first, content=b"report", filename="report.docx", title="The report"
    )
    message = slack.messages(housing, first)[0]
    assert (message.user, slack.file_data(message.files[0])) == (slack.bot_user, b"report")
    assert client.files_info(file=message.files[0])["file"]["title"] == "The report"


def test_uploads_that_are_not_what_was_announced(slack: LocalSlack, client: WebClient, housing: str) -> None:
    begun = client.files_getUploadURLExternal(filename="a.txt", length=3)
    complete = {"files": [{"id": begun["file_id"]}], "channel_id": housing}
    assert refusal(client, "files.completeUploadExternal", **complete) == "file_not_found"
    assert [bring(begun["upload_url"], data) for data in (b"four", b"fou")] == [400, 200]
    assert refusal(client, "files.completeUploadExternal", files=complete["files"], channel_id="C404") == (
        "channel_not_found"
    )
    assert refusal(client, "files.completeUploadExternal", **complete) == ""


def test_a_link_to_a_file_names_it(slack: LocalSlack, ada: str, housing: str) -> None:
    sent = slack.upload(ada, housing, "a draft.docx", b"a")
    assert slack.link_to(sent.file) == (f"<https://ennerdowncouncil.slack.com/files/{ada}/{sent.file}/a%20draft.docx>")
