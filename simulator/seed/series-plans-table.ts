// The series a seeded calendar has: every pattern, every kind of range, several zones.
import type { Pattern } from '../calendar/index.ts';

export interface SeriesPlan {
  readonly subject: string;
  readonly pattern: Pattern;
  readonly range: 'NoEnd' | 'EndDate' | number;
  readonly time: string;
  readonly minutes: number;
  readonly zone?: string;
  readonly isAllDay?: true;
  readonly meeting?: 'own' | 'others';
}

export const plans: readonly SeriesPlan[] = [
  {
    subject: 'Daily stand-up',
    pattern: { kind: 'Daily', interval: 1 },
    range: 60,
    time: '09:15',
    minutes: 15,
  },
  {
    subject: 'Every third day: water the plants',
    pattern: { kind: 'Daily', interval: 3 },
    range: 'NoEnd',
    time: '07:45',
    minutes: 15,
  },
  {
    subject: 'Medication',
    pattern: { kind: 'Daily', interval: 1 },
    range: 'EndDate',
    time: '20:00',
    minutes: 10,
  },
  {
    subject: 'Team meeting',
    pattern: { kind: 'Weekly', interval: 1, daysOfWeek: ['Monday'], firstDayOfWeek: 'Monday' },
    range: 'NoEnd',
    time: '10:00',
    minutes: 60,
    meeting: 'own',
  },
  {
    subject: 'Gym',
    pattern: { kind: 'Weekly', interval: 1, daysOfWeek: ['Tuesday', 'Thursday'], firstDayOfWeek: 'Monday' },
    range: 'NoEnd',
    time: '18:30',
    minutes: 90,
  },
  {
    subject: 'Sprint planning',
    pattern: { kind: 'Weekly', interval: 2, daysOfWeek: ['Wednesday'], firstDayOfWeek: 'Monday' },
    range: 52,
    time: '13:00',
    minutes: 120,
    meeting: 'own',
  },
  {
    subject: 'Call with Boston',
    pattern: { kind: 'Weekly', interval: 1, daysOfWeek: ['Wednesday'], firstDayOfWeek: 'Sunday' },
    range: 'EndDate',
    time: '10:30',
    minutes: 45,
    zone: 'Eastern Standard Time',
  },
  {
    subject: 'Call with Kyoto',
    pattern: { kind: 'Weekly', interval: 4, daysOfWeek: ['Friday'], firstDayOfWeek: 'Sunday' },
    range: 20,
    time: '16:00',
    minutes: 30,
    zone: 'Tokyo Standard Time',
    meeting: 'others',
  },
  {
    subject: 'Weekend shift',
    pattern: { kind: 'Weekly', interval: 3, daysOfWeek: ['Saturday', 'Sunday'], firstDayOfWeek: 'Monday' },
    range: 'EndDate',
    time: '08:00',
    minutes: 480,
  },
  {
    subject: 'Night window',
    pattern: { kind: 'Weekly', interval: 1, daysOfWeek: ['Thursday'], firstDayOfWeek: 'Sunday' },
    range: 30,
    time: '23:00',
    minutes: 180,
    zone: 'GMT Standard Time',
  },
  {
    subject: 'Rent',
    pattern: { kind: 'AbsoluteMonthly', interval: 1, dayOfMonth: 1 },
    range: 'NoEnd',
    time: '00:00',
    minutes: 1440,
    isAllDay: true,
  },
  {
    subject: 'Month end closing',
    pattern: { kind: 'AbsoluteMonthly', interval: 1, dayOfMonth: 31 },
    range: 'NoEnd',
    time: '15:00',
    minutes: 60,
  },
  {
    subject: 'Quarterly report',
    pattern: { kind: 'AbsoluteMonthly', interval: 3, dayOfMonth: 15 },
    range: 12,
    time: '11:00',
    minutes: 120,
    meeting: 'others',
  },
  {
    subject: 'Leasing review every other year',
    pattern: { kind: 'AbsoluteMonthly', interval: 24, dayOfMonth: 9 },
    range: 5,
    time: '09:00',
    minutes: 60,
  },
  {
    subject: 'All hands',
    pattern: { kind: 'RelativeMonthly', interval: 1, daysOfWeek: 'Thursday', dayOfWeekIndex: 'First' },
    range: 'NoEnd',
    time: '16:00',
    minutes: 60,
    meeting: 'others',
  },
  {
    subject: 'Patch day',
    pattern: { kind: 'RelativeMonthly', interval: 1, daysOfWeek: 'Tuesday', dayOfWeekIndex: 'Second' },
    range: 'EndDate',
    time: '19:00',
    minutes: 120,
    zone: 'UTC',
  },
  {
    subject: 'Payday',
    pattern: { kind: 'RelativeMonthly', interval: 1, daysOfWeek: 'Weekday', dayOfWeekIndex: 'Last' },
    range: 'NoEnd',
    time: '00:00',
    minutes: 1440,
    isAllDay: true,
  },
  {
    subject: 'Flea market',
    pattern: { kind: 'RelativeMonthly', interval: 2, daysOfWeek: 'WeekendDay', dayOfWeekIndex: 'Third' },
    range: 10,
    time: '09:00',
    minutes: 240,
  },
  {
    subject: 'Wedding day',
    pattern: { kind: 'AbsoluteYearly', dayOfMonth: 12, month: 'June' },
    range: 'NoEnd',
    time: '00:00',
    minutes: 1440,
    isAllDay: true,
  },
  {
    subject: 'Leap day party',
    pattern: { kind: 'AbsoluteYearly', dayOfMonth: 29, month: 'February' },
    range: 'NoEnd',
    time: '18:00',
    minutes: 240,
  },
  {
    subject: 'Licence renewal',
    pattern: { kind: 'AbsoluteYearly', dayOfMonth: 30, month: 'November' },
    range: 5,
    time: '10:00',
    minutes: 30,
  },
  {
    subject: 'Clocks go back',
    pattern: { kind: 'RelativeYearly', daysOfWeek: 'Sunday', dayOfWeekIndex: 'Last', month: 'October' },
    range: 'NoEnd',
    time: '03:00',
    minutes: 60,
  },
  {
    subject: 'Summer party',
    pattern: { kind: 'RelativeYearly', daysOfWeek: 'Friday', dayOfWeekIndex: 'Second', month: 'July' },
    range: 6,
    time: '17:00',
    minutes: 300,
    meeting: 'own',
  },
  {
    subject: 'First working day',
    pattern: { kind: 'RelativeYearly', daysOfWeek: 'Weekday', dayOfWeekIndex: 'First', month: 'January' },
    range: 'NoEnd',
    time: '09:00',
    minutes: 60,
    zone: 'India Standard Time',
  },
];
