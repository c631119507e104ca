// FileAs by FileAsMapping ([MS-OXWSCONT] R130–R147).
import { expect, it } from 'vitest';
import { applyFileAs } from '../../simulator/contacts.ts';
import type { Draft } from '../../simulator/state/index.ts';

const person: Draft = {
  givenName: 'Ann',
  middleName: 'B',
  surname: 'Lee',
  generation: 'Jr',
  companyName: 'Acme',
  displayName: 'Shown',
  fileAs: 'literal',
};

it.each([
  ['None', 'literal'],
  ['LastCommaFirst', 'Lee, Ann B'],
  ['FirstSpaceLast', 'Ann B Lee Jr'],
  ['Company', 'Acme'],
  ['LastCommaFirstCompany', 'Lee, Ann B (Acme)'],
  ['CompanyLastCommaFirst', 'Acme (Lee, Ann B)'],
  ['LastSpaceFirst', 'Lee Ann B'],
  ['DisplayName', 'Shown'],
  ['FirstName', 'Ann'],
  ['LastName', 'Lee'],
  ['Empty', ''],
])('%s', (fileAsMapping, expected) => {
  const draft: Draft = { ...person, fileAsMapping };
  applyFileAs(draft);
  expect(draft.fileAs).toBe(expected);
});

it('leaves out what is missing', () => {
  const draft: Draft = { surname: 'Lee', fileAsMapping: 'LastCommaFirst' };
  applyFileAs(draft);
  expect(draft.fileAs).toBe('Lee');
});
