"""What can go wrong, as one tree. Each sentence stands in prompts/errors.yaml under the class's name.

GovbotError
├── DocumentError
│   ├── FileMissing
│   ├── FolderGiven
│   ├── EmptyFile
│   ├── NoText
│   ├── ScanUnread
│   ├── TooShort
│   ├── PasswordProtected
│   ├── TruncatedFile
│   ├── WrongExtension
│   ├── UnsupportedFormat
│   ├── ConverterMissing
│   ├── FileTooLarge
│   ├── ReadingTooLong
│   ├── NothingInside
│   ├── SeveralDocuments
│   ├── AllUnreadable
│   └── UnreadableFile
├── FrameworkError
│   ├── UnknownFramework
│   ├── InvalidFramework
│   ├── InvalidWorkbook
│   ├── NoFrameworksFolder
│   ├── TwoVersions
│   ├── FrameworkShipped
│   └── VersionTaken
├── ModelError
│   ├── ModelMissing
│   ├── ModelAltered
│   ├── AdapterDamaged
│   ├── EncoderNotOurs
│   └── ModelMismatch
├── MatcherError
│   ├── MatcherMissing
│   └── MatcherOutdated
├── StoreError
│   ├── DataFolderUnusable
│   ├── DatabaseAddress
│   ├── DatabaseUnreachable
│   ├── DatabaseRefuses
│   ├── StillInUse
│   ├── DatabaseOutdated
│   ├── DatabaseNewer
│   ├── VectorsMissing
│   ├── BackupElsewhere
│   ├── BackupUnusable
│   ├── ModelOfAnotherSize
│   ├── UnknownDocument
│   ├── UnknownCriterion
│   ├── TextRemoved
│   ├── QuoteNotFound
│   ├── QuoteTooShort
│   ├── QuoteNoEvidence
│   ├── NothingAsked
│   └── OneVersion
├── JobError
│   ├── UnknownJob
│   ├── JobEnded
│   ├── JobAtWork
│   ├── JobKilledWorkers
│   ├── JobTooLong
│   ├── JobNeedsAway
│   ├── JobLost
│   ├── JobStumbled
│   ├── SlotTaken
│   ├── NobodyWorks
│   ├── NobodyToAsk
│   └── JobsNewer
├── SlackError
│   ├── SlackUnreachable
│   ├── SlackNotSet
│   ├── SlackTokenRefused
│   ├── SlackScopeMissing
│   ├── SlackRefused
│   ├── SlackKeyUnusable
│   ├── FileNotShared
│   ├── FileElsewhere
│   ├── FileNotFetched
│   ├── ChannelClosed
│   └── PortTaken
├── InvalidLines
├── NotAssessed
├── CacheNotWritable
├── AlreadyThere
├── CannotWrite
├── InvalidSettings
└── NothingToRead
"""

from __future__ import annotations


class GovbotError(Exception):
    """Something that the user can mend; `str()` says what, why and what to do."""

    def __init__(self, **slots: object) -> None:
        #: Values for the sentence: file names, numbers, never a document's text.
        self.slots = slots
        super().__init__(slots)

    def __str__(self) -> str:
        from govbot.words import say  # late: whoever only raises an error needs no sentences

        return say("errors", type(self).__name__, **self.slots)


class DocumentError(GovbotError):
    """A file cannot be read. Slots: name."""


class FileMissing(DocumentError):
    """There is no such file, or it may not be opened."""


class FolderGiven(DocumentError):
    """There is a folder where a file is wanted."""


class EmptyFile(DocumentError):
    """The file has no bytes, or nothing but white space."""


class NoText(DocumentError):
    """The file opens but holds no text: a scan, as a rule."""


class ScanUnread(DocumentError):
    """The file is a scan of which nothing was read. Slots: name, reason."""


class TooShort(DocumentError):
    """The file is a note rather than a draft. Slots: name, words."""


class PasswordProtected(DocumentError):
    """The file cannot be opened without a password."""


class TruncatedFile(DocumentError):
    """The file is cut off or damaged."""


class WrongExtension(DocumentError):
    """The name says one format, the content another. Slots: name, found, extension."""


class UnsupportedFormat(DocumentError):
    """The format is none that govbot reads. Slots: name, found."""


class ConverterMissing(DocumentError):
    """LibreOffice, which the format needs, is not installed. Slots: name, found."""


class FileTooLarge(DocumentError):
    """The file is larger, or unpacks to more, than is safe to read."""


class ReadingTooLong(DocumentError):
    """Reading ran past its limit of time or memory."""


class NothingInside(DocumentError):
    """An archive or an e-mail holds no document that can be read."""


class SeveralDocuments(DocumentError):
    """An archive or an e-mail holds several documents where one is wanted. Slots: name, names (of the documents)."""


class AllUnreadable(DocumentError):
    """An archive or an e-mail holds several documents, and none can be checked. Slots: name, reasons (sentences)."""


class UnreadableFile(DocumentError):
    """The reader failed on the file for a reason it cannot name."""


class FrameworkError(GovbotError):
    """A framework cannot be used."""


class UnknownFramework(FrameworkError):
    """No framework has this id. Slots: id, known."""


class InvalidFramework(FrameworkError):
    """A framework's files have faults. Slots: path, faults (a list of sentences, each with its place)."""


class InvalidWorkbook(FrameworkError):
    """An Excel workbook holds no usable framework. Slots: name, faults (a list of sentences, each with its cell)."""


class NoFrameworksFolder(FrameworkError):
    """Nobody has said where frameworks of the user's own are kept, or the place cannot be written. Slots: path."""


class TwoVersions(FrameworkError):
    """Two versions of one framework are asked for at once. Slots: id."""


class FrameworkShipped(FrameworkError):
    """The id is that of a framework that comes with govbot. Slots: id."""


class VersionTaken(FrameworkError):
    """Another content was imported under the same version. Slots: id, version."""


class ModelError(GovbotError):
    """The embedding model cannot be used. Slots: model."""


class ModelMissing(ModelError):
    """There is no model of this name, or no folder at this path."""


class ModelAltered(ModelError):
    """The default model's weights are not the published ones."""


class AdapterDamaged(ModelError):
    """What the encoder was taught cannot be added to the model. Slots: path."""


class EncoderNotOurs(ModelError):
    """Only the packaged model can be taught."""


class ModelMismatch(ModelError):
    """The matcher was trained with another model. Slots: model, trained, framework."""


class MatcherError(GovbotError):
    """A framework's matcher cannot be used. Slots: framework."""


class MatcherMissing(MatcherError):
    """The framework was never trained."""


class MatcherOutdated(MatcherError):
    """The framework's examples or phrases changed since it was trained."""


class StoreError(GovbotError):
    """What is kept cannot be reached, or is not there."""


class DataFolderUnusable(StoreError):
    """The data folder cannot be made or written. Slots: path."""


class DatabaseAddress(StoreError):
    """GOVBOT_DATABASE is no address of a database that govbot works with."""


class DatabaseUnreachable(StoreError):
    """The database does not answer, or refuses what was asked. Slots: address, reason."""


class DatabaseRefuses(StoreError):
    """The database does not take what it is given. Slots: address, kind (the driver's class of error), reason."""


class StillInUse(StoreError):
    """What was deleted may still stand in the database's file, since another program is reading it."""


class DatabaseOutdated(StoreError):
    """The database's tables are of an older govbot, or there are none yet."""


class DatabaseNewer(StoreError):
    """The database's tables are of a newer govbot. Slots: found (their revision)."""


class VectorsMissing(StoreError):
    """PostgreSQL lacks pgvector, or has one that is too old. Slots: found (its version, or nothing)."""


class BackupElsewhere(StoreError):
    """A PostgreSQL database is backed up by its own tools."""


class BackupUnusable(StoreError):
    """A file is no sound backup. Slots: path."""


class ModelOfAnotherSize(StoreError):
    """The model's vectors are longer or shorter than those the database holds. Slots: dim, wanted."""


class UnknownDocument(StoreError):
    """No kept document has this number. Slots: id."""


class UnknownCriterion(StoreError):
    """The document was not checked for this criterion. Slots: id, framework."""


class TextRemoved(StoreError):
    """A document's text is not kept any more. Slots: title."""


class QuoteNotFound(StoreError):
    """The document does not have these words. Slots: title."""


class QuoteTooShort(StoreError):
    """A quote is too short to say which words of the document are meant. Slots: words (how many it needs)."""


class QuoteNoEvidence(StoreError):
    """No quote of the criterion has these words. Slots: id."""


class NothingAsked(StoreError):
    """Nothing was given to look for."""


class OneVersion(StoreError):
    """A document has no older version to hold it against. Slots: title."""


class JobError(GovbotError):
    """Something that was to be done cannot be. Slots: id."""


class UnknownJob(JobError):
    """There is no such job."""


class JobEnded(JobError):
    """A job has ended, so that it cannot be cancelled. Slots: id, step."""


class JobAtWork(JobError):
    """A job has not failed, so that it cannot be done again. Slots: id, step."""


class JobKilledWorkers(JobError):
    """Every worker that took up the job died of it."""


class JobTooLong(JobError):
    """The job ran past its time. Slots: minutes."""


class JobNeedsAway(JobError):
    """What the job needs could not be reached for longer than it may wait. Slots: minutes."""


class JobLost(JobError):
    """The file that came with the job is not there any more. Slots: id, name."""


class JobStumbled(JobError):
    """A step failed again and again for a reason that nobody foresaw. Slots: kind (the exception's class)."""


class SlotTaken(JobError):
    """Another worker has this slot. Slots: slot."""


class NobodyWorks(JobError):
    """Jobs wait and no worker takes them up. Slots: id, n, since (a time)."""


class NobodyToAsk(JobError):
    """The job came in by a way that this worker is not set up for. Slots: id."""


class JobsNewer(JobError):
    """The job engine's tables are of a newer version. Slots: found, known."""


class SlackError(GovbotError):
    """Slack cannot be used as it should."""


class SlackUnreachable(SlackError):
    """Slack does not answer, or is busy; waiting mends it. Slots: reason."""


class SlackNotSet(SlackError):
    """A setting that the bot needs is not there. Slots: names (of variables)."""


class SlackTokenRefused(SlackError):
    """Slack does not know the token, or does not accept it any more. Slots: error."""


class SlackScopeMissing(SlackError):
    """The app may not do what it is asked to. Slots: needed (a scope), method."""


class SlackRefused(SlackError):
    """Slack refused a call for another reason. Slots: method, error."""


class SlackKeyUnusable(SlackError):
    """The key for kept tokens is none, or tokens were kept with another one."""


class FileNotShared(SlackError):
    """The file is not there any more, or is shared with nobody here. Slots: name."""


class FileElsewhere(SlackError):
    """The file does not lie with Slack, and is not fetched from anywhere else. Slots: name."""


class FileNotFetched(SlackError):
    """What came is not the file. Slots: name, reason (key of a sentence in prompts/replies/fetching.yaml)."""


class ChannelClosed(SlackError):
    """The bot may not write in the channel any more. Slots: channel."""


class PortTaken(SlackError):
    """Something else listens where the bot is to. Slots: address."""


class InvalidLines(GovbotError):
    """Lines of a JSON-lines file are malformed. Slots: name, faults (a list of sentences with line numbers)."""


class NotAssessed(GovbotError):
    """A finished check was not made under the framework that is wanted. Slots: name, framework."""


class CacheNotWritable(GovbotError):
    """The folder for cached vectors cannot be written. Slots: path."""


class AlreadyThere(GovbotError):
    """A file that was asked for is there already, and may hold somebody's work. Slots: path."""


class CannotWrite(GovbotError):
    """A file that was asked for cannot be written. Slots: path."""


class InvalidSettings(GovbotError):
    """A GOVBOT_* variable has a value that cannot be used. Slots: faults."""


class NothingToRead(GovbotError):
    """A folder holds no document, or no file was named. Slots: path."""
