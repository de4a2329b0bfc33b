import { fillLogin, readForms, submitted } from '../../../../server/rucio/sign-in/saml/html-forms';

const user = { username: 'robot', password: 'secret &=+' };
const filled = (page: string) => {
  const [form] = readForms(page);
  const sent = form === undefined ? undefined : fillLogin(form, user);
  return sent === undefined ? undefined : [...sent];
};

describe('the forms of a page', () => {
  it('reads action, method and fields, whatever the case and the quotes', () => {
    const page = `<FORM Action=' /a?b=1&amp;c=2 ' METHOD=Post>
      <INPUT NAME=x VALUE="1 &lt; 2"><input name=y type=CHECKBOX checked><input type=checkbox name=z>
      <input name=off disabled><input value="without a name"></FORM><input name=outside>`;
    expect(readForms(page)).toEqual([
      {
        action: '/a?b=1&c=2',
        method: 'post',
        fields: [
          { name: 'x', value: '1 < 2', type: 'text' },
          { name: 'y', value: 'on', type: 'checkbox' },
        ],
      },
    ]);
  });

  it('does not take for a form what is a comment, a script or text', () => {
    const form = '<form method="post"><input name="a"></form>';
    const page = `<!-- ${form} --><script>'${form}'</script><style>${form}</style>
      <textarea>${form}</textarea><title>${form}</title><p title='${form}'>`;
    expect(readForms(page)).toEqual([]);
  });

  it('knows a form from the next, and none in another', () => {
    const names = readForms('<form><input name=a></form><form><input name=b><form><input name=c>');
    expect(names.map(({ fields }) => fields.map(({ name }) => name))).toEqual([['a'], ['b', 'c']]);
  });

  it('lets a form go on where what is around it ends', () => {
    const page = '<table><tr><form method=post></tr><tr><input name=a></tr></form></table>';
    expect(readForms(page)[0]?.fields).toHaveLength(1);
  });
});

describe('a login form, filled in', () => {
  it('has the user name in the last text before the password, and its first button', () => {
    const page = `<form method="post"><input type="hidden" name="csrf" value="1">
      <input name="organisation" value="cern"><input type="email" name="j_username">
      <input type="password" name="j_password"><input type="text" name="code" value="">
      <input type="checkbox" name="remember" value="1"><input type="file" name="f">
      <button type="button" name="show">Show</button>
      <button type="submit" name="_eventId_proceed">Login</button>
      <input type="submit" name="cancel" value="Cancel"></form>`;
    expect(filled(page)).toEqual([
      ['csrf', '1'],
      ['organisation', 'cern'],
      ['j_username', 'robot'],
      ['j_password', 'secret &=+'],
      ['code', ''],
      ['_eventId_proceed', ''],
    ]);
  });

  it.each([
    ['a search', '<form><input name=q></form>'],
    ['a password without a name before it', '<form><input type=password name=p></form>'],
    [
      'a change of the password',
      '<form><input name=u><input type=password name=p><input type=password name=again></form>',
    ],
  ])('is not %s', (_, page) => {
    expect(filled(page)).toBeUndefined();
  });

  it('sends no button where a script submits', () => {
    const [form] = readForms('<form><input type=hidden name=a value=1><input type=submit name=b>');
    expect(form === undefined ? [] : [...submitted(form)]).toEqual([['a', '1']]);
  });
});

test.each([
  '<button type=submit>Log in</button>',
  '<input type=image src=go.png>',
  '<input type=submit value="Log in">',
])('a login does not press the button that cancels it, but the one before: %s', (first) => {
  const page = `<form><input name=user><input type=password name=pw>${first}
    <button name="_eventId" value="cancel">Cancel</button></form>`;
  expect(filled(page)).toEqual([
    ['user', 'robot'],
    ['pw', 'secret &=+'],
  ]);
});
