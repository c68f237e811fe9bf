// Guide S0 in Chromium with the pages' scripts, on the embedded stores and on real ones; on real ones without JavaScript too.
import { walkGuideS0 } from '../journeys/guide-s0.ts';
import { walkGuideS0Hardware } from '../journeys/guide-s0-hardware.ts';
import { walkGuideS0Otp } from '../journeys/guide-s0-otp.ts';
import { inChromium, withoutScripts } from '../support/guide-reader.ts';

walkGuideS0(inChromium, 'embedded');
walkGuideS0(inChromium, 'real');
walkGuideS0(withoutScripts, 'real');
walkGuideS0Otp(inChromium, 'embedded');
walkGuideS0Otp(inChromium, 'real');
walkGuideS0Otp(withoutScripts, 'real');
walkGuideS0Hardware(inChromium, 'embedded');
walkGuideS0Hardware(inChromium, 'real');
walkGuideS0Hardware(withoutScripts, 'real');
