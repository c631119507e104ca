// What one user may do in one folder of somebody else: EffectiveRights ([MS-OXWSFOLD] 2.2.4; BEHAVIOUR §15).

/** CalendarPermissionReadAccess below FullDetails. */
export type FreeBusyAccess = 'None' | 'TimeOnly' | 'TimeAndSubjectAndLocation';

export interface Rights {
  readonly read: boolean;
  readonly createContents: boolean;
  readonly createHierarchy: boolean;
  readonly createAssociated: boolean;
  readonly modify: boolean;
  readonly delete: boolean;
  readonly viewPrivateItems: boolean;
  /** What GetUserAvailability tells who may not read; absent: times, as everybody may by default. */
  readonly freeBusy?: FreeBusyAccess;
}

const none: Rights = {
  read: false,
  createContents: false,
  createHierarchy: false,
  createAssociated: false,
  modify: false,
  delete: false,
  viewPrivateItems: false,
};

/** The permission levels of Outlook as rights. */
export const levels = {
  none,
  noFreeBusy: { ...none, freeBusy: 'None' },
  freeBusyTimeOnly: { ...none, freeBusy: 'TimeOnly' },
  freeBusyTimeAndSubjectAndLocation: { ...none, freeBusy: 'TimeAndSubjectAndLocation' },
  contributor: { ...none, createContents: true },
  reviewer: { ...none, read: true },
  author: { ...none, read: true, createContents: true },
  editor: { ...none, read: true, createContents: true, modify: true, delete: true },
  owner: {
    read: true,
    createContents: true,
    createHierarchy: true,
    createAssociated: true,
    modify: true,
    delete: true,
    viewPrivateItems: true,
  },
} satisfies Record<string, Rights>;
