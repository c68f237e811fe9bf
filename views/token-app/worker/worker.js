// The service worker of the token app: keeps one whole release on the telephone, so that the app opens without a network and
// after a restart. It keeps no answer of the service: those addresses it never touches. `worker` and `release` stand before this text.
/// <reference path="./globals.d.ts" />

const kept = `token-app ${release.release}`;

worker.addEventListener('install', (event) => {
  event.waitUntil(keep());
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(takeOver());
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== worker.location.origin) return;
  const app = request.mode === 'navigate' && (pathname === '/token-app' || pathname === '/token-app/');
  if (app) event.respondWith(answer(release.shell, request));
  else if (pathname.startsWith('/token-app/r/') || release.files.includes(pathname))
    event.respondWith(answer(pathname, request));
});

/** All or nothing: when a file cannot be had, this release is not installed, and the one before stays. */
async function keep() {
  const cache = await caches.open(kept);
  await cache.addAll([release.shell, ...release.files].map((path) => new Request(path, { cache: 'reload' })));
  await worker.skipWaiting();
}

async function takeOver() {
  const names = await caches.keys();
  const ours = names.filter((name) => name.startsWith('token-app '));
  // In the order in which they were made. A page of the release before may still be loading its modules.
  await Promise.all(ours.slice(0, -2).map((name) => caches.delete(name)));
  await worker.clients.claim();
}

/**
 * @param {string} path
 * @param {Request} request
 */
async function answer(path, request) {
  const cache = await caches.open(kept);
  return (await cache.match(path)) ?? (await caches.match(path)) ?? fetch(request);
}
