// The DAV front: methods, properties and reports over the Home and Collection ports.
export { failureResponse } from './errors.ts';
export { handleDav } from './handle.ts';
export type { DavRequest, DavResponse, Space } from './request.ts';
