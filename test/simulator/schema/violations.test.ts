// The first violation of a request, in the words of captured faults.
import { expect, test } from 'vitest';
import { validateRequest } from '../../../simulator/schema/index.ts';
import { answerLimits, parseXml } from '../../../src/xml/index.ts';

const m = 'http://schemas.microsoft.com/exchange/services/2006/messages';
const t = 'http://schemas.microsoft.com/exchange/services/2006/types';
const violation = (text: string): string | undefined =>
  validateRequest(
    parseXml(
      text.replace(/^<m:\w+/, (open) => `${open} xmlns:m="${m}" xmlns:t="${t}"`),
      answerLimits,
    ),
  )?.violation;
const getItem = (shape: string, ids = '<t:ItemId Id="AAAA"/>'): string =>
  `<m:GetItem><m:ItemShape>${shape}</m:ItemShape><m:ItemIds>${ids}</m:ItemIds></m:GetItem>`;

test.each([
  ['a valid request', getItem('<t:BaseShape>IdOnly</t:BaseShape>'), undefined],
  [
    'paths stand for t:Path',
    getItem(
      '<t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="item:Subject"/><t:ExtendedFieldURI PropertyTag="0x300B" PropertyType="Binary"/><t:IndexedFieldURI FieldURI="contacts:EmailAddress" FieldIndex="EmailAddress1"/></t:AdditionalProperties>',
    ),
    undefined,
  ],
  [
    'an unknown element at the top',
    '<m:boguselement/>',
    `Could not find schema information for the element '${m}:boguselement'.`,
  ],
  [
    'an enumeration in an attribute',
    '<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds><t:DistinguishedFolderId Id="invalidparentid"/></m:FolderIds></m:GetFolder>',
    `The 'Id' attribute is invalid - The value 'invalidparentid' is invalid according to its datatype '${t}:DistinguishedFolderIdNameType' - The Enumeration constraint failed.`,
  ],
  [
    'an enumeration in a list of words',
    '<m:GetServiceConfiguration><m:RequestedConfiguration><m:ConfigurationName>UUnifiedMessagingConfiguration</m:ConfigurationName></m:RequestedConfiguration></m:GetServiceConfiguration>',
    `The '${m}:ConfigurationName' element is invalid - The value 'UUnifiedMessagingConfiguration' is invalid according to its datatype '${t}:ServiceConfigurationType' - The Enumeration constraint failed.`,
  ],
  [
    'a required attribute',
    getItem('<t:BaseShape>IdOnly</t:BaseShape>', '<t:ItemId/>'),
    "The required attribute 'Id' is missing.",
  ],
  [
    'an abstract element',
    getItem('<t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:Path/></t:AdditionalProperties>'),
    `The element 'AdditionalProperties' in namespace '${t}' has invalid child element 'Path' in namespace '${t}'. List of possible elements expected: 'FieldURI, IndexedFieldURI, ExtendedFieldURI' in namespace '${t}'.`,
  ],
  [
    'a wrong order',
    '<m:GetItem><m:ItemIds><t:ItemId Id="AAAA"/></m:ItemIds><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape></m:GetItem>',
    `The element 'GetItem' in namespace '${m}' has invalid child element 'ItemIds' in namespace '${m}'. List of possible elements expected: 'ItemShape' in namespace '${m}'.`,
  ],
  [
    'something missing',
    '<m:GetItem><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape></m:GetItem>',
    `The element 'GetItem' in namespace '${m}' has incomplete content. List of possible elements expected: 'ItemIds' in namespace '${m}'.`,
  ],
  [
    'a number out of range',
    '<m:SyncFolderItems><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:SyncFolderId><t:DistinguishedFolderId Id="calendar"/></m:SyncFolderId><m:MaxChangesReturned>513</m:MaxChangesReturned></m:SyncFolderItems>',
    `The '${m}:MaxChangesReturned' element is invalid - The value '513' is invalid according to its datatype '${t}:MaxSyncChangesReturnedType' - The MaxInclusive constraint failed.`,
  ],
  [
    'text between elements',
    getItem('loose<t:BaseShape>IdOnly</t:BaseShape>'),
    `The element 'ItemShape' in namespace '${t}' cannot contain text.`.replace(t, m),
  ],
  [
    'an undeclared attribute',
    getItem('<t:BaseShape Extra="1">IdOnly</t:BaseShape>'),
    "The 'Extra' attribute is not declared.",
  ],
  [
    'a dateTime that is none',
    '<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:CalendarView StartDate="tomorrow" EndDate="2026-01-01T00:00:00Z"/><m:ParentFolderIds><t:DistinguishedFolderId Id="calendar"/></m:ParentFolderIds></m:FindItem>',
    "The 'StartDate' attribute is invalid - The value 'tomorrow' is invalid according to its datatype 'http://www.w3.org/2001/XMLSchema:dateTime' - The string 'tomorrow' is not a valid DateTime value.",
  ],
])('%s', (_, text, expected) => {
  expect(violation(text)).toBe(expected);
});

test('the message is that of the fault', () => {
  expect(validateRequest(parseXml('<x/>'))?.message).toBe(
    "The request failed schema validation: Could not find schema information for the element 'x'.",
  );
});

test('base64 is judged by its letters and its padding, however long it is', () => {
  const attached = (content: string): string | undefined =>
    violation(
      `<m:CreateAttachment><m:ParentItemId Id="AAAA"/><m:Attachments><t:FileAttachment><t:Content>${content}</t:Content></t:FileAttachment></m:Attachments></m:CreateAttachment>`,
    );
  for (const good of ['', 'AAAA', 'AA==', 'AAA=', 'AA AA\n', 'ab+/'.repeat(5_000_000)])
    expect(attached(good)).toBeUndefined();
  for (const bad of ['A', 'AAAAA', 'A===', '====', 'AA=A', 'AA-A', 'AAA=AAAA'])
    expect(attached(bad), bad).toContain('is not a valid Base64Binary value');
});
