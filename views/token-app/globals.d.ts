// What browsers have and the library of the language does not name: Trusted Types, and the offer to install an app.
interface TrustedScriptURL extends URL {
  readonly trusted: unique symbol;
}

declare const trustedTypes:
  | {
      createPolicy(
        name: string,
        rules: { readonly createScriptURL: (address: string) => string },
      ): { createScriptURL(address: string): TrustedScriptURL };
    }
  | undefined;

interface BeforeInstallPromptEvent extends Event {
  prompt(): Promise<{ readonly outcome: 'accepted' | 'dismissed' }>;
}

interface WindowEventMap {
  beforeinstallprompt: BeforeInstallPromptEvent;
}

interface Navigator {
  /** Safari: opened from the home screen. */
  readonly standalone?: boolean;
}
