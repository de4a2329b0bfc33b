/** The port of name servers, by UDP and by TCP. RFC 1035, section 4.2. */
export const DNS_PORT = 53;
