// A QR code as our own SVG: one path of dark modules on white, with the quiet zone that readers need, named for those who can't
// see it. What it says always stands beside it as text.
import encodeQR from 'qr';
import type { VNode } from 'preact';

const quiet = 4;

/** `value` may be a secret: the picture goes into the one answer that shows it and nowhere else. */
export function QrCode({ value, label }: { readonly value: string; readonly label: string }): VNode {
  const rows = encodeQR(value, 'raw', { ecc: 'medium', border: quiet });
  const size = rows.length;
  const path = rows.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect class="qr-paper" width={size} height={size} />
      <path class="qr-ink" d={path} />
    </svg>
  );
}
