// What a report is: a function from its body and the resource to an answer that is still data.
import type { XmlElement, Markup } from '../../xml/index.ts';
import type { Depth } from '../depth.ts';
import type { Multistatus } from '../multistatus.ts';
import type { Context } from '../request.ts';
import type { Resource } from '../resource.ts';

export interface ReportQuery {
  readonly body: XmlElement;
  readonly resource: Resource;
  /** undefined: not said, which is never an error (EDS sends none with multiget). */
  readonly depth: Depth | undefined;
  readonly minimal: boolean;
}

export type ReportAnswer =
  | ({ readonly kind: 'multistatus' } & Multistatus)
  | { readonly kind: 'document'; readonly root: Markup }
  | { readonly kind: 'text'; readonly contentType: string; readonly text: string };

export type Report = (query: ReportQuery, context: Context) => Promise<ReportAnswer>;
