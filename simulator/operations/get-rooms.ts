// GetRoomLists and GetRooms ([MS-OXWSGTRM]): rooms of the directory by the lists they are in.
import { childOf, textOf } from '../../src/xml/index.ts';
import { EwsError } from '../errors.ts';
import { renderEntryMailbox } from '../fields/directory-xml.ts';
import { tag } from '../fields/row.ts';
import { respondAlone } from '../responses.ts';
import { entryOf } from '../state/index.ts';
import type { Operation } from './operation.ts';

export const getRoomLists: Operation = (_, context) =>
  respondAlone(context, () => {
    const lists = [...context.world.directory.values()].filter(({ kind }) => kind === 'roomList');
    return `<m:RoomLists>${lists.map((list) => renderEntryMailbox(list, {}, 'Address')).join('')}</m:RoomLists>`;
  });

export const getRooms: Operation = (request, context) =>
  respondAlone(context, () => {
    const address = textOf(childOf(childOf(request, 'RoomList'), 'EmailAddress')).trim();
    const list = entryOf(context.world, address);
    if (list?.kind !== 'roomList') throw new EwsError('ErrorNameResolutionNoResults');
    const rooms = (list.members ?? []).flatMap((member) => entryOf(context.world, member) ?? []);
    return `<m:Rooms>${rooms.map((room) => tag('Room', renderEntryMailbox(room, {}, 'Id'))).join('')}</m:Rooms>`;
  });
