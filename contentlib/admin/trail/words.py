"""What was decided, in words: a sentence for every action, labels for what changed."""

from collections.abc import Mapping

from contentlib.audit import Action
from contentlib.core.errors import N_

# %(who)s did it, %(what)s is what it concerns; the other names are details of the entry.
SENTENCES: Mapping[Action, str] = {
    Action.ASSET_CREATED: N_("%(who)s created %(what)s"),
    Action.ASSET_CHANGED: N_("%(who)s changed %(what)s"),
    Action.ASSET_ENTRUSTED: N_("%(who)s changed who approves %(what)s"),
    Action.ASSET_VERIFIED: N_("%(who)s verified %(what)s"),
    Action.ASSET_ARCHIVED: N_("%(who)s archived %(what)s"),
    Action.ASSET_RESTORED: N_("%(who)s restored %(what)s"),
    Action.ASSET_DISCARDED: N_("%(who)s discarded the draft %(what)s"),
    Action.VERSION_ADDED: N_("%(who)s added version %(version)s of %(what)s"),
    Action.VERSION_SUBMITTED: N_("%(who)s sent version %(version)s of %(what)s for approval"),
    Action.VERSION_APPROVED: N_("%(who)s approved version %(version)s of %(what)s"),
    Action.VERSION_REJECTED: N_("%(who)s rejected version %(version)s of %(what)s"),
    Action.VERSION_PUBLISHED: N_("%(who)s published version %(version)s of %(what)s"),
    Action.VERSION_SUPERSEDED: N_("%(who)s replaced version %(version)s of %(what)s"),
    Action.VERSION_ROLLED_BACK: N_("%(who)s took back version %(version)s of %(what)s"),
    Action.VERSION_WITHDRAWN: N_("Version %(version)s of %(what)s was withdrawn from sellers"),
    Action.FILE_QUARANTINED: N_("A file was put in quarantine: %(note)s"),
    Action.FILE_RELEASED: N_("%(who)s released a file from quarantine"),
    Action.ASSET_HELD: N_("%(who)s put %(what)s under legal hold"),
    Action.ASSET_FREED: N_("%(who)s ended a legal hold on %(what)s"),
    Action.REMOVAL_ASKED: N_("%(who)s asked to remove %(what)s for good"),
    Action.REMOVAL_UNDONE: N_("%(who)s called off the removal of %(what)s"),
    Action.ASSET_REMOVED: N_("%(what)s was removed for good, as %(who)s had asked"),
    Action.TERM_ADDED: N_("%(who)s added the word %(what)s"),
    Action.TERM_RENAMED: N_("%(who)s changed the word %(what)s"),
    Action.TERM_MOVED: N_("%(who)s moved the word %(what)s"),
    Action.TERM_RETIRED: N_("%(who)s retired the word %(what)s"),
    Action.TERM_REINSTATED: N_("%(who)s brought back the word %(what)s"),
    Action.TERM_REMOVED: N_("%(who)s removed the word %(what)s"),
    Action.SYNONYM_ADDED: N_("%(who)s added the synonyms %(words)s"),
    Action.SYNONYM_CHANGED: N_("%(who)s changed the synonyms %(words)s"),
    Action.SYNONYM_REMOVED: N_("%(who)s removed the synonyms %(words)s"),
    Action.PIN_ADDED: N_("%(who)s pinned %(what)s to “%(words)s”"),
    Action.PIN_CHANGED: N_("%(who)s changed the pin of %(what)s to “%(words)s”"),
    Action.PIN_MOVED: N_("%(who)s moved the pin of %(what)s to “%(words)s”"),
    Action.PIN_REMOVED: N_("%(who)s removed the pin of %(what)s to “%(words)s”"),
    Action.REQUEST_ACCEPTED: N_("%(who)s accepted the request %(what)s"),
    Action.REQUEST_DELIVERED: N_("%(who)s delivered the request %(what)s"),
    Action.REQUEST_DECLINED: N_("%(who)s declined the request %(what)s"),
    Action.REQUEST_MERGED: N_("%(who)s merged the request %(what)s into another"),
    Action.PERSON_ADDED: N_("%(who)s added %(what)s"),
    Action.PERSON_CHANGED: N_("%(who)s changed the access of %(what)s"),
    Action.PERSON_REMOVED: N_("%(who)s removed %(what)s"),
    Action.LINK_MADE: N_("%(who)s made a one-time link for %(what)s"),
    Action.PASSWORD_SET: N_("%(who)s set a new password, which ended the other sessions"),
    Action.SIGNED_IN: N_("%(who)s signed in"),
    Action.SIGN_IN_FAILED: N_("Somebody failed to sign in as %(what)s"),
    Action.TEAM_ADDED: N_("%(who)s added the team %(what)s"),
    Action.TEAM_REMOVED: N_("%(who)s removed the team %(what)s"),
    Action.IMPORT_STARTED: N_("%(who)s started the import of %(what)s"),
    Action.IMPORT_FINISHED: N_("%(who)s imported %(what)s"),
    Action.IMPORT_UNDONE: N_("%(who)s undid the import of %(what)s"),
    Action.AUDIT_EXPORTED: N_("%(who)s exported the audit"),
    Action.CHAIN_ACCEPTED: N_("%(who)s let the audit chain go on after a break"),
    Action.BACKUP_MADE: N_("%(who)s made a backup"),
    Action.BACKUP_RESTORED: N_("%(who)s restored a backup"),
    Action.DATABASE_UPGRADED: N_("%(who)s upgraded the database"),
    Action.FILES_REPAIRED: N_("%(who)s asked for repairs of files and index"),
    Action.JOB_RETRIED: N_("%(who)s let a failed job be tried again"),
}

# The first part of an action's word says which area it belongs to.
AREAS: Mapping[str, tuple[str, frozenset[str]]] = {
    "materials": (N_("Materials and versions"), frozenset({"asset", "version", "file"})),
    "words": (N_("Words and search"), frozenset({"term", "synonym", "pin"})),
    "requests": (N_("Requests"), frozenset({"request"})),
    "people": (N_("People and sign-in"), frozenset({"person", "team"})),
    "imports": (N_("Imports"), frozenset({"import"})),
    "system": (N_("System"), frozenset({"audit", "backup", "database", "files", "job"})),
}


def actions_of(area: str) -> list[Action]:
    """Return the actions of an area."""
    parts = AREAS[area][1]
    return [action for action in Action if action.partition(".")[0] in parts]


FIELDS: Mapping[str, str] = {
    "active": N_("May sign in"),
    "aliases": N_("Other names"),
    "answer": N_("Answer"),
    "approver": N_("Approver"),
    "asked": N_("Repairs asked for"),
    "asset": N_("Material"),
    "audience": N_("Audience"),
    "by_link": N_("By a one-time link"),
    "bytes": N_("Bytes"),
    "can_enter": N_("May sign in"),
    "change_note": N_("What changed"),
    "chosen": N_("Filters"),
    "deputy": N_("Deputy"),
    "fault": N_("Fault"),
    "faults": N_("Faults"),
    "file_name": N_("File"),
    "files": N_("Files"),
    "form": N_("Format"),
    "into": N_("Into the request"),
    "key": N_("Key"),
    "kind": N_("Kind"),
    "language": N_("Language"),
    "made_at": N_("Made at"),
    "name": N_("Name"),
    "name_en": N_("Name in English"),
    "name_pt": N_("Name in Portuguese"),
    "network": N_("Network"),
    "note": N_("Note"),
    "owner": N_("Owner"),
    "personas": N_("Personas"),
    "place": N_("Place"),
    "reason": N_("Reason"),
    "retain_until": N_("Keep until"),
    "review_due": N_("Review by"),
    "revision": N_("Version of the tables"),
    "role": N_("Role"),
    "rows": N_("Rows"),
    "sha256": "SHA-256",
    "stages": N_("Stages"),
    "status": N_("State"),
    "step": N_("Step in the release history"),
    "summary": N_("Summary"),
    "tags": N_("Tags"),
    "team": N_("Team"),
    "title": N_("Title"),
    "type": N_("Type"),
    "url": N_("Address"),
    "valid_until": N_("Valid until"),
    "version": N_("Version"),
    "words": N_("Words"),
}

SURFACES: Mapping[str, str] = {
    "web": N_("on a page"),
    "command": N_("by a command"),
    "worker": N_("by the worker"),
}
# Who acts when nobody is named.
NOBODY = {
    "web": N_("Somebody without a sign-in"),
    "command": N_("A command"),
    "worker": N_("The worker"),
}
NAMELESS = N_("an unknown address")
