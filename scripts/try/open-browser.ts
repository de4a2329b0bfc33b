import { spawn } from 'node:child_process';

/** The program that opens an address in the user's browser; `undefined` where there is no screen. */
function opener(): readonly [string, ...string[]] | undefined {
  switch (process.platform) {
    case 'darwin':
      return ['open'];
    case 'win32':
      return ['rundll32', 'url.dll,FileProtocolHandler'];
    default: {
      const { DISPLAY, WAYLAND_DISPLAY } = process.env;
      return (DISPLAY ?? WAYLAND_DISPLAY ?? '') === '' ? undefined : ['xdg-open'];
    }
  }
}

/** Opens the address where that is possible; nobody depends on it, since the address is told. */
export function openBrowser(url: URL): void {
  const command = opener();
  if (command === undefined) return;
  const [program, ...args] = command;
  // Not through a shell: the address is no command line.
  const child = spawn(program, [...args, url.href], { stdio: 'ignore', detached: true });
  child.once('error', () => undefined);
  child.unref();
}
