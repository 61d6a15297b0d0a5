/** The parameters in the query string of a URL. @param url path and query string, as the client sent them */
export function searchOf(url: string): URLSearchParams {
  const start = url.indexOf('?');
  return new URLSearchParams(start < 0 ? '' : url.slice(start));
}
