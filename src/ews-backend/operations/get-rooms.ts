// GetRoomLists and GetRooms: the rooms that an administrator has put into lists (BEHAVIOUR §6).
import { childOf, childrenOf, textOf, xml, type XmlElement } from '../../xml/index.ts';
import { aloneOf } from '../answer.ts';
import type { Soap } from '../soap.ts';

/** SMTP addresses of the lists. */
export async function getRoomLists(soap: Soap, signal?: AbortSignal): Promise<readonly string[]> {
  const answer = aloneOf(
    await soap.call('GetRoomLists', xml('m:GetRoomLists', {}), { repeat: 'safe', signal }),
  );
  const lists = childOf(answer, 'RoomLists');
  return (lists === undefined ? [] : childrenOf(lists)).map((list) => textOf(childOf(list, 'EmailAddress')));
}

/** A mailbox element for each room of a list. */
export async function getRooms(
  soap: Soap,
  list: string,
  signal?: AbortSignal,
): Promise<readonly XmlElement[]> {
  const body = xml('m:GetRooms', {}, xml('m:RoomList', {}, xml('t:EmailAddress', {}, list)));
  const answer = aloneOf(await soap.call('GetRooms', body, { repeat: 'safe', signal }));
  const rooms = childOf(answer, 'Rooms');
  return (rooms === undefined ? [] : childrenOf(rooms)).flatMap((room) => childOf(room, 'Id') ?? []);
}
