// Get-, Create-, Update- and DeleteUserConfiguration ([MS-OXWSUSRCFG]): settings of applications kept with a folder, such as
// OWA.UserOptions of the root and CategoryList of the calendar.
import { childOf, childrenOf, escapeText, textOf, type XmlElement } from '../../src/xml/index.ts';
import type { Context } from '../context.ts';
import { EwsError } from '../errors.ts';
import { tag } from '../fields/row.ts';
import { demandRight, folderAt } from '../lookup.ts';
import { forEach } from '../responses.ts';
import { renderChangeKey, renderId } from '../state/ids.ts';
import { configurationKey, type Configuration, type DictionaryValue, type Rights } from '../state/index.ts';
import { nextNo, nextRevision } from '../state/world.ts';
import type { Place } from '../view.ts';
import type { Operation } from './operation.ts';

export const getUserConfiguration: Operation = (request, context) =>
  forEach(context, [request], {
    emptyPayload: '',
    answer() {
      const named = nameIn(childOf(request, 'UserConfigurationName'), context, 'read');
      const configuration = demand(named);
      const wanted = textOf(childOf(request, 'UserConfigurationProperties')).trim().split(/\s+/);
      const parts = Object.entries(properties)
        .filter(([property]) => wanted.includes(property) || wanted.includes('All'))
        .map(([, render]) => render(configuration, named.place));
      return `<m:UserConfiguration>${named.echo}${parts.join('')}</m:UserConfiguration>`;
    },
  });

export const createUserConfiguration: Operation = (request, context) =>
  forEach(context, [childOf(request, 'UserConfiguration')], {
    emptyPayload: '',
    answer(given) {
      const named = nameIn(childOf(given, 'UserConfigurationName'), context, 'createAssociated');
      const { configurations } = named.place.mailbox.settings;
      if (configurations.has(named.key)) throw new EwsError('ErrorItemSave');
      const { world } = context;
      const no = nextNo(world);
      configurations.set(named.key, {
        no,
        revision: nextRevision(world),
        name: named.name,
        ...contentOf(given),
      });
      return '';
    },
  });

/** What the request does not name stays as it was. */
export const updateUserConfiguration: Operation = (request, context) =>
  forEach(context, [childOf(request, 'UserConfiguration')], {
    emptyPayload: '',
    answer(given) {
      const named = nameIn(childOf(given, 'UserConfigurationName'), context, 'createAssociated');
      const before = demand(named);
      const after = { ...before, ...contentOf(given), revision: nextRevision(context.world) };
      named.place.mailbox.settings.configurations.set(named.key, after);
      return '';
    },
  });

export const deleteUserConfiguration: Operation = (request, context) =>
  forEach(context, [childOf(request, 'UserConfigurationName')], {
    emptyPayload: '',
    answer(name) {
      const named = nameIn(name, context, 'createAssociated');
      demand(named);
      named.place.mailbox.settings.configurations.delete(named.key);
      return '';
    },
  });

interface Named {
  readonly place: Place;
  readonly name: string;
  readonly key: string;
  /** t:UserConfigurationName as the answer repeats it. */
  readonly echo: string;
}

function nameIn(element: XmlElement | undefined, context: Context, right: keyof Rights): Named {
  const [id] = element === undefined ? [] : childrenOf(element);
  if (element === undefined || id === undefined) throw new EwsError('ErrorFolderNotFound');
  const place = folderAt(context, id);
  demandRight(place, right);
  const name = element.attrs['Name'] ?? '';
  const quoted = escapeText(name).replaceAll('"', '&quot;');
  const folderId =
    id.name === 'DistinguishedFolderId'
      ? `<t:DistinguishedFolderId Id="${id.attrs['Id'] ?? ''}"/>`
      : `<t:FolderId Id="${id.attrs['Id'] ?? ''}"/>`;
  const echo = `<t:UserConfigurationName Name="${quoted}">${folderId}</t:UserConfigurationName>`;
  return { place, name, key: configurationKey(place.folder.no, name), echo };
}

function demand({ place, key }: Named): Configuration {
  const found = place.mailbox.settings.configurations.get(key);
  if (found === undefined) throw new EwsError('ErrorItemNotFound');
  return found;
}

/** UserConfigurationPropertyType, in the order of the answer. */
const properties: Readonly<Record<string, (configuration: Configuration, place: Place) => string>> = {
  Id({ no, revision }, { mailbox, folder }) {
    const id = renderId({ kind: 'item', mailboxNo: mailbox.no, folderNo: folder.no, itemNo: no });
    return `<t:ItemId Id="${id}" ChangeKey="${renderChangeKey('item', revision)}"/>`;
  },
  Dictionary: ({ dictionary }) => (dictionary === undefined ? '' : renderDictionary(dictionary)),
  XmlData: ({ xmlData }) => (xmlData === undefined ? '' : tag('XmlData', xmlData)),
  BinaryData: ({ binaryData }) => (binaryData === undefined ? '' : tag('BinaryData', binaryData)),
};

function contentOf(
  given: XmlElement | undefined,
): Pick<Configuration, 'dictionary' | 'xmlData' | 'binaryData'> {
  const dictionary = childOf(given, 'Dictionary');
  const xmlData = childOf(given, 'XmlData');
  const binaryData = childOf(given, 'BinaryData');
  return {
    ...(dictionary === undefined ? {} : { dictionary: childrenOf(dictionary).map(entryIn) }),
    ...(xmlData === undefined ? {} : { xmlData: textOf(xmlData).trim() }),
    ...(binaryData === undefined ? {} : { binaryData: textOf(binaryData).trim() }),
  };
}

type Entry = NonNullable<Configuration['dictionary']>[number];

function entryIn(element: XmlElement): Entry {
  const value = childOf(element, 'DictionaryValue');
  return {
    key: valueIn(childOf(element, 'DictionaryKey')),
    value: value === undefined || childrenOf(value).length === 0 ? undefined : valueIn(value),
  };
}

function valueIn(element: XmlElement | undefined): DictionaryValue {
  const values = element === undefined ? [] : childrenOf(element).filter(({ name }) => name === 'Value');
  const type = textOf(childOf(element, 'Type')).trim();
  return { type, values: values.map((value) => stored(type, textOf(value))) };
}

/** Values are kept typed: a Boolean that came as 1 is shown as true (exchangelib relies on it). */
function stored(type: string, text: string): string {
  return type === 'Boolean' ? String(/^(true|1)$/i.test(text.trim())) : text;
}

function renderDictionary(entries: readonly Entry[]): string {
  const shown = (element: string, { type, values }: DictionaryValue): string =>
    tag(element, tag('Type', type) + values.map((value) => tag('Value', escapeText(value))).join(''));
  return tag(
    'Dictionary',
    entries
      .map(({ key, value }) =>
        tag(
          'DictionaryEntry',
          shown('DictionaryKey', key) +
            (value === undefined
              ? '<t:DictionaryValue xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>'
              : shown('DictionaryValue', value)),
        ),
      )
      .join(''),
  );
}
