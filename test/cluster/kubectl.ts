import { type ChildProcess, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface KubectlOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/** A command of kubectl that ended with another code than 0. */
export class KubectlFailed extends Error {
  readonly code: number | null;
  readonly stderr: string;

  constructor(args: readonly string[], code: number | null, { stdout, stderr }: KubectlOutput) {
    super(`kubectl ${args.join(' ')} ended with ${code}:\n${stderr || stdout}`);
    this.name = 'KubectlFailed';
    this.code = code;
    this.stderr = stderr;
  }
}

/** The real kubectl, in one namespace of one cluster. */
export class Kubectl {
  readonly #kubeconfig: string;
  readonly namespace: string | undefined;

  constructor(kubeconfig: string, namespace?: string) {
    this.#kubeconfig = kubeconfig;
    this.namespace = namespace;
  }

  get env(): NodeJS.ProcessEnv {
    return { ...process.env, KUBECONFIG: this.#kubeconfig };
  }

  in(namespace: string): Kubectl {
    return new Kubectl(this.#kubeconfig, namespace);
  }

  spawn(args: readonly string[], stdin: 'ignore' | 'pipe' = 'ignore'): ChildProcess {
    const all = this.namespace === undefined ? args : ['--namespace', this.namespace, ...args];
    return spawn('kubectl', all, { env: this.env, stdio: [stdin, 'pipe', 'pipe'] });
  }

  /** @throws {KubectlFailed} */
  async run(args: readonly string[], input?: string): Promise<KubectlOutput> {
    const child = this.spawn(args, input === undefined ? 'ignore' : 'pipe');
    child.stdin?.end(input);
    const closed = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    const [stdout, stderr, code] = await Promise.all([
      child.stdout === null ? '' : text(child.stdout),
      child.stderr === null ? '' : text(child.stderr),
      closed,
    ]);
    if (code !== 0) throw new KubectlFailed(args, code, { stdout, stderr });
    return { stdout, stderr };
  }

  /** @throws {KubectlFailed} */
  async json<T>(args: readonly string[]): Promise<T> {
    return JSON.parse((await this.run(args)).stdout) as T;
  }

  /** Names of objects, as `kind/name`. */
  async names(args: readonly string[]): Promise<string[]> {
    const { stdout } = await this.run(['get', ...args, '--output=name']);
    return stdout.split('\n').filter((line) => line !== '');
  }

  async has(kind: string, name: string): Promise<boolean> {
    return (await this.names([kind, name, '--ignore-not-found'])).length > 0;
  }

  /** Creates an object, or gives it this content, without what it held in its annotations. */
  async put(object: object): Promise<void> {
    await this.run(
      ['apply', '--server-side', '--force-conflicts', '-f', '-'],
      JSON.stringify(object),
    );
  }

  async putSecret(name: string, data: Readonly<Record<string, string>>): Promise<void> {
    await this.put({ apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData: data });
  }
}
