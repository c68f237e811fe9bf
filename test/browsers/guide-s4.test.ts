// Guide S4 in Chromium with the pages' scripts, on the embedded stores and on real ones; on real ones without JavaScript too.
import { walkGuideS4 } from '../journeys/guide-s4.ts';
import { inChromium, withoutScripts } from '../support/guide-reader.ts';

walkGuideS4(inChromium, 'embedded');
walkGuideS4(inChromium, 'real');
walkGuideS4(withoutScripts, 'real');
