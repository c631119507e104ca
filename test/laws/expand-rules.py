# Expands recurrence rules by python3-dateutil: a question a line, an answer a line, both JSON.
# Instances are told by the clock on the wall, in seconds as if it were that of UTC: programs differ in what they know of zones.
import json
import sys
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import WEEKLY, rrulestr

DAYS = {"BYDAY", "BYMONTHDAY", "BYYEARDAY"}
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def time_of(text, zone):
    if len(text) == 8:
        return datetime.strptime(text, "%Y%m%d").replace(tzinfo=zone)
    if text.endswith("Z"):
        at = datetime.strptime(text, "%Y%m%dT%H%M%SZ")
        return at.replace(tzinfo=timezone.utc if zone else None)
    return datetime.strptime(text, "%Y%m%dT%H%M%S").replace(tzinfo=zone)


def until_of(text, zone):
    # A mere day ends with its last second, whatever the time of the start.
    return time_of(text + "T235959" if len(text) == 8 else text, zone)


def seconds(at):
    return int(at.replace(tzinfo=timezone.utc).timestamp())


def on_the_wall(at, zone):
    return seconds(at.astimezone(zone) if at.tzinfo and zone else at)


def of_whole_weeks(rule, start):
    # dateutil counts the positions of the first week from the start on, of months and years from their first day on.
    first = start - timedelta(days=(start.weekday() - rule._wkst) % 7)
    found = (at for at in rule.replace(dtstart=first, count=None) if at >= start)
    return found if rule._count is None else islice(found, rule._count)


def expand(question):
    zone = ZoneInfo(question["zone"]) if question["zone"] else None
    parts = question["rule"].split(";")
    # dateutil takes no UNTIL that is of another kind than the start.
    untils = [part[6:] for part in parts if part.upper().startswith("UNTIL=")]
    rest = ";".join(part for part in parts if not part.upper().startswith("UNTIL="))
    start = time_of(question["start"], zone)
    said = {part.split("=")[0].upper() for part in parts}
    if ("BYWEEKNO" in said or "FREQ=WEEKLY" in rest.upper()) and not said & DAYS:
        # What a rule does not say is that of the start: dateutil takes every day of a BYWEEKNO, and of_whole_weeks moves the start.
        rest += ";BYDAY=" + WEEKDAYS[start.weekday()]
    rule = rrulestr(rest, dtstart=start)
    if untils:
        rule = rule.replace(until=until_of(untils[0], zone))
    if rule._freq == WEEKLY and rule._bysetpos:
        rule = of_whole_weeks(rule, start)
    gone = {on_the_wall(time_of(text, zone), zone) for text in question["exdates"]}
    # Instances are counted before some of them are taken out.
    found = [seconds(at) for at in islice(rule, question["most"])]
    first = seconds(start)
    # RFC 5545 section 3.8.5.3: DTSTART counts as the first instance; dateutil leaves it out where the rule has it not.
    if found[:1] != [first]:
        found = [first, *found[: len(found) - (rest.upper().find("COUNT=") >= 0)]][: question["most"]]
    return [at for at in found if at not in gone]


# What is read back is often spelled as it was written.
@lru_cache(maxsize=4)
def answered(line):
    try:
        return json.dumps({"instances": expand(json.loads(line))})
    except Exception as error:
        return json.dumps({"error": f"{type(error).__name__}: {error}"})


for line in sys.stdin:
    print(answered(line), flush=True)
