// Guide S0 without JavaScript on the embedded stores. On real stores, and in Chromium, it is walked by test/browsers/.
import { withoutScripts } from '../support/guide-reader.ts';
import { walkGuideS0 } from './guide-s0.ts';
import { walkGuideS0Otp } from './guide-s0-otp.ts';

walkGuideS0(withoutScripts, 'embedded');
walkGuideS0Otp(withoutScripts, 'embedded');
