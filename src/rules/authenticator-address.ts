// The address that a standard authenticator app reads from a QR code: `otpauth://totp/…` (key URI format). Pure; it carries the
// secret and stands in no place but the one answer that shows it.

/** Algorithm, digits and period are said although some apps assume them: others don't. */
export function authenticatorAddress(
  token: { readonly key: string; readonly digits: number; readonly period: number },
  names: { readonly issuer: string; readonly account: string },
): string {
  const label = `${encodeURIComponent(names.issuer)}:${encodeURIComponent(names.account)}`;
  const asked = [
    `secret=${token.key}`,
    `issuer=${encodeURIComponent(names.issuer)}`,
    'algorithm=SHA1',
    `digits=${token.digits}`,
    `period=${token.period}`,
  ];
  return `otpauth://totp/${label}?${asked.join('&')}`;
}
