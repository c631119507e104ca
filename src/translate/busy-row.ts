// TRANSP, STATUS and Microsoft's own word ⇄ the five ways in which an event takes time, and whether it was cancelled.
import type { BusyStatus, EventItem } from '../model/item.ts';
import type { ParseContext, Row } from './rows.ts';
import { firstText, rendered } from './shared-rows.ts';

const cdoName = {
  free: 'FREE',
  tentative: 'TENTATIVE',
  busy: 'BUSY',
  'out-of-office': 'OOF',
  'working-elsewhere': 'WORKINGELSEWHERE',
} satisfies Record<BusyStatus, string>;

/** TRANSP has two words and STATUS one for Exchange's five; [MS-OXCICAL] 2.1.3.1.1.20.31 has the rest. */
export const busyRow: Row<EventItem> = {
  claims: ['transp', 'status', 'x-microsoft-cdo-busystatus'],
  fields: ['busy', 'cancelled'],
  render({ busy, cancelled }) {
    const isTransparent = busy === 'free' || busy === 'working-elsewhere';
    const status = cancelled ? 'CANCELLED' : busy === 'tentative' ? 'TENTATIVE' : undefined;
    const isTold = busy === 'free' || busy === 'busy' || status === 'TENTATIVE';
    return rendered(
      ['transp', {}, 'text', isTransparent ? 'TRANSPARENT' : 'OPAQUE'],
      status === undefined ? undefined : ['status', {}, 'text', status],
      isTold ? undefined : ['x-microsoft-cdo-busystatus', {}, 'unknown', cdoName[busy]],
    );
  },
  parse(parts, context) {
    const status = firstText(parts, 'status').toUpperCase();
    const cdo = firstText(parts, 'x-microsoft-cdo-busystatus').toUpperCase();
    const isTransparent = firstText(parts, 'transp').toUpperCase() === 'TRANSPARENT';
    const cancelled = status === 'CANCELLED';
    // What does not take place takes no time, which is all that a mailbox can say of it.
    if (cancelled) return { busy: 'free', cancelled };
    return { busy: busyOf(isTransparent, status, cdo === '' ? untold(context) : cdo), cancelled };
  },
};

/** What the client's own words say wins over Microsoft's, which a client carries along without knowing them. */
function busyOf(isTransparent: boolean, status: string, cdo: string): BusyStatus {
  if (isTransparent) return cdo === 'WORKINGELSEWHERE' ? 'working-elsewhere' : 'free';
  if (cdo === 'OOF') return 'out-of-office';
  if (status === 'TENTATIVE') return 'tentative';
  return cdo === 'TENTATIVE' && status !== 'CONFIRMED' ? 'tentative' : 'busy';
}

/** A client that drops what it does not know has not changed it: what only Microsoft's word tells stays. */
function untold({ present, isJudging }: ParseContext): string {
  const held = isJudging === true || present?.kind !== 'event' ? undefined : present.busy;
  return held === 'out-of-office' || held === 'working-elsewhere' ? cdoName[held] : '';
}
