/** The port of Kerberos servers (KDC), by UDP and by TCP. RFC 4120, section 7.2. */
export const KDC_PORT = 88;
