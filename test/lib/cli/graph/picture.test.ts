import fc from 'fast-check';

import {
  type DeploymentModel,
  deploymentModel,
} from '../../../../lib/cli/deployment/deployment-model';
import { html } from '../../../../lib/cli/graph/html';
import { type Box, pictureOf } from '../../../../lib/cli/graph/picture';
import { svg } from '../../../../lib/cli/graph/svg';
import { planFrom } from '../../../../lib/contract/plan';
import { DEFAULT_RELEASE } from '../../../../lib/contract/release';
import { MATRIX } from '../../charts/matrix';
import { synthManifests, validValues } from '../../synth';

function modelOf(values: unknown): DeploymentModel {
  const plan = planFrom(values, DEFAULT_RELEASE, { allowUnserved: true });
  return deploymentModel(plan, synthManifests({ values, allowUnserved: true }));
}

/** The texts and the names of elements of a drawing, read without knowing how it was made. */
function partsOf(markup: string): {
  readonly elements: Set<string>;
  readonly attributes: Set<string>;
} {
  const tags = [...markup.matchAll(/<([a-zA-Z][\w-]*)((?:[^"'<>]|"[^"]*")*)>/g)];
  return {
    elements: new Set(tags.map(([, name = '']) => name)),
    attributes: new Set(
      tags.flatMap(([, , rest = '']) =>
        [...rest.matchAll(/([\w:-]+)="/g)].map(([, name = '']) => name),
      ),
    ),
  };
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

describe.each(MATRIX)('%s', (_, values) => {
  const model = modelOf(values);
  const picture = pictureOf(model);

  test('everything has one card, no two overlap, all are inside', () => {
    const ids = [...model.objects, ...model.peers].map(({ id }) => id);
    expect(picture.cards.map(({ card }) => card.id).sort()).toEqual([...ids].sort());
    picture.cards.forEach((card, index) => {
      const later = picture.cards.slice(index + 1);
      expect(later.filter((other) => overlap(card, other)).map((it) => it.card.id)).toEqual([]);
      expect(card.x).toBeGreaterThan(0);
      expect(card.x + card.width).toBeLessThan(picture.width);
      expect(card.y + card.height).toBeLessThan(picture.height);
    });
  });

  test('every connection is drawn, from the card of one end to that of the other', () => {
    const drawn = picture.lines.filter(({ sort }) => sort === 'traffic');
    const wanted = model.relations.filter(({ sort }) => sort === 'traffic');
    const ends = (lines: readonly { from: string; to: string; label: string }[]) =>
      lines.map(({ from, to, label }) => `${from} ${to} ${label}`).sort();
    expect(ends(drawn)).toEqual(ends(wanted));
    const at = new Map(picture.cards.map((placed) => [placed.card.id, placed]));
    for (const { from, to, points } of drawn) {
      const [source, target] = [at.get(from)!, at.get(to)!];
      expect(points[0]!.x).toBe(source.x + source.width);
      expect(points.at(-1)!.x).toBe(target.x);
      expect(points.at(-1)!.y).toBeGreaterThan(target.y);
      expect(points.at(-1)!.y).toBeLessThan(target.y + target.height);
    }
  });

  test('drawn the same each time, with nothing from elsewhere', () => {
    const drawings = [svg(model), html(model)];
    expect([svg(modelOf(values)), html(modelOf(values))]).toEqual(drawings);
    for (const drawing of drawings) {
      const { elements, attributes } = partsOf(drawing);
      for (const name of ['script', 'image', 'img', 'link', 'iframe', 'foreignObject', 'use']) {
        expect(elements).not.toContain(name);
      }
      expect([...attributes].filter((name) => /^on|src/i.test(name))).toEqual([]);
      expect(drawing).not.toMatch(/url\(|@import|href="(?!#row-)/);
    }
  });
});

test('a fence is drawn where NetworkPolicies are, with a gate for each connection', () => {
  const with_ = pictureOf(modelOf(validValues()));
  expect(with_.fences).toHaveLength(1);
  const gates = with_.lines.flatMap((line) => line.gates);
  const atPods = with_.lines.filter(
    ({ sort, from, to }) => sort === 'traffic' && `${from} ${to}`.includes('Deployment'),
  );
  expect(gates).toHaveLength(atPods.length);
  const without = pictureOf(modelOf({ ...validValues(), networkPolicy: { enabled: false } }));
  expect([without.fences, without.lines.flatMap((line) => line.gates)]).toEqual([[], []]);
});

test('markup injection by a value: names and facts are text, and make no element or attribute', () => {
  const model = modelOf(validValues());
  const clean = [svg(model), html(model)].map(partsOf);
  const nasty = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '</text><script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      "' onload='alert(1)",
      ']]><!--',
      '</style><style>*{display:none}',
      '\u0000\u0008\uFFFE',
      '&lt;b&gt;',
    ),
  );
  fc.assert(
    fc.property(nasty, (text) => {
      const changed: DeploymentModel = {
        ...model,
        title: text,
        namespace: text,
        objects: model.objects.map((it) => ({ ...it, kind: text, name: text, facts: [text] })),
        peers: model.peers.map((it) => ({ ...it, name: text, facts: [text] })),
        relations: model.relations.map((it) => ({ ...it, label: text })),
      };
      [svg(changed), html(changed)].map(partsOf).forEach(({ elements, attributes }, index) => {
        for (const name of elements) expect(clean[index]!.elements).toContain(name);
        for (const name of attributes) expect(clean[index]!.attributes).toContain(name);
      });
    }),
  );
});

test('a text that does not fit is cut in the picture and whole beside it', () => {
  const model = modelOf(validValues());
  const long = 'x'.repeat(300);
  const drawing = svg({ ...model, objects: model.objects.map((it) => ({ ...it, name: long })) });
  expect(drawing).toMatch(/<text class="name"[^>]*>x{10,60}…<\/text>/);
  expect(drawing).toContain(`<title>Deployment ${long}`);
});
