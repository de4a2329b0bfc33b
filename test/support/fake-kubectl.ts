import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a kubectl says to one command. Objects are written as JSON. */
export interface KubectlAnswer {
  readonly stdout: unknown;
  readonly stderr?: string;
  readonly code?: number;
}

/** By command, without the options that name cluster, namespace and time. */
export type KubectlAnswers = Readonly<Record<string, KubectlAnswer>>;

export interface FakeKubectl {
  /** Its environment: PATH leads to it. */
  readonly env: Readonly<Record<string, string>>;
  /** What it was asked, each command as one line. */
  asked(): Promise<string[]>;
  remove(): Promise<void>;
}

/** Answers from files that are named after the command; of `exec`, by the pod alone. */
const SCRIPT = `#!/bin/sh
here=$(dirname "$0")
key=
for word; do
  case $word in --context=*|--namespace=*|--request-timeout=*) ;; *) key="$key $word" ;; esac
done
key=\${key# }
case $key in "exec "*) set -- $key; key="exec $2" ;; esac
printf '%s\\n' "$key" >> "$here/asked"
file=$here/$(printf %s "$key" | sha256sum | cut -c1-64)
if [ ! -f "$file.out" ]; then echo "Error: no answer to $key" >&2; exit 1; fi
cat "$file.out"
cat "$file.err" >&2
exit "$(cat "$file.code")"
`;

/** A program `kubectl` that gives recorded answers: the real one reads, we parse what it said. */
export async function fakeKubectl(answers: KubectlAnswers): Promise<FakeKubectl> {
  const directory = await mkdtemp(join(tmpdir(), 'rucio-mcp-kubectl-'));
  const at = (name: string) => join(directory, name);
  await writeFile(at('kubectl'), SCRIPT);
  await chmod(at('kubectl'), 0o755);
  await writeFile(at('asked'), '');
  for (const [key, { stdout, stderr = '', code = 0 }] of Object.entries(answers)) {
    const name = createHash('sha256').update(key).digest('hex');
    await writeFile(
      at(`${name}.out`),
      typeof stdout === 'string' ? stdout : JSON.stringify(stdout),
    );
    await writeFile(at(`${name}.err`), stderr);
    await writeFile(at(`${name}.code`), String(code));
  }
  return {
    env: { PATH: `${directory}:/usr/bin:/bin` },
    asked: async () => (await readFile(at('asked'), 'utf8')).split('\n').filter(Boolean),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}
