/** How a text is set; the picture brings no font, so widths are those of the widest usual ones. */
export type Face = 'title' | 'mono' | 'small';

const SIZES: Readonly<Record<Face, number>> = { title: 13, mono: 11, small: 11 };

/** The size of a face in pixels. */
export function sizeOf(face: Face): number {
  return SIZES[face];
}

/** An upper bound of the width of a text, in pixels. */
export function widthOf(text: string, face: Face): number {
  const ems = Array.from(text).map((sign) => {
    if ((sign.codePointAt(0) ?? 0) > 0x24f) return 1.1;
    if (face === 'mono') return 0.61;
    if (/[iljtfrI.,:;'|!()[\] -]/.test(sign)) return 0.42;
    if (/[mwMW@%]/.test(sign)) return 1.02;
    return /[A-Z0-9]/.test(sign) ? 0.76 : 0.69;
  });
  return Math.ceil(ems.reduce((sum, em) => sum + em, 0) * SIZES[face]);
}

/** A text that is not wider than it may be; what is cut off is told by an ellipsis. */
export function fitted(text: string, face: Face, width: number): string {
  if (widthOf(text, face) <= width) return text;
  const signs = Array.from(text);
  while (signs.length > 0 && widthOf(`${signs.join('')}…`, face) > width) signs.pop();
  return `${signs.join('')}…`;
}
