import { escapeHtml } from './html-pages';

/** Pages that a browser sees at the end of a login; the sentences are Rucio's. */
function loginPage(...rows: readonly string[]): string {
  const cells = rows.map((row) => `<p>${row}</p>`).join('\n');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Rucio</title>
<style>body{max-width:36rem;margin:4rem auto;text-align:center;font:1.1rem/1.5 sans-serif}b{padding:.5rem;border:2px solid #0033a0;overflow-wrap:anywhere}</style>
<p>RUCIO</p>
<p>SCIENTIFIC DATA MANAGEMENT</p>
${cells}
</html>
`;
}

export function grantedPage(): string {
  return loginPage(
    'Rucio authorization server has been granted access to your information. ' +
      'Rucio Client should now be able to fetch your token automatically.',
  );
}

export function codePage(code: string): string {
  return loginPage(
    'Please copy-paste the following code to the open terminal session with Rucio Client ' +
      'in order to get your access token:',
    `<b>${escapeHtml(code)}</b>`,
  );
}

const PROBLEMS = {
  noResult: 'finalize your token request, no authorization content returned from the auth server.',
  internalError: 'process your request due to internal error.',
} as const;

export function loginProblemPage(problem: keyof typeof PROBLEMS): string {
  return loginPage(`Rucio authentication server could not ${PROBLEMS[problem]}`);
}
