// Guide S2 in Chromium, the token app beside it, on the embedded stores and on real ones; on real ones without JavaScript too.
import { walkGuideS2 } from '../journeys/guide-s2.ts';
import { inChromium, withoutScripts } from '../support/guide-reader.ts';

walkGuideS2(inChromium, 'embedded');
walkGuideS2(inChromium, 'real');
walkGuideS2(withoutScripts, 'real');
