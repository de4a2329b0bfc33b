import { type Answer, CONTENT_TYPES, stream } from '../answer';
import { bodyParameters } from '../parameters';
import { listReplicas } from '../replica-listing';
import { parseReplicaQuery } from '../replica-request';
import type { DemoRequest, Route } from '../router';

function list({ body, query, store }: DemoRequest): Answer {
  return stream(listReplicas(store, parseReplicaQuery(bodyParameters(body), query)));
}

const METALINK = 'application/metalink4+xml';
const replicas: Omit<Route, 'path'> = {
  method: 'POST',
  accept: [CONTENT_TYPES.stream, METALINK],
  // The demo writes no metalinks, so it refuses who can read nothing else.
  unwritten: [METALINK],
  handle: list,
};

export const replicaRoutes: readonly Route[] = [
  { ...replicas, path: '/replicas/list' },
  { ...replicas, path: '/replicas/list/' },
];
