import type { Values } from '../contract/values/values';
import type { PodSpec, SecurityContext } from './kubernetes-shapes';
import { mergeObjects } from './merge';

/** User and group of the process: not root, and not an account of a usual image. */
const UID = 65_532;

/** Pod Security Standards, level "restricted", and a root file system that nobody writes to. */
const CONTAINER: SecurityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  privileged: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};

/** The security context of a container, with what the operator lays over it. */
export function containerSecurity({ securityContext }: Values): SecurityContext {
  return mergeObjects(CONTAINER, securityContext);
}

/** The security context of a pod, with what the operator lays over it. */
export function podSecurity({ podSecurityContext }: Values): PodSpec['securityContext'] & object {
  return mergeObjects<PodSpec['securityContext'] & object>(
    {
      runAsNonRoot: true,
      runAsUser: UID,
      runAsGroup: UID,
      fsGroup: UID,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    },
    podSecurityContext,
  );
}
