/** The variables that the command reads; options win over them. */
export const VARIABLES = {
  /** A values file, where no `-f` is given. */
  values: 'RUCIO_MCP_VALUES',
  name: 'RUCIO_MCP_NAME',
  namespace: 'RUCIO_MCP_NAMESPACE',
  /** Set: what this version does not serve is written all the same. */
  allowUnserved: 'RUCIO_MCP_ALLOW_UNSERVED',
  /** Where `cdk8s synth` wants the manifests. */
  outdir: 'CDK8S_OUTDIR',
  /** Set: nothing is coloured. See https://no-color.org */
  noColor: 'NO_COLOR',
} as const;

export type SynthEnvironment = { readonly [K in keyof typeof VARIABLES]: string | undefined };

/** The environment as far as the command knows it; empty variables count as unset. */
export function readEnvironment(env: NodeJS.ProcessEnv = process.env): SynthEnvironment {
  const get = (key: keyof typeof VARIABLES) => env[VARIABLES[key]] || undefined;
  return {
    values: get('values'),
    name: get('name'),
    namespace: get('namespace'),
    allowUnserved: get('allowUnserved'),
    outdir: get('outdir'),
    noColor: get('noColor'),
  };
}
