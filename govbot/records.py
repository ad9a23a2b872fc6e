"""The frozen records that flow from room to room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

    import numpy as np
    from numpy.typing import NDArray

BlockKind = Literal["heading", "paragraph", "list_item", "table_row"]
#: What a file's pages and paragraphs are: those of a text, slides (which have no paragraphs), or rows of sheets.
Layout = Literal["text", "slides", "sheets"]
_LAYOUTS: dict[str, Layout] = {
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "slides",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "sheets",
    "text/csv": "sheets",
}
Strength = Literal["mention", "commitment", "evidence"]
Stance = Literal["positive", "absent"]
Stage = Literal["plan", "do", "check", "act"]
Status = Literal["evidenced", "committed", "mentioned", "absent", "gap", "not_applicable", "unread"]
AnswerKind = Literal["criterion", "topic", "other"]
#: What the person wants to know of what is asked about: what the draft says, what it lacks, what to ask its authors,
#: what changed between two drafts, more of the same, why the last answer says so, or what govbot can do.
Wish = Literal["coverage", "missing", "questions", "compare", "more", "why", "help"]
#: How a draft stands on what was asked.
Standing = Literal["yes", "partly", "hardly", "no", "unknown", "aside"]
#: What became of a criterion between two drafts.
Change = Literal["closed", "opened", "stronger", "weaker", "lost", "unknown"]
#: What a person decided: the criterion does not apply; a quote is no evidence of it; a quote is.
DecisionKind = Literal["not_applicable", "not_evidence", "evidence"]
DocumentKind = Literal["consultation", "procurement"]
#: How much say people have, on the ladder of participation.
Rung = Literal["inform", "consult", "involve", "collaborate", "empower"]
#: A family of methods of engagement.
Method = Literal["formal", "information", "service", "research", "deliberative", "devolved"]

DOCUMENT_KINDS: tuple[DocumentKind, ...] = ("consultation", "procurement")
#: Lowest first.
RUNGS: tuple[Rung, ...] = ("inform", "consult", "involve", "collaborate", "empower")
#: Weakest first.
STRENGTHS: tuple[Strength, ...] = ("mention", "commitment", "evidence")
STANCES: tuple[Stance, ...] = ("positive", "absent")
#: In the order of the plan-do-check-act cycle.
STAGES: tuple[Stage, ...] = ("plan", "do", "check", "act")
#: Best first.
STANDINGS: tuple[Standing, ...] = ("yes", "partly", "hardly", "no", "unknown", "aside")
#: What matters most first.
CHANGES: tuple[Change, ...] = ("opened", "weaker", "lost", "unknown", "closed", "stronger")
#: Best covered first.
STATUSES: tuple[Status, ...] = (
    "evidenced",
    "committed",
    "mentioned",
    "absent",
    "gap",
    "unread",
    "not_applicable",
)


def layout_of(media_type: str) -> Layout:
    """Return what the pages and paragraphs of a kind of file are."""
    return _LAYOUTS.get(media_type, "text")


@dataclass(frozen=True, kw_only=True, slots=True)
class PageTurn:
    """Where a block runs on to another page."""

    #: Characters of the block's text that stand before this page.
    offset: int
    #: 1-based page number.
    page: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """A heading, paragraph, list item or table row, as it stands in the document."""

    kind: BlockKind
    #: White space folded to single spaces, hyphenation and ligatures mended, no bullet sign;
    #: a table row's cells are parted by tabs, the paragraphs of a cell by line ends.
    text: str
    #: Headings that the block stands under, outermost first.
    section: tuple[str, ...] = ()
    #: 1-based page on which the block starts; None where the format has no pages.
    page: int | None = None
    #: True where the page is a guess from the file's last layout.
    page_is_approximate: bool = False
    #: 1-based number of the paragraph in the document; None where pages are exact.
    paragraph: int | None = None
    #: 1 to 6 for a heading, None for anything else.
    level: int | None = None
    #: What introduces a list ("The Board will:"); empty where nothing does.
    lead_in: str = ""
    #: Column headings of a table row, one a cell; empty where the table has none.
    header: tuple[str, ...] = ()
    #: Further pages that the block runs on to.
    turns: tuple[PageTurn, ...] = ()
    layout: Layout = "text"
    #: Mean confidence, from 0 to 1, of its words that were recognised in a picture; None where all are real text.
    ocr_confidence: float | None = None

    def page_at(self, offset: int) -> int | None:
        """Return the page on which the character at `offset` stands."""
        page = self.page
        for turn in self.turns:
            if offset >= turn.offset:
                page = turn.page
        return page


@dataclass(frozen=True, kw_only=True, slots=True)
class Unread:
    """A part of a document that could not be read."""

    #: Key of the sentence in prompts/replies/unread.yaml that says why.
    reason: str
    #: 1-based page, or None where the part is not a page.
    page: int | None = None
    #: Name of the part ("table 3"), or None where it is a page.
    part: str | None = None
    #: True where enough text may be lost with it that what is not found elsewhere may stand there.
    matters: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A file as read, in reading order."""

    #: File name without folders; of what was in an archive or an e-mail, the path from there.
    name: str
    #: The document's own title, or the file's name where it has none.
    title: str
    media_type: str
    #: Hexadecimal SHA-256 of the file's bytes; of an e-mail's own words, of its subject and them.
    sha256: str
    #: Number of pages; None where the format has none.
    pages: int | None
    blocks: tuple[Block, ...]
    unread: tuple[Unread, ...] = ()

    @property
    def text(self) -> str:
        """All blocks' text, one block a line."""
        return "\n".join(block.text for block in self.blocks)


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A whole sentence, list item or table row of a passage: a verbatim slice of one block."""

    text: str
    #: Index of the block in the document.
    block: int
    #: Where the slice starts in the block's text, in characters.
    start: int
    #: What stands between it and the part before it: a space, or a tab between table cells.
    gap: str = " "
    page: int | None = None
    page_is_approximate: bool = False
    paragraph: int | None = None
    layout: Layout = "text"
    #: Mean confidence, from 0 to 1, of its words that were recognised in a picture; None where all are real text.
    ocr_confidence: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """Some 40 to 120 words of one section, matched as one."""

    #: Position in the document's passages, from 0.
    index: int
    #: What is matched: the parts, with a list's lead-in and a table's column headings.
    text: str
    parts: tuple[Part, ...]
    section: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Matches:
    """How each of n texts bears on each of k criteria."""

    #: Criterion ids, in the framework's order.
    criteria: tuple[str, ...]
    #: (n, k) calibrated probabilities from 0 to 1.
    scores: NDArray[np.float32]
    #: (k,) probabilities that a score must reach to be accepted.
    thresholds: NDArray[np.float32]
    #: (n, k) True where the score counts.
    accepted: NDArray[np.bool_]
    #: n strengths, stances and stages.
    strengths: tuple[Strength, ...]
    stances: tuple[Stance, ...]
    stages: tuple[Stage, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """A verbatim quote that bears on a criterion, and where it stands."""

    quote: str
    page: int | None
    page_is_approximate: bool
    paragraph: int | None
    section: tuple[str, ...]
    #: Calibrated probability from 0 to 1.
    score: float
    strength: Strength
    stance: Stance
    stage: Stage
    #: Number of the passage that it was taken from, by which one can be credited under two frameworks.
    passage: int | None = None
    layout: Layout = "text"
    #: Mean confidence, from 0 to 1, of its words that were recognised in a picture; None where all are real text.
    ocr_confidence: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Nearest:
    """The passage that came closest to a criterion, and fell short."""

    quote: str
    page: int | None
    page_is_approximate: bool
    paragraph: int | None
    section: tuple[str, ...]
    score: float
    #: What the score would have had to reach.
    threshold: float
    layout: Layout = "text"
    #: Mean confidence, from 0 to 1, of its words that were recognised in a picture; None where all are real text.
    ocr_confidence: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What to ask the authors, and why."""

    criterion: str
    stage: Stage
    text: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Reliability:
    """How often the matcher was right about a criterion on examples that were held out. Shares are from 0 to 1."""

    #: Of the passages that it took for the criterion, those that are.
    precision: float
    #: Of the passages that are, those that it found.
    recall: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """A criterion's status in one document."""

    id: str
    principle: str
    status: Status
    #: Stages that accepted positive passages show, in the cycle's order.
    stages: tuple[Stage, ...]
    #: Best first.
    evidence: tuple[Evidence, ...]
    nearest: Nearest | None = None
    #: None where nobody asked for it.
    reliability: Reliability | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Engagement:
    """How far a draft's engagement goes on the ladder of participation."""

    rung: Rung
    #: The quote that reaches it.
    quote: Evidence
    #: Families of methods that any of the quotes names.
    methods: tuple[Method, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Assessment:
    """A document's coverage under one framework."""

    framework: str
    framework_version: str
    matcher: str
    model: str
    criteria: tuple[Coverage, ...]
    #: Most useful first.
    questions: tuple[Question, ...]
    #: None where no quote is about engagement.
    engagement: Engagement | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """A document and its assessments."""

    document: Document
    #: Number of passages that were matched.
    passages: int
    assessments: tuple[Assessment, ...]
    #: Kinds of document for which frameworks were added, since nobody named any.
    kinds: tuple[DocumentKind, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a document says to a typed question."""

    question: str
    kind: AnswerKind
    #: Ids of criteria or principles that were meant; empty for a topic or nothing of ours.
    targets: tuple[str, ...]
    #: The topic's words, where the question is about none of the criteria.
    topic: str | None
    verdict: str
    evidence: tuple[Evidence, ...]
    missing_stages: tuple[Stage, ...]
    questions: tuple[Question, ...]
    #: None where nothing was asked of the draft.
    standing: Standing | None = None
    #: Criteria that were asked about, counted by status; empty outside every framework.
    tally: tuple[tuple[Status, int], ...] = ()
    #: Next likeliest targets, where it is not clear what was meant.
    others: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftAnswer:
    """One draft's answer to a question that was put to several."""

    document: Document
    answer: Answer


@dataclass(frozen=True, kw_only=True, slots=True)
class JointAnswer:
    """What several drafts say to a typed question."""

    question: str
    verdict: str
    #: Best first.
    drafts: tuple[DraftAnswer, ...]
    wish: Wish = "coverage"


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """A criterion that stands otherwise in a newer draft."""

    id: str
    change: Change
    before: Coverage
    after: Coverage


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """What changed from an older draft to a newer one."""

    question: str
    verdict: str
    old: Document
    new: Document
    #: Framework id and what changed under it, what matters most first.
    changes: tuple[tuple[str, Changed], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Carried:
    """What an assessment under one framework says of a criterion of another."""

    criterion: str
    #: "gap" where none of the linked criteria's quotes bears on it; None where no criterion is linked to it.
    status: Status | None
    #: Criteria of the first framework whose quotes count here too, or, of a gap, that are linked to it.
    sources: tuple[str, ...]
    #: The quote that decided the status.
    quote: Evidence | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What a person decided about a criterion of a document; it holds for later versions too."""

    framework: str
    criterion: str
    kind: DecisionKind
    #: The quote that it is about; empty where the criterion does not apply.
    quote: str
    reason: str
    author: str
    made_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Standings:
    """How one version of a kept document stands under one framework, decisions applied."""

    #: Number of the document.
    document: int
    title: str
    #: The channel or team; empty where there is none.
    team: str
    #: From 1.
    version: int
    kept_at: datetime
    framework_version: str
    matcher: str
    made_at: datetime
    #: Criterion -> status and the first letters of the stages that are shown.
    criteria: dict[str, tuple[Status, str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptDecision:
    """A decision, and the document it is about."""

    document: int
    title: str
    decision: Decision


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftRow:
    """A kept draft in a summary."""

    now: Standings
    #: Principle -> status -> number of criteria.
    principles: dict[str, dict[Status, int]]
    #: What changed since the version before: criterion and change; empty where there is none before.
    changes: tuple[tuple[str, Change], ...]
    #: True where it was checked with an older framework or matcher than those in use.
    is_outdated: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Month:
    """What was checked in a month, versions of one draft counted each."""

    #: "2026-11".
    month: str
    versions: int
    #: Criteria that apply, and those of them that are evidenced, over all versions.
    criteria: int
    evidenced: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Unchecked:
    """A kept draft whose newest version was not checked under the framework."""

    document: int
    title: str
    #: The newest version, and the newest that was checked; None where none was.
    version: int
    checked: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Portfolio:
    """Kept drafts under one framework."""

    framework: str
    #: Weakest first.
    drafts: tuple[DraftRow, ...]
    #: Criteria that are missing (not found, or said to be) and in how many drafts; most common first.
    gaps: tuple[tuple[str, int], ...]
    #: Criterion, stage, and how many drafts cover the one without showing the other; most common first.
    stages: tuple[tuple[str, Stage, int], ...]
    decisions: tuple[KeptDecision, ...]
    unchecked: tuple[Unchecked, ...]
    #: Oldest first.
    months: tuple[Month, ...]
