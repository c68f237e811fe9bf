// Getting the app onto the home screen, and its storage kept: what a browser only visits it may clear, tokens and all.

/** @type {BeforeInstallPromptEvent | null} */
let offer = null;
/** @type {() => void} */
let told = () => {};

/** @param {() => void} changed called when the offer came, or the app was installed */
export function watchInstallation(changed) {
  told = changed;
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    offer = event;
    told();
  });
  addEventListener('appinstalled', () => {
    offer = null;
    told();
  });
}

/** Opened from the home screen, not in a browser's tab. */
export function isInstalled() {
  return matchMedia('(display-mode: standalone)').matches || navigator.standalone === true;
}

/** @returns {'offer' | 'ios' | 'menu'} how it gets there */
export function wayToInstall() {
  if (offer) return 'offer';
  const touchMac = /Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1;
  return touchMac || /iPhone|iPad|iPod/.test(navigator.userAgent) ? 'ios' : 'menu';
}

export async function install() {
  await offer?.prompt();
  offer = null;
  told();
}

/** Asks the browser not to clear what is kept here; it decides by itself, installed apps are favoured. */
export async function persist() {
  try {
    return (await navigator.storage.persisted()) || (await navigator.storage.persist());
  } catch {
    return false;
  }
}

/** An app that stays open for weeks learns of a new release when somebody looks at it again. */
export async function lookForRelease() {
  const registration = await navigator.serviceWorker?.getRegistration('/token-app');
  await registration?.update().catch(() => {});
}

/** Registers the worker that keeps the app on the telephone; the page works without it, but not offline. */
export async function keepOffline() {
  if (!('serviceWorker' in navigator)) return;
  const address = '/token-app/worker.js';
  // The one address that this policy ever lets through.
  const policy =
    typeof trustedTypes === 'undefined'
      ? null
      : trustedTypes.createPolicy('token-app-worker', {
          createScriptURL: (asked) => {
            if (asked !== address) throw new TypeError('not the worker');
            return asked;
          },
        });
  await navigator.serviceWorker
    .register(policy?.createScriptURL(address) ?? address, { scope: '/token-app', updateViaCache: 'none' })
    .catch(() => {});
}
