"""The seeded mailbox as exchangelib reads it: every item once, series expanded, calendars of others by their rights.

Usage: seeded.py URL USER PASSWORD ADDRESS. Prints one JSON object.
"""

import datetime
import json
import logging
import sys
from collections import Counter

from exchangelib import BASIC, DELEGATE, Account, CalendarItem, Configuration, Credentials, EWSDateTime, EWSTimeZone
from exchangelib.errors import EWSError
from exchangelib.folders import Calendar, SingleFolderQuerySet
from exchangelib.items import SEND_TO_NONE
from exchangelib.properties import DistinguishedFolderId, Mailbox

logging.getLogger("exchangelib").setLevel(logging.ERROR)
URL, USER, PASSWORD, ADDRESS = sys.argv[1:5]
UTC = EWSTimeZone("UTC")
config = Configuration(service_endpoint=URL, auth_type=BASIC, credentials=Credentials(USER, PASSWORD))


def open_account(address):
    return Account(address, config=config, access_type=DELEGATE, default_timezone=UTC, autodiscover=False)


def calendar_of(address):
    """Somebody else's calendar, whose mailbox is closed otherwise."""
    wanted = DistinguishedFolderId(id=Calendar.DISTINGUISHED_FOLDER_ID, mailbox=Mailbox(email_address=address))
    folder = SingleFolderQuerySet(account=alice, folder=wanted).resolve()
    # Otherwise exchangelib addresses it by name, in alice's mailbox.
    folder.is_distinguished = False
    return folder


def attempt(folder):
    now = EWSDateTime.now(tz=UTC)
    item = CalendarItem(
        account=alice, folder=folder, subject="by alice", start=now, end=now + datetime.timedelta(hours=1)
    )
    try:
        item.save(send_meeting_invitations=SEND_TO_NONE)
        item.delete(send_meeting_cancellations=SEND_TO_NONE)
        return "written"
    except EWSError as error:
        return type(error).__name__


alice = open_account(ADDRESS)
bob = calendar_of("bob@example.test")
carol = calendar_of("carol@example.test")
events = list(alice.calendar.all())
contacts = list(alice.contacts.all())
tasks = list(alice.tasks.all())
now = EWSDateTime.now(tz=UTC)
view = list(alice.calendar.view(start=now - datetime.timedelta(days=45), end=now + datetime.timedelta(days=45)))
pictures = [
    attachment.content[:4].hex()
    for contact in contacts
    for attachment in (getattr(contact, "attachments", None) or [])
]
masters = [event for event in events if event.type == "RecurringMaster"]
print(
    json.dumps(
        {
            "events": dict(Counter(event.type for event in events)),
            "view": dict(Counter(event.type for event in view)),
            "patterns": sorted({type(event.recurrence.pattern).__name__ for event in masters}),
            "modified": sum(len(event.modified_occurrences or []) for event in masters),
            "deleted": sum(len(event.deleted_occurrences or []) for event in masters),
            "zones": sorted({event._start_timezone.ms_id for event in events}),
            "kinds": dict(Counter(type(contact).__name__ for contact in contacts)),
            "pictures": dict(Counter(pictures)),
            "tasks": len(tasks),
            "recurringTasks": sum(1 for task in tasks if task.is_recurring),
            "completedTasks": sum(1 for task in tasks if task.is_complete),
            "calendars": sorted(folder.name for folder in alice.root.walk() if folder.folder_class == "IPF.Appointment"),
            "bob": [len(list(bob.all())), attempt(bob)],
            "carol": [len(list(carol.all())), attempt(carol)],
        }
    )
)
