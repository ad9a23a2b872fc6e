"""Writes the demo draft: the library strategy of a council that does not exist. Every name and figure is invented.

Run `python tests/drafts/make_demo.py`. What govbot should find in it stands in demo_gold.yaml.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from pathlib import Path

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

OUTPUT = Path(__file__).with_name("ennerdown-library-strategy.docx")
COUNCIL = "Ennerdown Borough Council"
TITLE = "Ennerdown Library Strategy 2027 to 2032: consultation draft"
WRITTEN = datetime.datetime(2026, 11, 16, 9, 0)

#: The page on which each part starts, as LibreOffice lays the file out; for the contents page.
PAGES = (3, 3, 4, 4, 6, 7, 7, 8, 9, 9, 10, 10, 11)

#: Type sizes in points, by style.
SIZES = {
    "Normal": 11.5,
    "Title": 28,
    "Subtitle": 16,
    "TOC Heading": 18,
    "Heading 1": 18,
    "Heading 2": 14,
    "Heading 3": 12,
}

#: Widths of a table's columns in centimetres, by their number.
WIDTHS = {4: (6.6, 3.2, 3.2, 3.0), 5: (1.1, 6.0, 4.1, 2.5, 2.3)}

# "#" starts a heading, "-" a bullet, "1." a question and "|" a row of a table; a blank line ends a block.
DRAFT = """
# Foreword

My mother learned to read English at Quarry Road library, from a woman called Mrs Ives who gave up her lunch hour to
help. Forty years on I meet people every week with a story like that one. A boy who did his homework at Pellow Green
because it was quiet. A man who found his way back to work from a borrowed laptop. A new mother who came for rhyme
time and stayed for the company.

Those stories are the reason for this draft. Fewer people come through our doors than ten years ago, and the doors are
open for fewer hours. We can let that drift, or we can choose what our libraries should be. This draft sets out a
choice and the work behind it. It also says where our own preparation falls short. Please read it, argue with it and
tell us what we have missed.

Councillor Marian Thessaly, Cabinet Member for Libraries, Culture and Leisure

# 1 Where we are

## 1.1 The borough and its libraries

Ennerdown is a unitary borough of 138,400 people. About half of them live in Market Sedley, and the rest in the towns
of Coldharrow, Tillingford and Wrayle and in thirty-four villages along the river Ennet. The number of people over 75
has grown by a fifth since 2015. Tillingford has had 2,300 new homes in that time, and its primary schools are full.

There are nine libraries and one mobile library. Market Sedley is the largest, in the old corn exchange. Coldharrow,
Tillingford and Wrayle are town libraries. Eastlow, Pellow Green, St Osric's, Dane Cross and Quarry Road are small
branches, three of them in one room. The mobile library makes 31 stops on a fortnightly round. The van is fourteen
years old and was off the road for 38 days last year.

## 1.2 How libraries are used

In 2025/26 people made 412,000 visits, against 655,000 in 2015/16. They borrowed 486,000 books and 131,000 e-books and
audiobooks. There are 27,900 active borrowers, and 9,200 of them are children under 12. Market Sedley takes 41% of all
visits. Dane Cross takes 2%.

The nine libraries are open for 281 hours a week between them, down from 374 in 2015. None is open after 6pm, and only
three open on Saturday afternoons. The busiest hour of the week is Saturday from 10am to 11am. The quietest is Monday
after lunch.

The service has 43.8 full-time posts, down from 61.4 in 2015. A further 112 volunteers give about 9,000 hours a year,
most of them at the branches and on the home library round, which takes books to 140 people who cannot easily leave
home.

# 2 What we want to achieve

## 2.1 Our vision

By 2032 every person in Ennerdown will have a library that they can use at the times they are free, where they can
read, learn, get online and be among other people without having to buy anything.

Fairness and kindness matter in a library, perhaps more than anywhere else in public life. A library is a place for
everyone, and it is important that everyone is met with dignity and respect when they come in. We also recognise that
libraries are important to the local economy, to community life and to a greener and more sustainable borough.

## 2.2 Five outcomes

We want five things to be different for people by March 2032. Each has at least one measure in section 9, with a
starting figure and a target:

- More people use a library: visits rise from 412,000 to 500,000 a year.
- More children read for pleasure: the share of seven-year-olds who hold a library card and used it in the last year
rises from 34% to 50%.
- More adults can do what they need online: 1,200 people a year finish a basic digital course with us, against 310
now.
- Fewer people are cut off: the home library round reaches 260 people, against 140 now.
- Libraries are open when people are free: weekly opening rises from 281 hours to 430.

## 2.3 Who should gain, and what we will not attempt

Three groups should gain most: families with children under eight, people looking for work and people over 75 who live
alone. Some people will find the change harder. Readers who come on weekday mornings for help with family history will
see less of the specialist staff, because those staff will cover evenings too.

Where outcomes compete for time or money, children's reading and reaching people who are cut off come first. In these
five years we do not intend to build a new library, to lend tools or toys, or to bring back the music collection. We
looked hard at whether 600,000 visits was within reach and concluded that, with the money we expect, it is not.

# 3 What people told us

## 3.1 How we asked

We asked before we wrote. Between 2 March and 31 May 2026 we ran an online and paper survey, nine drop-in sessions,
one in each library, and a stall at the Wrayle spring fair. In all, 1,184 people replied to the survey and 346 came to
a session. Because few young adults had answered by April, we spent two days in the canteen at Sedley College and one
evening at the Tillingford five-a-side league, and heard from a further 167 people aged 16 to 25.

We went to people who do not come to us. Volunteers on the home library round took the survey to every person on it.
The paper form was translated into Polish and Romanian for Quarry Road, and 58 of those forms came back.

## 3.2 What they said and what changed

The strongest message was about hours. Seven in ten of those in work said that the library is shut when they could use
it. People at Dane Cross and Pellow Green feared that “modern” was a polite word for “closed”. Parents asked for
somewhere to leave a pram. The young people wanted plugs, quiet and a door that stays open until eight.

Four things in this draft are different as a result:

- Saturday mornings stay fully staffed in all nine libraries. An early draft had left four of them to self-service.
- The mobile library keeps its stop at Upper Wrayle, where 41 people wrote to us.
- Evening opening starts in the town libraries in 2028, a year sooner than first planned.
- The study room at Market Sedley was added to the building work after the college sessions.

We did not follow every view. Two hundred people asked for Sunday opening in every library. It would cost £190,000 a
year, and the readers' panel agreed that evenings should come first.

## 3.3 How residents chose what we measure

Counting visits says little about whether a library has done anyone any good, so we asked the people who use libraries
what would. In June 2026, 63 of them took part in three workshops. They included carers, jobseekers, people on the
home library round and pupils from two schools. They put forward 31 signs that a library had made a difference to
them. Bus fares were paid, there was a £20 voucher for each person, and interpreters worked in Polish and Romanian.

The readers' panel then turned those 31 signs into six survey questions. The panel has 18 residents, and four of them
use the home library round. Two measures of ours were dropped because the panel said that they measured the library
and not the reader. The six questions were tried out with 24 people at Quarry Road, who found one of them nosy and
another confusing, and both were rewritten. In September we took the result back to the workshops, who agreed that it
matched what they had said. Two members of the panel now sit on the group that steers the evaluation.

People also told us which outcomes mattered most to them. In the drop-in sessions 214 people each shared out ten
counters between the five outcomes. Children's reading drew 31% of the counters and being less alone drew 27%, well
ahead of opening hours at 12%. People under 25 placed them differently: their first choice was getting online.

# 4 The options we considered

## 4.1 Four options

### Option A: carry on as now

Keep nine libraries, the same hours and the same way of working. Costs nothing to start, but heating and pay will add
about £95,000 a year by 2030, with no way of meeting it.

### Option B: fewer, larger libraries

Close Dane Cross, Pellow Green, St Osric's and Eastlow and spend half of what is saved on the other five.

### Option C: nine libraries with shorter hours

Keep every building and cut weekly hours by a quarter.

### Option D: staffed hours and self-service hours

Keep every building. Staff each one for its busiest hours and let members let themselves in with a card at other
times, from 8am to 8pm, starting with the town libraries.

## 4.2 How we compared them

The library team and the finance team scored each option against five tests: how far it would serve the outcomes (35%
of the marks), running cost (25%), risk (15%), what people told us (15%) and time to deliver (10%). A business case
for each option sets out costs over ten years, benefits and what could go wrong.

| Option | One-off cost | Yearly saving by 2030 | Score out of 100
| A: carry on as now | none | none | 41
| B: fewer, larger libraries | £180,000 | £410,000 | 38
| C: nine with shorter hours | £20,000 | £265,000 | 52
| D: staffed and self-service | £615,000 | £240,000 | 71

We tested option D before choosing it. Coldharrow ran self-service hours from October 2024 to September 2025. Visits
were 11% higher than in the year before, and most of the extra ones came after 5pm. There were 14 calls to the help
line in the year, most of them about cards that did not open the door. We also visited two councils that have worked
this way for more than five years, and spoke to their branch staff as well as to their managers. Both warned against
ending staffed Saturdays.

Option B saves most, but it scored lowest: it does least for children's reading, and a closed building could not
easily be opened again if we were wrong. Option C is cheap and quick, but it makes worse the very thing that people
complained of. Staff at the five small branches said that lone working in the evening was the weak point of option D,
and we changed it so that no one works alone after 6pm. On that footing we prefer option D.

# 5 Action plan

## 5.1 How the plan was made

The plan was drawn up in three sessions in October 2026 with the library supervisors who will carry it out, the
property team and the college. It has three phases. Phase one, to August 2028, gets the buildings and the card system
ready. Phase two, to March 2030, opens the longer hours, town libraries first. Phase three, to March 2032, brings in
the branches. Each action has a named lead, a date and a budget, and no branch moves to self-service hours until the
phase before it has run for six months.

## 5.2 Actions

| No. | Action | Lead | By when | One-off cost
| 1 | Choose a supplier for door entry and library cards | Tomas Arkwright, Systems Librarian | January 2028 | £38,000
| 2 | Fit door entry, cameras and lighting at Market Sedley, Coldharrow, Tillingford and Wrayle | Joy Penhallow,
Property Projects Manager | June 2028 | £210,000
| 3 | Start self-service hours, 8am to 8pm, in the four town libraries | Ruth Maddox, Head of Libraries | September
2028 | within budget
| 4 | Refit the study room at Market Sedley and the children's room at Coldharrow | Joy Penhallow, Property Projects
Manager | March 2029 | £196,000
| 5 | Replace the mobile library van and redraw its round | Idris Colley, Outreach Librarian | October 2028 | £98,000
| 6 | Give every child a library card in the first term of school | Hetty Vane, Children's Librarian | September
2028 | £12,000
| 7 | Run basic digital courses in all nine libraries with Sedley College | Samir Doyle, Learning Librarian | January
2029 | £31,000
| 8 | Widen the home library round to 260 people | Idris Colley, Outreach Librarian | March 2030 | within budget
| 9 | Decide how self-service hours will work in the five branches | Ruth Maddox, Head of Libraries | March 2030 |
within budget

A further £30,000 is held for the unexpected. If tenders for door entry come in more than 10% above the estimate,
Tillingford will wait until 2029. If the bid to the Reading Rooms Fund fails, the children's room at Coldharrow will
be painted and furnished for £20,000 and the full refit put off.

# 6 Money

The net budget for libraries in 2026/27 is £2.48 million: £1.52 million for staff, £510,000 for buildings, £270,000
for books and e-books and £180,000 for systems and the mobile library. That is £17.92 for each resident. In 2015/16 it
was £2.71 million.

Spending is checked against budget every month by the head of libraries and the finance team, and the forecast goes to
the director. In October 2025 the forecast showed an overspend of £64,000, most of it on heating. Two vacant posts
were held open and the heating at Wrayle was repaired, and the year ended £9,000 over. The director of finance has
read this draft and advised that the plan can be paid for without new borrowing.

The one-off cost of the plan is £615,000. Of this, £410,000 is in the capital programme, £125,000 comes from
contributions by the developers of new homes at Tillingford, and £80,000 depends on a bid to the Reading Rooms Fund,
which will be decided in May 2027.

The five years of this strategy run beyond the Council's present financial plans. We will bring its costs and savings
into the medium-term financial strategy in February 2028, so that money follows the outcomes people put first. When we
buy the door entry system and the van, we will ask bidders what else they would bring to the borough, such as
apprenticeships, and give it 10% of the marks.

# 7 People and partners

## 7.1 Our staff and volunteers

Longer hours ask more of the people who work in libraries. From 2028 we will train every member of staff in helping
people online and in handling difficult moments calmly. New staff and volunteers will have a two-day induction before
their first shift. Each supervisor will have a yearly appraisal that includes how they lead a team spread over several
buildings, and we intend to bring on two deputies who could step up when senior staff retire.

We have not yet worked out how many staff, with which skills, the new hours will need. There is no workforce plan for
libraries, and no skills audit has been carried out. Nor have we compared our staffing with that of councils of a like
size.

## 7.2 Who we work with

Libraries do little alone. Sedley College teaches in four of our buildings under an agreement signed in March 2025. It
says that the college brings the tutors and the laptops and we bring the rooms and find the learners, and it ends in
July 2028 unless both sides renew it. Ennerdown Carers runs a weekly table at Tillingford so that carers can get
advice without an appointment. The Wrayle Community Trust owns the hall that houses the library there and sits with us
on its management group.

Eleven organisations meet each quarter as the Library Partners Forum, among them the three above, the borough's health
trust, two housing associations and the Ennet Valley Schools Partnership. The forum's terms of reference, agreed in
2024, give it one purpose: to agree who does what for readers in each place. Before we wrote the requirements for door
entry we met four suppliers, in September 2026, and dropped a demand for fingerprint readers that none of them
advised.

Working together has limits for now. No data sharing agreement is in place with the college or the health trust, so
nobody can see whether a person who joins a course has come to us before. No one has yet decided how long sign-up
forms should be kept.

# 8 Risks

## 8.1 How we handle risk

The library programme keeps a risk register. It holds 14 risks, each with an owner, a score for likelihood and impact
from 1 to 25, the controls in place and the next action. The programme board goes through it every six weeks, most
recently on 4 November 2026. Any risk scored 16 or more goes to the corporate leadership team within five working
days. That has happened once, over asbestos in the ceiling at St Osric's.

The board has set out how much risk it will accept. It accepts some risk in trying new hours and new services. It
accepts very little where the safety of staff or children is concerned.

## 8.2 The main risks

- People feel unsafe in self-service hours (score 12, owner Ruth Maddox). Cameras, a help line that is answered within
a minute and a week of staffed evenings at the start.
- Building costs rise (score 15, owner Joy Penhallow). Fixed-price contracts, and £30,000 held back.
- Volunteers drift away (score 9, owner Idris Colley). A thank-you event in each town and a named contact.
- The river floods Tillingford library again (score 8, owner Joy Penhallow). Book stock has been moved to the first
floor.

# 9 Knowing how we are doing

## 9.1 Indicators

| Indicator | Baseline (2025/26) | Target (2031/32) | Source
| Visits a year | 412,000 | 500,000 | Door counters
| Seven-year-olds with a card used in the last year | 34% | 50% | Library system
| Adults finishing a basic digital course each year | 310 | 1,200 | Course lists
| People on the home library round | 140 | 260 | Round sheets
| Opening hours a week, staffed and self-service | 281 | 430 | Timetable
| Adults who feel less alone for coming to the library | from autumn 2027 | set in 2028 | Members' survey

## 9.2 Following progress

From April 2028 the programme board will look at every indicator against its target each quarter, and any indicator
more than 10% behind will need a recovery plan from its lead. The Communities Scrutiny Committee will question the
lead officers on progress twice a year. Nine months after each phase ends we will review how it went and use what we
learn in the next.

We know how many people come. We know far less about what changes in their lives. From autumn 2027 we will put the six
questions chosen by residents to 400 members, and we will ask the same people again a year later to see what is
different for them, for better or worse. We will publish what they say, with the questions and the numbers who
answered, and put disappointing answers beside good ones. It is important that the findings stick to what is
significant and are not crowded out by small effects.

The findings will count. Each November the Cabinet member and the readers' panel will go through them together before
the next year's programme is set. If an activity has made no difference to people for two years, the head of libraries
will be able to change it or stop it.

## 9.3 Reporting and decisions

Each July, starting in 2028, we will publish an annual report on this strategy. It will set out what was achieved
against each outcome, what was spent and how we have looked after the buildings and the book stock.

The Cabinet will decide on the final strategy in June 2027, at a meeting that anyone may attend or watch online. We
will publish the decision with the reasons for it, the options turned down and the advice that was taken into account.

# 10 Consultation questions

We would like your views on these questions. You need not answer them all.

1. Do you agree with the vision and the five outcomes in section 2? What would you change?

1. Have we understood who will gain and who may find the changes harder?

1. We prefer option D. Do you agree? If not, which option would you choose, and why?

1. What would make you feel safe and welcome in a library during self-service hours?

1. Which actions in section 5 matter most to you? Is anything missing?

1. Are the six indicators in section 9 the right ones?

1. Is there anything else that you would like us to know?

# 11 How to respond

The consultation runs for twelve weeks, from Monday 30 November 2026 to Sunday 21 February 2027. You can:

- answer online at www.ennerdown.example/libraries
- fill in a paper form in any library or on the mobile library, and hand it back there
- write to Library Consultation, Ennerdown Borough Council, Corn Exchange, Market Sedley
- ring 01632 960 417 on weekdays between 9am and 4pm, and we will write your answers down for you
- come to a drop-in session: Wrayle on 9 December, Tillingford on 13 January, Quarry Road on 20 January, and Market
Sedley on 3 February, all from 4pm to 7pm.

There is no easy-read or large-print version of this draft yet, and no short summary for people who do not have time
to read it all. The draft has not been tried out with readers to see whether it can be understood.

# 12 Glossary

**Active borrower:** Someone who has borrowed at least one item in the last twelve months.

**Capital programme:** The Council's list of building work and large purchases for the next four years.

**Home library round:** Volunteers who take books and audiobooks to people who cannot easily leave home.

**Net budget:** What the Council spends on libraries after taking off income from printing, room hire and sales.

**Readers' panel:** Eighteen residents, chosen by lot from those who asked to join, who meet six times a year.

**Self-service hours:** Times when members let themselves in with a card and there are no staff in the building.
"""


def main() -> None:
    document = docx.Document()
    set_properties(document)
    set_styles(document)
    set_page(document)
    add_cover(document)
    add_contents(document)
    for block in DRAFT.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}").strip().split("\n\n"):
        add_block(document, block)
    save(document)


def set_properties(document: Document) -> None:
    properties = document.core_properties
    properties.title, properties.subject, properties.keywords = TITLE, "Libraries", "libraries, strategy, consultation"
    properties.author = properties.last_modified_by = COUNCIL
    properties.created = properties.modified = WRITTEN
    properties.language, properties.version, properties.revision, properties.comments = "en-GB", "0.4", 4, ""


def set_styles(document: Document) -> None:
    contents = document.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH, builtin=True)
    contents.base_style = document.styles["Normal"]
    for name, size in SIZES.items():
        style = document.styles[name]
        style.element.get_or_add_rPr().get_or_add_rFonts().attrib.clear()  # the template's theme fonts
        style.font.name, style.font.size = "Arial", Pt(size)
        if name != "Normal":
            style.font.color.rgb = RGBColor(0x1F, 0x4E, 0x5F)
    spacing = document.styles["Normal"].paragraph_format
    spacing.space_after, spacing.line_spacing = Pt(7), 1.1


def set_page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.5)
    section.different_first_page_header_footer = True
    footer = section.footer.paragraphs[0]
    footer.paragraph_format.tab_stops.add_tab_stop(Cm(16), WD_TAB_ALIGNMENT.RIGHT)
    footer.add_run(f"{TITLE}\tPage ")
    mark_field(footer, "begin", "PAGE")
    footer.add_run("2")
    mark_field(footer, "end")


def add_cover(document: Document) -> None:
    document.add_paragraph(COUNCIL, style="Subtitle").paragraph_format.space_before = Pt(150)
    document.add_paragraph(TITLE, style="Title")
    document.add_paragraph("Version 0.4, November 2026")
    document.add_paragraph("For comment from 30 November 2026 to 21 February 2027")


def add_contents(document: Document) -> None:
    document.add_paragraph("Contents", style="TOC Heading").paragraph_format.page_break_before = True
    titles = re.findall(r"^# (.+)$", DRAFT, flags=re.MULTILINE)
    for place, (title, page) in enumerate(zip(titles, PAGES, strict=True), start=1):
        entry = document.add_paragraph(style="toc 1")
        entry.paragraph_format.tab_stops.add_tab_stop(Cm(16), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
        if place == 1:
            mark_field(entry, "begin", r'TOC \o "1-1"')
        entry.add_run(f"{title}\t{page}")
        if place == len(titles):
            mark_field(entry, "end")


def mark_field(paragraph: Paragraph, mark: str, instruction: str = "") -> None:
    """Begins a Word field, whose shown text follows, or ends it."""
    marks = ["begin", "separate"] if mark == "begin" else ["end"]
    for kind in marks:
        if kind == "separate":
            code = OxmlElement("w:instrText")
            code.text = instruction
            paragraph.add_run()._r.append(code)
        character = OxmlElement("w:fldChar")
        character.set(qn("w:fldCharType"), kind)
        paragraph.add_run()._r.append(character)


def add_block(document: Document, block: str) -> None:
    sign, _, words = block.partition(" ")
    if sign in ("#", "##", "###"):
        heading = document.add_heading(words, level=len(sign))
        heading.paragraph_format.space_after = Pt(4)
        heading.paragraph_format.page_break_before = words == "Foreword"
    elif sign in ("-", "1."):
        style = "List Bullet" if sign == "-" else "List Number"
        for item in re.split(r"\n- ", words):
            document.add_paragraph(item.replace("\n", " "), style=style)
    elif sign == "|":
        add_table(document, [row.replace("\n", " ").split(" | ") for row in re.split(r"\n\| ", words)])
    else:
        paragraph = document.add_paragraph()
        for place, part in enumerate(block.replace("\n", " ").split("**")):
            if part:
                paragraph.add_run(part).bold = bool(place % 2) or None


def add_table(document: Document, rows: list[list[str]]) -> None:
    table = document.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, WIDTHS[len(rows[0])], strict=True):
        column.width = Cm(width)
    for row, cells in zip(table.rows, rows, strict=True):
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, text in zip(row.cells, cells, strict=True):
            run = cell.paragraphs[0].add_run(text)
            run.font.size, run.bold = Pt(10), cells is rows[0]
            cell.paragraphs[0].paragraph_format.space_after = Pt(2)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def save(document: Document) -> None:
    """Writes the file with a fixed time on every part, so that the same text gives the same bytes."""
    made = io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as parts, zipfile.ZipFile(OUTPUT, "w", zipfile.ZIP_DEFLATED) as fixed:
        for name in parts.namelist():
            part = zipfile.ZipInfo(name, WRITTEN.timetuple()[:6])
            fixed.writestr(part, parts.read(name), zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    main()
