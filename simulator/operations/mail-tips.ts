// GetMailTips ([MS-OXWMT]) and the part of GetServiceConfiguration that belongs to it: what a sender may know beforehand.
import { childOf, childrenOf, escapeText, textOf } from '../../src/xml/index.ts';
import type { Context } from '../context.ts';
import { tag } from '../fields/row.ts';
import { respondAlone } from '../responses.ts';
import { entryOf } from '../state/index.ts';
import type { Operation } from './operation.ts';
import { isAway } from './out-of-office.ts';

const success = 'ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>';
const largestMessage = 37_748_736;

export const getMailTips: Operation = (request, context) =>
  respondAlone(context, () => {
    const recipients = childOf(request, 'Recipients');
    const messages = (recipients === undefined ? [] : childrenOf(recipients)).map((mailbox) => {
      const tips = tipsOf(textOf(childOf(mailbox, 'EmailAddress')).trim(), context);
      return `<m:MailTipsResponseMessageType ${success}<m:MailTips>${tips}</m:MailTips></m:MailTipsResponseMessageType>`;
    });
    return `<m:ResponseMessages>${messages.join('')}</m:ResponseMessages>`;
  });

function tipsOf(address: string, { world }: Context): string {
  const entry = entryOf(world, address);
  const mailbox = world.mailboxes.get(entry?.address.toLowerCase() ?? '');
  const away = mailbox !== undefined && isAway(mailbox, world.now());
  const reply = away ? escapeText(mailbox.settings.outOfOffice.internalReply ?? '') : '';
  const isOwnDomain = [...world.directory.keys()].some((known) =>
    known.endsWith(address.replace(/^.*@/, '@')),
  );
  return (
    tag(
      'RecipientAddress',
      tag('Name', escapeText(entry?.name ?? '')) +
        tag('EmailAddress', escapeText(address)) +
        tag('RoutingType', 'SMTP'),
    ) +
    '<t:PendingMailTips/>' +
    tag('OutOfOffice', tag('ReplyBody', tag('Message', reply))) +
    tag('MailboxFull', 'false') +
    (entry?.members === undefined ? '' : tag('TotalMemberCount', String(entry.members.length))) +
    (entry?.members === undefined ? '' : tag('ExternalMemberCount', '0')) +
    tag('MaxMessageSize', String(largestMessage)) +
    tag('DeliveryRestricted', 'false') +
    tag('IsModerated', 'false') +
    tag('InvalidRecipient', String(isOwnDomain && entry === undefined))
  );
}

export const getServiceConfiguration: Operation = (request, context) =>
  respondAlone(context, () => {
    const asked = childOf(request, 'RequestedConfiguration');
    const names = (asked === undefined ? [] : childrenOf(asked)).map((name) => textOf(name).trim());
    const parts = Object.entries(configurations)
      .filter(([name]) => names.includes(name))
      .map(([, render]) => render(context));
    return `<m:ResponseMessages><m:ServiceConfigurationResponseMessageType ${success}${parts.join('')}</m:ServiceConfigurationResponseMessageType></m:ResponseMessages>`;
  });

/** In the order of the answer; what is not here is configured nowhere. */
const configurations: Readonly<Record<string, (context: Context) => string>> = {
  MailTips({ world }) {
    const domains = new Set([...world.directory.keys()].map((address) => address.replace(/^.*@/, '')));
    const listed = [...domains].map((domain) => `<t:Domain Name="${domain}"/>`).join('');
    return `<m:MailTipsConfiguration>${
      tag('MailTipsEnabled', 'true') +
      tag('MaxRecipientsPerGetMailTipsRequest', '50') +
      tag('MaxMessageSize', String(largestMessage)) +
      tag('LargeAudienceThreshold', '25') +
      tag('ShowExternalRecipientCount', 'false') +
      tag('InternalDomains', listed) +
      tag('PolicyTipsEnabled', 'false') +
      tag('LargeAudienceCap', '1000')
    }</m:MailTipsConfiguration>`;
  },
  UnifiedMessagingConfiguration: () =>
    `<m:UnifiedMessagingConfiguration>${tag('UmEnabled', 'false')}${tag('PlayOnPhoneDialString', '')}${tag('PlayOnPhoneEnabled', 'false')}</m:UnifiedMessagingConfiguration>`,
};
