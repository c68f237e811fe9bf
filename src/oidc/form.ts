// Forms that the rim reads before the provider library would. Bounded while they are read; what they say is not judged here.
import { errors, type KoaContextWithOIDC } from 'oidc-provider';

/**
 * The body as it was posted; a name that comes twice stays so.
 * @param longest in bytes
 * @throws InvalidRequest when it is no form, or longer
 */
export async function readForm(ctx: KoaContextWithOIDC, longest: number): Promise<URLSearchParams> {
  if (!ctx.is('application/x-www-form-urlencoded')) throw new errors.InvalidRequest('a form was expected');
  let form = '';
  for await (const chunk of ctx.req) {
    form += String(chunk);
    if (form.length > longest) throw new errors.InvalidRequest('the form is too large');
  }
  return new URLSearchParams(form);
}
