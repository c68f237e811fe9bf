// The picture of a QR code as pages show it: another program reads what was put into it.
import { expect } from 'chai';
import decodeQR from 'qr/decode.js';
import { renderToString } from 'preact-render-to-string';
import { QrCode } from '../../views/parts/qr.tsx';

/** The picture that a camera would see of the SVG, eight points a module, white around it. */
function seen(svg: string): { readonly width: number; readonly height: number; readonly data: Uint8Array } {
  const modules = Number(/viewBox="0 0 (\d+) /.exec(svg)?.[1]);
  const scale = 8;
  const width = modules * scale;
  const data = new Uint8Array(width * width * 4).fill(255);
  for (const [, x = '', y = ''] of svg.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
    for (let row = 0; row < scale; row += 1) {
      for (let column = 0; column < scale; column += 1) {
        const at = ((Number(y) * scale + row) * width + Number(x) * scale + column) * 4;
        data.fill(0, at, at + 3);
      }
    }
  }
  return { width, height: width, data };
}

describe('a QR code', () => {
  const values = [
    'https://web.bank.example/token-app',
    'otpauth://totp/Web%E3%82%B5:msuzuki14?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Web&algorithm=SHA1&digits=6&period=60',
  ];
  for (const value of values) {
    it(`of ${value.slice(0, 12)}… says what it was made of, and has a name`, () => {
      const svg = renderToString(QrCode({ value, label: '読み取るもの' }));
      expect(decodeQR(seen(svg))).to.equal(value);
      expect(svg).to.include('role="img"').and.include('aria-label="読み取るもの"');
      expect(svg, 'the value stands in no attribute').not.to.include(value.slice(8, 20));
    });
  }
});
