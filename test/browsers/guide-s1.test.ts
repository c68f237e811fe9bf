// Guide S1 in Chromium, the token app beside it, on the embedded stores and on real ones; on real ones without JavaScript too.
import { walkGuideS1 } from '../journeys/guide-s1.ts';
import { inChromium, withoutScripts } from '../support/guide-reader.ts';

walkGuideS1(inChromium, 'embedded');
walkGuideS1(inChromium, 'real');
walkGuideS1(withoutScripts, 'real');
