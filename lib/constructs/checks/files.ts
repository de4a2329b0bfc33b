import type { Plan } from '../../contract/plan';
import { APP_NAME } from '../../contract/release';
import { type Manifest, textsAt, title, valuesAt } from './manifest';

/** Every file that the server's document names is in a volume that its container mounts. */
export function fileProblems(manifests: readonly Manifest[], plan: Plan): string[] {
  const { values, server } = plan;
  if (values.runtime.kind === 'pixi') return [];
  const files = [...server.sites.map(({ caFile }) => caFile), ...filesIn(server.auth)].filter(
    (file) => file !== undefined,
  );
  return manifests
    .filter(({ kind, metadata }) => kind === 'Deployment' && metadata.name === plan.fullName)
    .flatMap((manifest) => {
      const mounts = valuesAt(manifest, 'spec.template.spec.containers.*')
        .filter((container) => textsAt(container, 'name').includes(APP_NAME))
        .flatMap((container) => textsAt(container, 'volumeMounts.*.mountPath'));
      return [...new Set(files)]
        .filter((file) => !mounts.some((mount) => file === mount || file.startsWith(`${mount}/`)))
        .map(
          (file) =>
            `${title(manifest)} needs the file ${file}, which no volume brings: ` +
            'add it with extraVolumes and extraVolumeMounts',
        );
    });
}

/** The texts of the fields that are called `...File`, at any depth. */
function filesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key.endsWith('File') && typeof inner === 'string' ? [inner] : filesIn(inner),
  );
}
