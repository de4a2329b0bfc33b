/** Pages that Werkzeug answers where no route of Rucio is reached. */
function page(title: string, heading: string, text: string): string {
  return `<!doctype html>\n<html lang=en>\n<title>${title}</title>\n<h1>${heading}</h1>\n<p>${text}</p>\n`;
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&#34;');
}

export function notFoundPage(): string {
  return page(
    '404 Not Found',
    'Not Found',
    'The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.',
  );
}

export function wrongMethodPage(): string {
  return page(
    '405 Method Not Allowed',
    'Method Not Allowed',
    'The method is not allowed for the requested URL.',
  );
}

export function internalErrorPage(): string {
  return page(
    '500 Internal Server Error',
    'Internal Server Error',
    'The server encountered an internal error and was unable to complete your request. Either the server is overloaded or there is an error in the application.',
  );
}

/** @param location - escaped for HTML */
export function movedPage(location: string): string {
  const link = `<a href="${location}">${location}</a>`;
  const text = `You should be redirected automatically to the target URL: ${link}. If not, click the link.`;
  return page('Redirecting...', 'Redirecting...', text).replace('</p>', '');
}
