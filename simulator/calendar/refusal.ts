// A calendar value the server refuses, with the EWS response code and the text a real server sends.

export class CalendarRefusal extends Error {
  override readonly name = 'CalendarRefusal';
  readonly code: string;
  constructor(code: keyof typeof refusalTexts) {
    super(refusalTexts[code]);
    this.code = code;
  }
}

const refusalTexts = {
  ErrorCalendarEndDateIsEarlierThanStartDate: 'EndDate is earlier than StartDate',
  ErrorCalendarInvalidDayForWeeklyRecurrence:
    'The value of the DaysOfWeek property is invalid for a weekly recurrence.',
  ErrorCalendarInvalidRecurrence: 'The recurrence is invalid.',
  ErrorCalendarOutOfRange: 'The calendar property falls out of valid range.',
  ErrorRecurrenceEndDateTooBig: 'Recurrence end date can not exceed Sep 1, 4500 00:00:00.',
  ErrorRecurrenceHasNoOccurrence: 'Recurrence has no occurrences in the specified range.',
  ErrorTimeZone: "The time zone isn't valid.",
  ErrorCalendarInvalidDayForTimeChangePattern:
    'The value of the DaysOfWeek property is not valid for time change pattern of time zone.',
} as const;
