import { Parser } from 'htmlparser2';

/** A form of a page, as a browser without scripts sees it. */
export interface HtmlForm {
  /** As it stands there; empty: the page's own address. */
  readonly action: string;
  readonly method: string;
  readonly fields: readonly HtmlField[];
}

export interface HtmlField {
  readonly name: string;
  readonly value: string;
  /** `text`, `password`, `hidden`, `submit` and so on. */
  readonly type: string;
}

/** The forms of a page, in their order. Selections and areas of text are not looked at. */
export function readForms(page: string): HtmlForm[] {
  const forms: (HtmlForm & { readonly fields: HtmlField[] })[] = [];
  let isOpen = false;
  const parser = new Parser({
    onopentag: (tag, attributes) => {
      if (tag === 'form') {
        const { action = '', method = 'get' } = attributes;
        forms.push({ action: action.trim(), method: method.trim().toLowerCase(), fields: [] });
        isOpen = true;
      }
      const form = forms.at(-1);
      if (!isOpen || form === undefined) return;
      const field = fieldOf(tag, attributes);
      if (field !== undefined) form.fields.push(field);
    },
    onclosetag: (tag, isImplied) => {
      // One that ends because what is around it does: browsers let the form go on.
      if (tag === 'form' && !isImplied) isOpen = false;
    },
  });
  parser.end(page);
  return forms;
}

function fieldOf(tag: string, attributes: Record<string, string>): HtmlField | undefined {
  if (tag !== 'input' && tag !== 'button') return undefined;
  const { name = '', value, type, disabled, checked } = attributes;
  const kind = type?.trim().toLowerCase() ?? (tag === 'button' ? 'submit' : 'text');
  // A button without a name is not sent, but can be the one that is pressed.
  if ((name === '' && !BUTTONS.has(kind)) || disabled !== undefined) return undefined;
  if (kind === 'checkbox' || kind === 'radio') {
    return checked === undefined ? undefined : { name, value: value ?? 'on', type: kind };
  }
  return { name, value: value ?? '', type: kind };
}

/** Types of the buttons that send a form. */
const BUTTONS: ReadonlySet<string> = new Set(['image', 'submit']);
/** Types of fields that a user name is written into. */
const TEXTS: ReadonlySet<string> = new Set(['text', 'email', 'tel']);
/** Types whose fields a browser does not send, apart from the button that was pressed. */
const NOT_SENT: ReadonlySet<string> = new Set(['button', 'file', 'image', 'reset', 'submit']);

/**
 * What a browser sends when somebody signs in by this form: the user name goes into the last text
 * field before the password, and the first button is pressed.
 *
 * @returns `undefined` when it is no login form: it has not exactly one password, or no text before
 */
export function fillLogin(
  { fields }: HtmlForm,
  { username, password }: { readonly username: string; readonly password: string },
): URLSearchParams | undefined {
  const secret = fields.findIndex(({ type }) => type === 'password');
  const name = fields.findLastIndex(({ type }, index) => index < secret && TEXTS.has(type));
  const hasOne = secret === fields.findLastIndex(({ type }) => type === 'password');
  if (secret === -1 || name === -1 || !hasOne) return undefined;
  const button = fields.findIndex(({ type }) => BUTTONS.has(type));
  const sent = new URLSearchParams();
  fields.forEach((field, index) => {
    const isPressed = index === button && field.type === 'submit' && field.name !== '';
    if (NOT_SENT.has(field.type) && !isPressed) return;
    const typed = index === secret ? password : index === name ? username : field.value;
    sent.append(field.name, typed);
  });
  return sent;
}

/** What a browser sends when a script submits the form. */
export function submitted({ fields }: HtmlForm): URLSearchParams {
  const sent = new URLSearchParams();
  for (const { name, value, type } of fields) if (!NOT_SENT.has(type)) sent.append(name, value);
  return sent;
}
