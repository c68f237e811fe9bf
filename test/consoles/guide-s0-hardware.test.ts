// Guide S0's key-fobs without JavaScript on the embedded stores. On real stores, and in Chromium, by test/browsers/.
import { withoutScripts } from '../support/guide-reader.ts';
import { walkGuideS0Hardware } from '../journeys/guide-s0-hardware.ts';

walkGuideS0Hardware(withoutScripts, 'embedded');
