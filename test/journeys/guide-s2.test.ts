// Guide S2 without JavaScript on the embedded stores. On real stores, and in Chromium, it is walked by test/browsers/.
import { withoutScripts } from '../support/guide-reader.ts';
import { walkGuideS2 } from './guide-s2.ts';

walkGuideS2(withoutScripts, 'embedded');
