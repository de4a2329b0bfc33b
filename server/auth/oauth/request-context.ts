import { AsyncLocalStorage } from 'node:async_hooks';

const requestIds = new AsyncLocalStorage<string>();

/** Runs `next` and all that it starts on behalf of the request with this id. */
export function onBehalfOf(requestId: string, next: () => void): void {
  requestIds.run(requestId, next);
}

/** The request that is being answered, where there is one. */
export function currentRequestId(): string | undefined {
  return requestIds.getStore();
}
